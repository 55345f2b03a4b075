import { identityOf } from '../instruments/name.ts'
import { type Decimal, decimalEquals } from '../model/decimal.ts'
import type { QuoteUpdate } from '../model/observation.ts'
import {
  QUOTE_FIELD_NAMES,
  QUOTE_FIELDS,
  type QuoteField,
  type QuoteFields,
  type QuoteGroup,
} from '../model/quote.ts'
import type { EpochMicros } from '../model/time.ts'
import { InstrumentQuote, type PriceGroup, type PriceSource, type Receipt } from './instrument-quote.ts'

/** What one key of one connection has said: partial updates complete each other within it. */
interface KeyState extends PriceSource {
  quote: InstrumentQuote
  last: Decimal | null | undefined
  delay: number | undefined
}

type Names = Map<string, KeyState>
type Sessions = Map<string, Names>

/** A price's time comes with its price; every other field stands for itself, in its group. */
const WITH_PRICES: ReadonlySet<QuoteField> = new Set(['last', 'lastTime', 'bid', 'bidTime', 'ask', 'askTime'])
const GROUPS: ReadonlyMap<QuoteField, QuoteGroup> = new Map(
  QUOTE_FIELD_NAMES.filter(field => !WITH_PRICES.has(field)).map(field => [field, QUOTE_FIELDS[field].group]),
)

/**
 * Updates to quotes. The wire's state is kept by (connection, session, name as sent) and dies with its
 * connection; the instrument's quote stays and ages. Several tapes may feed one book: `tape` tells their
 * connections apart.
 */
export class QuoteBook {
  readonly #quotes = new Map<string, InstrumentQuote>()
  readonly #canonical: (name: string) => string
  readonly #connections = new Map<number, Map<number, Sessions>>()
  /** Whose update came last: the next one is mostly its neighbour, and three maps need not be asked again. */
  #recent:
    | { readonly tape: number; readonly conn: number; readonly session: string; readonly names: Names }
    | undefined

  /** `canonical` says which instrument a name means; without it a name is its own identity. */
  constructor(canonical: (name: string) => string = identityOf) {
    this.#canonical = canonical
  }

  /** The quote that it belongs to, after the update. */
  apply(update: QuoteUpdate, receipt: Receipt, conn: number, tape = 0): InstrumentQuote {
    const state = this.#stateOf(update, conn, tape)
    const { quote } = state
    quote.updates += 1
    const { fields } = update
    // A packet that names an older time than the newest so far is old in all that belongs to that time.
    const isLate = isOlder(quote, 'last', fields.lastTime)
    if (isLate) quote.late += 1
    for (const key in fields) {
      const field = key as QuoteField
      const group = GROUPS.get(field)
      if (group !== undefined) {
        if (!(isLate && group === 'day')) setField(quote, field, fields, group, receipt.at)
        if (field === 'delay') state.delay = fields.delay ?? undefined
      } else if (field === 'bid' || field === 'ask') applySide(state, field, fields, receipt)
    }
    if (fields.last !== undefined || fields.lastTime !== undefined) applyLast(state, fields, isLate, receipt)
    return quote
  }

  /** A bare name was found to be this instrument, of which there is no quote yet. */
  rename(bare: string, instrument: string): void {
    const quote = this.#quotes.get(bare)
    if (quote === undefined) return
    this.#quotes.delete(bare)
    quote.name = instrument
    this.#quotes.set(instrument, quote)
  }

  /** The connection is gone, and what it left unsaid with it. */
  disconnect(conn: number, tape = 0): void {
    this.#connections.get(tape)?.delete(conn)
    this.#recent = undefined
  }

  /** Under the name's identity: `={"symbol":"X"}` is X, other `={…}` names stay apart. */
  quote(name: string): InstrumentQuote | undefined {
    return this.#quotes.get(this.#canonical(name))
  }

  /** In the order of first sight. */
  quotes(): readonly InstrumentQuote[] {
    return [...this.#quotes.values()]
  }

  #stateOf({ session, name }: QuoteUpdate, conn: number, tape: number): KeyState {
    const names = this.#namesOf(session, conn, tape)
    const state = names.get(name)
    if (state !== undefined) return state
    const made: KeyState = { quote: this.#quoteFor(name), last: undefined, delay: undefined }
    names.set(name, made)
    return made
  }

  #namesOf(session: string, conn: number, tape: number): Names {
    const recent = this.#recent
    if (recent !== undefined && recent.session === session && recent.conn === conn && recent.tape === tape) {
      return recent.names
    }
    const names = ensure(ensure(ensure(this.#connections, tape), conn), session)
    this.#recent = { tape, conn, session, names }
    return names
  }

  #quoteFor(name: string): InstrumentQuote {
    const instrument = this.#canonical(name)
    let quote = this.#quotes.get(instrument)
    if (quote === undefined) {
      quote = new InstrumentQuote(instrument)
      this.#quotes.set(instrument, quote)
    }
    return quote
  }
}

/** The map that stands under `key`, made at first sight. */
function ensure<K, A, B>(maps: Map<K, Map<A, B>>, key: K): Map<A, B> {
  const known = maps.get(key)
  if (known !== undefined) return known
  const made = new Map<A, B>()
  maps.set(key, made)
  return made
}

/**
 * `lp` without `lp_time` is normal: it has no wire time and cannot be older. `lp_time` alone says that the key's
 * last price was traded again (tradingview.md 1.7), if it is a new time; the same one again, in a re-broadcast,
 * says nothing new. It renews the price only where the one that stands is this key's, or the same.
 */
function applyLast(state: KeyState, fields: QuoteFields, isLate: boolean, receipt: Receipt): void {
  const { quote } = state
  const time = fields.lastTime ?? undefined
  if (fields.last !== undefined) {
    state.last = fields.last
    if (!isLate) quote.setPrice('last', fields.last, time, receipt, state)
    return
  }
  if (state.last === undefined || time === undefined || time <= quote.newestTime('last')) return
  const standing = quote.group('last')
  if (standing === undefined || standing.source === state || samePrice(standing.price, state.last)) {
    quote.setPrice('last', state.last, time, receipt, state)
  }
}

function applySide(state: KeyState, side: 'bid' | 'ask', fields: QuoteFields, receipt: Receipt): void {
  const price = fields[side]
  if (price === undefined) return
  const time = side === 'bid' ? fields.bidTime : fields.askTime
  if (isOlder(state.quote, side, time)) state.quote.late += 1
  else state.quote.setPrice(side, price, time ?? undefined, receipt, state)
}

function isOlder(quote: InstrumentQuote, group: PriceGroup, time: EpochMicros | null | undefined): boolean {
  return typeof time === 'number' && time < quote.newestTime(group)
}

function samePrice(a: Decimal | null, b: Decimal | null): boolean {
  return a === null || b === null ? a === b : decimalEquals(a, b)
}

/** `lastTime: null` and the like are values; only an absent key leaves things as they are. */
function setField(
  quote: InstrumentQuote,
  field: QuoteField,
  fields: QuoteFields,
  group: QuoteGroup,
  at: EpochMicros,
): void {
  const value = fields[field]
  if (value !== undefined) quote.set(field, value, group, at)
}
