import { type Decimal, decimalEquals } from '../../model/decimal.ts'
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

/** What a key said last, and in which frames. */
interface Key {
  readonly name: string
  instrument: Instrument
  last: { readonly price: Decimal | null; readonly frame: LeadFrame } | undefined
  delay: LeadFrame | undefined
}

type Side = 'last' | 'bid' | 'ask'

/** A price that stands. */
interface Standing {
  readonly price: Decimal | null
  readonly time: EpochMicros | undefined
  readonly key: Key
  readonly frame: LeadFrame
  /**
   * The frame that set this price. Since then it was only renewed, always at the same price, so a further renewal
   * needs none of those between: a chain of `lp_time` alone, a day long, hangs on one frame.
   */
  readonly base: LeadFrame
}

interface Newest {
  readonly time: EpochMicros
  readonly frame: LeadFrame
}

interface Instrument {
  readonly fields: Map<QuoteField, LeadFrame>
  readonly standing: { [S in Side]: Standing | undefined }
  readonly newest: { [S in Side]: Newest | undefined }
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
  readonly #instruments = new Map<string, Instrument>()
  readonly #keys = new Map<number, Map<string, Key>>()

  constructor(canonical: (name: string) => string) {
    this.#canonical = canonical
  }

  apply({ session, name, fields }: QuoteUpdate, frame: LeadFrame): void {
    const key = this.#keyOf(frame.conn, session, name)
    const { instrument } = key
    const isLate = this.#isLate(instrument, 'last', fields.lastTime, frame)
    for (const field of QUOTE_FIELD_NAMES) {
      if (fields[field] === undefined) continue
      if (field === 'bid' || field === 'ask') this.#applySide(instrument, key, field, fields, frame)
      if (field === 'delay') key.delay = frame
      if (BESIDE_PRICES.has(field)) continue
      if (!this.#isLateIn(QUOTE_FIELDS[field].group, instrument, fields, isLate, frame)) {
        instrument.fields.set(field, frame)
      }
    }
    this.#applyLast(instrument, key, fields, isLate, frame)
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
      for (const [id, { name, instrument, delay }] of keys) {
        const now = this.#instrumentOf(this.#canonical(name))
        if (now !== instrument) keys.set(id, { name, instrument: now, last: undefined, delay })
      }
    }
  }

  disconnect(conn: number): void {
    this.#keys.delete(conn)
  }

  /** The frames that make up the state as it is now, without what they need themselves. */
  *frames(): Generator<LeadFrame> {
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

  #applyLast(instrument: Instrument, key: Key, fields: QuoteFields, isLate: boolean, frame: LeadFrame): void {
    const time = fields.lastTime ?? undefined
    if (fields.last !== undefined) {
      key.last = { price: fields.last, frame }
      if (!isLate) setPrice(instrument, 'last', fields.last, time, key, frame)
      return
    }
    const { last } = key
    if (last === undefined || time === undefined) return
    const { standing, newest } = instrument
    if (newest.last !== undefined && time <= newest.last.time) {
      frame.needs(newest.last.frame)
      return
    }
    frame.needs(last.frame)
    const before = standing.last
    const isSame = before !== undefined && samePrice(before.price, last.price)
    if (before !== undefined) frame.needs(isSame ? before.base : before.frame)
    if (before !== undefined && !isSame && before.key !== key) return
    standing.last = { price: last.price, time, key, frame, base: isSame ? before.base : frame }
    newest.last = { time, frame }
  }

  #applySide(
    instrument: Instrument,
    key: Key,
    side: 'bid' | 'ask',
    fields: QuoteFields,
    frame: LeadFrame,
  ): void {
    const price = fields[side]
    const time = side === 'bid' ? fields.bidTime : fields.askTime
    if (price === undefined || this.#isLate(instrument, side, time, frame)) return
    setPrice(instrument, side, price, time ?? undefined, key, frame)
  }

  /** As in QuoteBook: a size is as old as the price beside it, and the day's figures as the last price. */
  #isLateIn(
    group: QuoteGroup,
    instrument: Instrument,
    fields: QuoteFields,
    isLate: boolean,
    frame: LeadFrame,
  ): boolean {
    if (group === 'bid') return this.#isLate(instrument, 'bid', fields.bidTime, frame)
    if (group === 'ask') return this.#isLate(instrument, 'ask', fields.askTime, frame)
    return isLate && (group === 'day' || group === 'last')
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
    const made: Key = { name, instrument, last: undefined, delay: undefined }
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
      joined: new Set(),
    }
    this.#instruments.set(name, made)
    return made
  }
}

function* framesOf({ fields, standing, newest }: Instrument): Generator<LeadFrame> {
  yield* fields.values()
  for (const side of [standing.last, standing.bid, standing.ask]) if (side !== undefined) yield side.frame
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
  }
}

function isNewer(one: Standing, than: Standing): boolean {
  if (one.time !== undefined && than.time !== undefined && one.time !== than.time) return one.time > than.time
  return one.frame.seq > than.frame.seq
}

function setPrice(
  { standing, newest }: Instrument,
  side: Side,
  price: Decimal | null,
  time: EpochMicros | undefined,
  key: Key,
  frame: LeadFrame,
): void {
  standing[side] = { price, time, key, frame, base: frame }
  if (time !== undefined) newest[side] = { time, frame }
}

function samePrice(a: Decimal | null, b: Decimal | null): boolean {
  return a === null || b === null ? a === b : decimalEquals(a, b)
}
