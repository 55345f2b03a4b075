import { compare, type Decimal } from '../model/decimal.ts'
import { ownText } from '../model/own-text.ts'
import type { QuoteFields } from '../model/quote.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { amountText, keyOf } from './amount.ts'
import { FIELD_SPECS, type FieldSpec, SPEC_BY_FIELD, wireTimeOf } from './fields.ts'
import { FirstOnes } from './first-ones.ts'
import type { Place } from './place.ts'

/** A field has got another value. */
export interface Change {
  /** `null`: no value now. */
  readonly value: Decimal | null
  /** amount.ts; NaN for none. */
  readonly key: number
  /** Receipt. */
  readonly at: EpochMicros
  readonly wireTime: EpochMicros | undefined
  readonly place: Place
  /** The first word of it since a connection of the side ended: an answer to somebody who came, no tick; maybe the same. */
  readonly isRetold?: true
}

export interface LateQuote {
  readonly field: string
  readonly value: string
  readonly place: Place
  /** What was newer and had come before. */
  readonly newer?: { readonly value: string; readonly place: Place }
  readonly olderBy: Micros
}

/** Its place with the wire's time, for whoever is to look it up. */
export function placeOf({ place, wireTime }: Change): Place {
  return wireTime === undefined ? place : { ...place, wireTime }
}

/** A silence is worth a word when it is longer than this. */
export const STALE_AFTER: Micros = 30_000_000
const SILENCES_KEPT = 64

export interface Silence {
  readonly from: EpochMicros
  readonly to: EpochMicros
}

/** From the end of a connection on. */
interface Absence {
  readonly from: EpochMicros
  /** When each field was told again, by its place among the compared ones. */
  readonly toldAt: (EpochMicros | undefined)[]
}

type OnChange = (spec: FieldSpec, change: Change) => void

/**
 * What one side says of one instrument, over all names and sessions of the side. A field with an older wire time than
 * the newest so far does not replace a newer one.
 */
export class SideQuote {
  readonly names = new Set<string>()
  /** Those that mean it still. */
  readonly #speaking = new Set<string>()
  readonly crossed = new FirstOnes<Place>()
  readonly locked = new FirstOnes<Place>()
  /** Older than what the side itself had said. */
  readonly late = new FirstOnes<LateQuote>()
  readonly silences: Silence[] = []
  readonly #absences: Absence[] = []
  /** Fields of which nothing was said since. */
  readonly #untold = new Set<number>()
  /** When a connection of its side ended last. */
  readonly #connections: { readonly endedAt: EpochMicros | undefined } | undefined
  longestSilence: Silence | undefined
  updates = 0
  heardAt: EpochMicros | undefined
  delay: number | null | undefined
  mode: string | null | undefined
  marketState: string | null | undefined
  /** What the feed takes its word for the session to mean, where it knows. */
  isTrading: boolean | undefined
  readonly values: (Decimal | null | undefined)[] = FIELD_SPECS.map(() => undefined)
  readonly #newest = new Map<string, { readonly time: EpochMicros; readonly place: Place }>()
  #lateOne: Place | undefined
  #sides: 'apart' | 'locked' | 'crossed' = 'apart'

  constructor(connections?: { readonly endedAt: EpochMicros | undefined }) {
    this.#connections = connections
  }

  apply(name: string, fields: QuoteFields, at: EpochMicros, place: () => Place, onChange: OnChange): void {
    if (!this.#speaking.has(name)) {
      this.names.add(ownText(name))
      this.#speaking.add(ownText(name))
    }
    this.updates += 1
    this.#hear(at)
    if (fields.delay !== undefined) this.delay = fields.delay
    if (fields.mode !== undefined) this.mode = ownWord(this.mode, fields.mode)
    if (fields.marketState !== undefined) this.marketState = ownWord(this.marketState, fields.marketState)
    let made: Place | undefined
    for (const key in fields) {
      const spec = SPEC_BY_FIELD.get(key)
      const value = spec === undefined ? undefined : fields[spec.field]
      if (spec === undefined || value === undefined) continue
      const wireTime = wireTimeOf(fields, spec)
      const before = this.values[spec.index]
      const isSame = before !== undefined && sameValue(before, value)
      const isRetold = this.#untold.has(spec.index)
      if (isSame && wireTime === undefined && !isRetold) continue
      made ??= place()
      if (this.#isLate(spec, value, wireTime, made) || (isSame && !isRetold)) continue
      this.values[spec.index] = value
      const numeric = value === null ? Number.NaN : keyOf(value)
      const again = isRetold ? ({ isRetold } as const) : {}
      if (isRetold) this.#tell(spec.index, at)
      onChange(spec, { value, key: numeric, at, wireTime, place: made, ...again })
    }
    if (made !== undefined) this.#lookAtSides(made)
  }

  /** The name means another instrument from now on; where it was the only one, nobody speaks of this any longer. */
  leave(name: string, at: EpochMicros, place: () => Place, onChange: OnChange): void {
    this.#speaking.delete(name)
    if (this.#speaking.size > 0) return
    for (const spec of FIELD_SPECS) {
      if (this.values[spec.index] === undefined || this.values[spec.index] === null) continue
      this.values[spec.index] = null
      onChange(spec, { value: null, key: Number.NaN, at, wireTime: undefined, place: place() })
    }
  }

  /** Whether nothing was heard from `from` to `to`, nor for long before. */
  wasSilent(from: EpochMicros, to: EpochMicros): boolean {
    const { heardAt } = this
    if (heardAt !== undefined && heardAt <= from && to - heardAt > STALE_AFTER) return true
    return this.silences.some(silence => silence.from <= from && silence.to >= to)
  }

  /** From when on, between these two, it could not know what became of a field: not connected, or not told again since. */
  awayFrom(field: number, from: EpochMicros, to: EpochMicros): EpochMicros | undefined {
    const { heardAt } = this
    const endedAt = this.#connections?.endedAt
    const isGone = endedAt !== undefined && heardAt !== undefined && endedAt > heardAt && endedAt <= to
    let first = isGone ? endedAt : undefined
    for (const absence of this.#absences) {
      const isOver = (absence.toldAt[field] ?? Number.POSITIVE_INFINITY) <= from
      if (!isOver && absence.from <= to) first = Math.min(first ?? absence.from, absence.from)
    }
    return first === undefined ? undefined : Math.max(first, from)
  }

  #tell(field: number, at: EpochMicros): void {
    this.#untold.delete(field)
    for (const { toldAt } of this.#absences) toldAt[field] ??= at
  }

  #hear(at: EpochMicros): void {
    const { heardAt } = this
    const endedAt = this.#connections?.endedAt
    this.heardAt = at
    if (heardAt !== undefined && endedAt !== undefined && endedAt > heardAt) {
      this.#absences.push({ from: endedAt, toldAt: [] })
      if (this.#absences.length > SILENCES_KEPT) this.#absences.shift()
      for (const [field, value] of this.values.entries()) if (value !== undefined) this.#untold.add(field)
    }
    if (heardAt === undefined || at - heardAt <= STALE_AFTER) return
    const silence = { from: heardAt, to: at }
    const longest = this.longestSilence
    if (longest === undefined || longest.to - longest.from < at - heardAt) this.longestSilence = silence
    this.silences.push(silence)
    if (this.silences.length > SILENCES_KEPT) this.silences.shift()
  }

  #isLate(spec: FieldSpec, value: Decimal | null, time: EpochMicros | undefined, place: Place): boolean {
    if (time === undefined) return false
    const newest = this.#newest.get(spec.time)
    if (newest === undefined || time >= newest.time) {
      if (newest === undefined || time > newest.time) this.#newest.set(spec.time, { time, place })
      return false
    }
    // Its other fields are as late, and are one finding with it.
    if (this.#lateOne === place) return true
    this.#lateOne = place
    this.late.add(() => ({
      field: spec.field,
      value: amountText(value),
      place: { ...place, wireTime: time },
      newer: {
        value: amountText(this.values[spec.index] ?? null),
        place: { ...newest.place, wireTime: newest.time },
      },
      olderBy: newest.time - time,
    }))
    return true
  }

  #lookAtSides(place: Place): void {
    const [bid, ask] = [this.values[BID], this.values[ASK]]
    const order = bid && ask ? compare(bid, ask) : -1
    const sides = order < 0 ? 'apart' : order === 0 ? 'locked' : 'crossed'
    if (sides === this.#sides) return
    this.#sides = sides
    if (sides === 'crossed') this.crossed.add(() => place)
    else if (sides === 'locked') this.locked.add(() => place)
  }
}

const BID = FIELD_SPECS.findIndex(spec => spec.field === 'bid')
const ASK = FIELD_SPECS.findIndex(spec => spec.field === 'ask')

function sameValue(a: Decimal | null, b: Decimal | null): boolean {
  if (a === null || b === null) return a === b
  return a.mantissa === b.mantissa && a.scale === b.scale
}

/** A word that is kept must not keep its message; mostly it is the same again. */
function ownWord(known: string | null | undefined, word: string | null): string | null {
  if (word === null || known === word) return word
  return ownText(word)
}
