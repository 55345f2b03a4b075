import type { Decimal } from '../../model/decimal.ts'
import type { QuoteUpdate } from '../../model/observation.ts'
import {
  QUOTE_FIELD_NAMES,
  QUOTE_FIELDS,
  type QuoteField,
  type QuoteFields,
  type QuoteGroup,
} from '../../model/quote.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { LeadFrame } from './lead-frame.ts'
import {
  isNewer,
  type Key as KeyOf,
  type Least,
  latenessOf,
  latestBeside,
  type Moments,
  type Side,
  type Standing as StandingOf,
  samePrice,
  seeMoment,
} from './standing.ts'

type Key = KeyOf<Instrument>
type Standing = StandingOf<Instrument>

interface Newest {
  readonly time: EpochMicros
  readonly frame: LeadFrame
}

interface Instrument {
  readonly fields: Map<QuoteField, LeadFrame>
  readonly standing: { [S in Side]: Standing | undefined }
  readonly newest: { [S in Side]: Newest | undefined }
  readonly moments: { readonly [S in Side]: Moments }
  /** All that two quotes rested on when they became one: which of them stands is seen only beside the other. */
  readonly joined: Set<LeadFrame>
}

const BESIDE_PRICES: ReadonlySet<QuoteField> = new Set([
  'last',
  'lastTime',
  'bid',
  'bidTime',
  'ask',
  'askTime',
])

/**
 * Which frames the quotes rest on. It follows the rules of normalize/quote-book.ts, and says of each frame without
 * which others it would be taken differently (a late price is late because of a newer one). A set of frames that is
 * closed under that gives, alone, the quotes that all frames gave; the tests hold it against the book by property.
 */
export class QuoteFrames {
  readonly #canonical: (name: string) => string
  readonly #feedOf: (conn: number) => string
  readonly #instruments = new Map<string, Instrument>()
  readonly #keys = new Map<number, Map<string, Key>>()
  /** As in QuoteBook. */
  readonly #least = new Map<string, Least>()

  constructor(canonical: (name: string) => string, feedOf: (conn: number) => string) {
    this.#canonical = canonical
    this.#feedOf = feedOf
  }

  apply({ session, name, fields }: QuoteUpdate, frame: LeadFrame): void {
    const key = this.#keyOf(frame.conn, session, name)
    const { instrument } = key
    if (fields.delay !== undefined) this.#declare(key, fields.delay, frame)
    else if (key.delay !== undefined) frame.needs(key.delay)
    const { declared } = key.least
    if (key.lateness === undefined && declared !== undefined) frame.needs(declared.frame)
    const isLate = this.#isLate(instrument, 'last', fields.lastTime, frame)
    for (const field of QUOTE_FIELD_NAMES) {
      if (fields[field] === undefined) continue
      if (BESIDE_PRICES.has(field)) continue
      if (!this.#isLateIn(QUOTE_FIELDS[field].group, key, fields, isLate, frame)) {
        instrument.fields.set(field, frame)
      }
    }
    for (const side of ['bid', 'ask'] as const) this.#applySide(key, side, fields, frame)
    this.#applyLast(key, fields, isLate, frame)
  }

  /** As QuoteBook.move. */
  move(from: string, to: string): void {
    const instrument = this.#instruments.get(from)
    if (instrument === undefined) return
    this.#instruments.delete(from)
    const known = this.#instruments.get(to)
    if (known === undefined) {
      this.#instruments.set(to, instrument)
      return
    }
    join(known, instrument)
    for (const keys of this.#keys.values()) {
      for (const key of keys.values()) if (key.instrument === instrument) key.instrument = known
    }
  }

  /** As QuoteBook.roll. */
  roll(): void {
    for (const keys of this.#keys.values()) {
      for (const [id, { name, instrument, delay, lateness, least }] of keys) {
        const now = this.#instrumentOf(this.#canonical(name))
        if (now !== instrument)
          keys.set(id, { name, instrument: now, last: undefined, delay, lateness, least })
      }
    }
  }

  disconnect(conn: number): void {
    this.#keys.delete(conn)
  }

  /** The frames that make up the state as it is now, without what they need themselves. */
  *frames(): Generator<LeadFrame> {
    for (const { declared } of this.#least.values()) if (declared !== undefined) yield declared.frame
    for (const instrument of this.#instruments.values()) {
      const { standing, joined } = instrument
      yield* joined
      yield* framesOf(instrument)
      for (const side of [standing.last, standing.bid, standing.ask]) {
        // A price is as late as its key says, also when its connection is gone.
        if (side?.key.delay !== undefined) yield side.key.delay
      }
    }
    for (const keys of this.#keys.values()) {
      for (const { last, delay } of keys.values()) {
        if (last !== undefined) yield last.frame
        if (delay !== undefined) yield delay
      }
    }
  }

  #declare(key: Key, delay: number | null, frame: LeadFrame): void {
    const isFirst = key.lateness === undefined
    key.delay = frame
    key.lateness = delay === null ? undefined : delay * 1_000_000
    if (key.lateness === undefined) return
    if (isFirst) backdate(key, frame)
    const { least } = key
    if (key.lateness < (least.declared?.lateness ?? Number.POSITIVE_INFINITY)) {
      least.declared = { lateness: key.lateness, frame }
    }
  }

  #applyLast(key: Key, fields: QuoteFields, isLate: boolean, frame: LeadFrame): void {
    const { instrument, last } = key
    const time = fields.lastTime ?? undefined
    if (fields.last !== undefined) {
      key.last = { price: fields.last, frame }
      if (isLate || this.#isBehind(key, 'last', time, frame)) return
      setPrice('last', fields.last, time, key, frame)
      return
    }
    if (last === undefined || time === undefined) return
    const { standing, newest } = instrument
    if (newest.last !== undefined && time <= newest.last.time) {
      frame.needs(newest.last.frame)
      return
    }
    frame.needs(last.frame)
    if (this.#isBehind(key, 'last', time, frame)) return
    const before = standing.last
    const isSame = before !== undefined && samePrice(before.price, last.price)
    if (before !== undefined) frame.needs(isSame ? before.base : before.frame)
    if (before !== undefined && !isSame && before.key !== key) return
    setPrice('last', last.price, time, key, frame, isSame ? before.base : frame)
  }

  #applySide(key: Key, side: 'bid' | 'ask', fields: QuoteFields, frame: LeadFrame): void {
    const price = fields[side]
    const time = side === 'bid' ? fields.bidTime : fields.askTime
    if (price === undefined || this.#isLate(key.instrument, side, time, frame)) return
    if (!this.#isBehind(key, side, time, frame)) setPrice(side, price, time ?? undefined, key, frame)
  }

  /** As in QuoteBook: a size is as old as the price beside it, and the day's figures as the last price. */
  #isLateIn(group: QuoteGroup, key: Key, fields: QuoteFields, isLate: boolean, frame: LeadFrame): boolean {
    if (group === 'mode' || group === 'extended') return false
    const side = group === 'day' ? 'last' : group
    const time = side === 'last' ? fields.lastTime : side === 'bid' ? fields.bidTime : fields.askTime
    if (side === 'last' ? isLate : this.#isLate(key.instrument, side, time, frame)) return true
    return this.#isBehind(key, side, time, frame)
  }

  /**
   * As InstrumentQuote.isBehind. A frame is behind only beside what stands; and one that is not, but would be beside
   * a price that had stood before, needs what replaced that.
   */
  #isBehind(key: Key, side: Side, time: EpochMicros | null | undefined, frame: LeadFrame): boolean {
    const standing = key.instrument.standing[side]
    const moment = frame.at - latenessOf(key)
    if (moment === frame.at || standing === undefined) return false
    const isTimed = typeof time === 'number' && standing.time !== undefined
    const isBehind = standing.frame.conn !== frame.conn && !isTimed && moment < standing.moment
    if (isBehind || moment < latestBeside(key.instrument.moments[side], frame.conn)) {
      frame.needs(standing.frame)
      if (standing.dated !== undefined) frame.needs(standing.dated)
    }
    return isBehind
  }

  /** A late frame is late only beside the newer one. */
  #isLate(
    { newest }: Instrument,
    side: Side,
    time: EpochMicros | null | undefined,
    frame: LeadFrame,
  ): boolean {
    const known = newest[side]
    if (typeof time !== 'number' || known === undefined || time >= known.time) return false
    frame.needs(known.frame)
    return true
  }

  #keyOf(conn: number, session: string, name: string): Key {
    const keys = this.#keys.get(conn) ?? new Map<string, Key>()
    this.#keys.set(conn, keys)
    const id = JSON.stringify([session, name])
    const known = keys.get(id)
    if (known !== undefined) return known
    const instrument = this.#instrumentOf(this.#canonical(name))
    const word = `${this.#feedOf(conn)} ${name}`
    const least = this.#least.get(word) ?? { declared: undefined }
    this.#least.set(word, least)
    const made = { name, instrument, last: undefined, delay: undefined, lateness: undefined, least }
    keys.set(id, made)
    return made
  }

  #instrumentOf(name: string): Instrument {
    const known = this.#instruments.get(name)
    if (known !== undefined) return known
    const made: Instrument = {
      fields: new Map(),
      standing: { last: undefined, bid: undefined, ask: undefined },
      newest: { last: undefined, bid: undefined, ask: undefined },
      moments: { last: new Map(), bid: new Map(), ask: new Map() },
      joined: new Set(),
    }
    this.#instruments.set(name, made)
    return made
  }
}

function* framesOf({ fields, standing, newest }: Instrument): Generator<LeadFrame> {
  yield* fields.values()
  for (const side of [standing.last, standing.bid, standing.ask]) {
    if (side !== undefined) yield side.frame
    if (side?.dated !== undefined) yield side.dated
  }
  for (const side of [newest.last, newest.bid, newest.ask]) if (side !== undefined) yield side.frame
}

/** As InstrumentQuote.absorb. What decided is kept on both sides, so fields need no comparing. */
function join(known: Instrument, other: Instrument): void {
  for (const frame of [...framesOf(known), ...framesOf(other), ...other.joined]) known.joined.add(frame)
  for (const [field, frame] of other.fields) if (!known.fields.has(field)) known.fields.set(field, frame)
  for (const side of ['last', 'bid', 'ask'] as const) {
    const [own, its] = [known.standing[side], other.standing[side]]
    if (its !== undefined && (own === undefined || isNewer(its, own))) known.standing[side] = its
    const [newest, itsNewest] = [known.newest[side], other.newest[side]]
    if (itsNewest !== undefined && (newest === undefined || itsNewest.time > newest.time)) {
      known.newest[side] = itsNewest
    }
    for (const [conn, moment] of other.moments[side]) seeMoment(known.moments[side], conn, moment)
  }
}

function setPrice(
  side: Side,
  price: Decimal | null,
  time: EpochMicros | undefined,
  key: Key,
  frame: LeadFrame,
  base = frame,
): void {
  const { standing, newest, moments } = key.instrument
  const moment = frame.at - latenessOf(key)
  standing[side] = { price, time, moment, dated: undefined, key, frame, base }
  if (time !== undefined) newest[side] = { time, frame }
  seeMoment(moments[side], frame.conn, moment)
}

/** As InstrumentQuote.backdate. */
function backdate(key: Key, frame: LeadFrame): void {
  for (const standing of Object.values(key.instrument.standing)) {
    if (standing?.key !== key) continue
    standing.moment = standing.frame.at - latenessOf(key)
    standing.dated = frame
  }
}
