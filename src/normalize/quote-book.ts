import { identityOf } from '../instruments/name.ts'
import { type Decimal, decimalEquals } from '../model/decimal.ts'
import type { QuoteUpdate } from '../model/observation.ts'
import { ownText } from '../model/own-text.ts'
import type { QuoteField, QuoteFields, QuoteGroup } from '../model/quote.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { InstrumentQuote, type PriceKey, type Receipt } from './instrument-quote.ts'
import { KeyState, type LeastDelay } from './key-state.ts'
import { OWN_PLACES, type PriceGroup, QUOTE_WIDTH } from './quote-places.ts'
import { Slab } from './slots.ts'

type Names = Map<string, KeyState>
type Sessions = Map<string, Names>

/**
 * Updates to quotes. The wire's state is kept by (connection, session, name as sent) and dies with its
 * connection; the instrument's quote stays and ages. Several tapes may feed one book: `tape` tells their
 * connections apart.
 */
export class QuoteBook {
  readonly #quotes = new Map<string, InstrumentQuote>()
  readonly #canonical: (name: string) => string
  readonly #feedOf: (conn: number, tape: number) => string
  readonly #connections = new Map<number, Map<number, Sessions>>()
  /** Whose update came last: the next one is mostly its neighbour, and three maps need not be asked again. */
  #recent:
    | { readonly tape: number; readonly conn: number; readonly session: string; readonly names: Names }
    | undefined
  readonly #sessions = new Map<string, string>()
  /**
   * By tape, feed and name as sent. A socket that comes again gives prices before it says how late they are, and they are
   * not to be taken for live ones meanwhile.
   */
  readonly #least = new Map<number, Map<string, LeastDelay>>()
  readonly #quoteSlab = new Slab(QUOTE_WIDTH)
  readonly #lastSlab = new Slab(2)

  /**
   * `canonical` says which instrument a name means; without it a name is its own identity. `feedOf` a connection: without
   * it all are of one feed.
   */
  constructor(
    canonical: (name: string) => string = identityOf,
    feedOf: (conn: number, tape: number) => string = () => '',
  ) {
    this.#canonical = canonical
    this.#feedOf = feedOf
  }

  /** The quote that it belongs to, after the update. */
  apply(update: QuoteUpdate, receipt: Receipt, conn: number, tape = 0): InstrumentQuote {
    const state = this.#stateOf(update, conn, tape)
    const { quote } = state
    quote.updates += 1
    const { fields } = update
    const wasDeclared = state.delay !== undefined
    // A price is as late as its packet declares, wherever in it that stands.
    const lag = fields.delay === undefined ? state.lag : (fields.delay ?? state.least.delay ?? 0) * 1_000_000
    // A packet that names an older time than the newest so far is old in all that belongs to that time.
    const isLate = isOlder(quote, 'last', fields.lastTime)
    if (isLate) quote.late += 1
    for (const key in fields) {
      const field = key as QuoteField
      const place = OWN_PLACES.get(field)
      if (place !== undefined) {
        const value = fields[field]
        if (value !== undefined && !isLateIn(place.group, state, fields, isLate, lag, receipt)) {
          quote.set(place, value, receipt.at)
        }
        if (field === 'delay') state.delay = fields.delay ?? undefined
      } else if (field === 'bid' || field === 'ask') applySide(state, field, fields, lag, receipt)
    }
    if (fields.last !== undefined || fields.lastTime !== undefined) {
      applyLast(state, fields, isLate, lag, receipt)
    }
    if (typeof fields.delay === 'number') learnDelay(state, fields.delay, wasDeclared)
    return quote
  }

  /** What is kept under a name is this instrument's, of which there may be a quote already. */
  move(from: string, to: string): void {
    const quote = this.#quotes.get(from)
    if (quote === undefined) return
    this.#quotes.delete(from)
    const known = this.#quotes.get(to)
    if (known === undefined) {
      quote.name = to
      this.#quotes.set(to, quote)
      return
    }
    known.absorb(quote)
    for (const [, state] of this.#states()) if (state.quote === quote) state.quote = known
  }

  /**
   * Names mean other instruments from now on. A key goes on there as late as it declared itself to be, and without
   * the last price that it had said: that was the old one's.
   */
  roll(): void {
    for (const [name, state, names] of this.#states()) {
      const quote = this.#quoteFor(name)
      if (quote === state.quote) continue
      const next = new KeyState(quote, this.#lastSlab.row(), state.key, state.least)
      next.delay = state.delay
      names.set(name, next)
    }
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
    // After a roll a name waits for the first word about its new contract.
    return [...this.#quotes.values()].filter(quote => quote.updates > 0)
  }

  /** One that all keys of a name share, if they are of one feed. */
  #leastOf({ conn, name, tape }: PriceKey): LeastDelay {
    const names = this.#least.get(tape) ?? new Map<string, LeastDelay>()
    this.#least.set(tape, names)
    const word = `${this.#feedOf(conn, tape)} ${name}`
    const least = names.get(word) ?? { delay: undefined }
    names.set(word, least)
    return least
  }

  *#states(): Generator<readonly [name: string, state: KeyState, names: Names]> {
    for (const connections of this.#connections.values()) {
      for (const sessions of connections.values()) {
        for (const names of sessions.values()) {
          for (const [name, state] of names) yield [name, state, names]
        }
      }
    }
  }

  #stateOf({ session, name }: QuoteUpdate, conn: number, tape: number): KeyState {
    const names = this.#namesOf(session, conn, tape)
    const state = names.get(name)
    if (state !== undefined) return state
    const own = ownText(name)
    const quote = this.#quoteFor(own)
    const key = { tape, conn, session: this.#textOf(session), name: own === quote.name ? quote.name : own }
    const made = new KeyState(quote, this.#lastSlab.row(), key, this.#leastOf(key))
    names.set(key.name, made)
    return made
  }

  #namesOf(session: string, conn: number, tape: number): Names {
    const recent = this.#recent
    if (recent !== undefined && recent.session === session && recent.conn === conn && recent.tape === tape) {
      return recent.names
    }
    const sessions: Sessions = ensure(ensure(this.#connections, tape), conn)
    const names = sessions.get(session) ?? ensure(sessions, ownText(session))
    this.#recent = { tape, conn, session, names }
    return names
  }

  /** One text for a session, however many names it has, that is no part of a frame's. */
  #textOf(session: string): string {
    const known = this.#sessions.get(session)
    if (known !== undefined) return known
    const own = ownText(session)
    this.#sessions.set(own, own)
    return own
  }

  #quoteFor(name: string): InstrumentQuote {
    const instrument = this.#canonical(name)
    let quote = this.#quotes.get(instrument)
    if (quote === undefined) {
      quote = new InstrumentQuote(instrument, this.#quoteSlab.row())
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

/** The first that a key declares holds for what it has said before, too. */
function learnDelay(state: KeyState, delay: number, wasDeclared: boolean): void {
  const { least, quote } = state
  if (!wasDeclared) quote.backdate(state, delay * 1_000_000)
  if (least.delay === undefined || delay < least.delay) least.delay = delay
}

/**
 * `lp` without `lp_time` is normal: it has no wire time and cannot be older. `lp_time` alone says that the key's
 * last price was traded again (tradingview.md 1.7), if it is a new time; the same one again, in a re-broadcast,
 * says nothing new. It renews the price only where the one that stands is this key's, or the same.
 */
function applyLast(
  state: KeyState,
  fields: QuoteFields,
  isLate: boolean,
  lag: Micros,
  receipt: Receipt,
): void {
  const { quote } = state
  const time = fields.lastTime ?? undefined
  const isBehind = lag > 0 && quote.isBehind('last', state, time, receipt.at - lag)
  if (fields.last !== undefined) {
    state.last = fields.last
    if (isLate) return
    if (isBehind) quote.late += 1
    else quote.setPrice('last', fields.last, time, receipt, state, lag)
    return
  }
  if (isBehind || state.last === undefined || time === undefined || time <= quote.newestTime('last')) return
  const standing = quote.group('last')
  if (standing === undefined || standing.source === state || samePrice(standing.price, state.last)) {
    quote.setPrice('last', state.last, time, receipt, state, lag)
  }
}

function applySide(
  state: KeyState,
  side: 'bid' | 'ask',
  fields: QuoteFields,
  lag: Micros,
  receipt: Receipt,
): void {
  const { quote } = state
  const price = fields[side]
  if (price === undefined) return
  const time = side === 'bid' ? fields.bidTime : fields.askTime
  const isBehind = lag > 0 && quote.isBehind(side, state, time, receipt.at - lag)
  if (isBehind || isOlder(quote, side, time)) quote.late += 1
  else quote.setPrice(side, price, time ?? undefined, receipt, state, lag)
}

/** A size is as old as the price beside it, and the day's figures as the last price. */
function isLateIn(
  group: QuoteGroup,
  state: KeyState,
  fields: QuoteFields,
  isLate: boolean,
  lag: Micros,
  receipt: Receipt,
): boolean {
  const { quote } = state
  if (group === 'mode' || group === 'extended') return false
  if (group === 'bid' || group === 'ask') {
    const time = group === 'bid' ? fields.bidTime : fields.askTime
    return isOlder(quote, group, time) || (lag > 0 && quote.isBehind(group, state, time, receipt.at - lag))
  }
  return isLate || (lag > 0 && quote.isBehind('last', state, fields.lastTime, receipt.at - lag))
}

function isOlder(quote: InstrumentQuote, group: PriceGroup, time: EpochMicros | null | undefined): boolean {
  return typeof time === 'number' && time < quote.newestTime(group)
}

function samePrice(a: Decimal | null, b: Decimal | null): boolean {
  return a === null || b === null ? a === b : decimalEquals(a, b)
}
