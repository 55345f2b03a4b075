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

type OnChange = (spec: FieldSpec, change: Change) => void

/**
 * What one side says of one instrument, over all names and sessions of the side. A field with an older wire time than
 * the newest so far does not replace a newer one.
 */
export class SideQuote {
  readonly names = new Set<string>()
  readonly crossed = new FirstOnes<Place>()
  readonly locked = new FirstOnes<Place>()
  /** Older than what the side itself had said. */
  readonly late = new FirstOnes<LateQuote>()
  readonly silences: Silence[] = []
  /** From the end of its connection to the next word of the instrument. */
  readonly absences: Silence[] = []
  /** When a connection of the side ended last. */
  endedAt: EpochMicros | undefined
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

  apply(name: string, fields: QuoteFields, at: EpochMicros, place: () => Place, onChange: OnChange): void {
    if (!this.names.has(name)) this.names.add(ownText(name))
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
      if (isSame && wireTime === undefined) continue
      made ??= place()
      if (this.#isLate(spec, value, wireTime, made) || isSame) continue
      this.values[spec.index] = value
      onChange(spec, { value, key: value === null ? Number.NaN : keyOf(value), at, wireTime, place: made })
    }
    if (made !== undefined) this.#lookAtSides(made)
  }

  /** Whether nothing was heard from `from` to `to`, nor for long before. */
  wasSilent(from: EpochMicros, to: EpochMicros): boolean {
    const { heardAt } = this
    if (heardAt !== undefined && heardAt <= from && to - heardAt > STALE_AFTER) return true
    return this.silences.some(silence => silence.from <= from && silence.to >= to)
  }

  /** Whether it was not connected at any moment from `from` to `to`. */
  wasAway(from: EpochMicros, to: EpochMicros): boolean {
    const { endedAt, heardAt } = this
    if (endedAt !== undefined && heardAt !== undefined && endedAt > heardAt && endedAt <= to) return true
    return this.absences.some(absence => absence.from <= to && absence.to >= from)
  }

  #hear(at: EpochMicros): void {
    const { endedAt, heardAt } = this
    this.heardAt = at
    if (heardAt !== undefined && endedAt !== undefined && endedAt > heardAt) {
      this.absences.push({ from: endedAt, to: at })
      if (this.absences.length > SILENCES_KEPT) this.absences.shift()
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
