import { identityOf } from '../instruments/index.ts'
import type { Decimal } from '../model/decimal.ts'
import type { QuoteUpdate } from '../model/observation.ts'
import type { QuoteField, QuoteFields } from '../model/quote.ts'
import type { EpochMicros } from '../model/time.ts'
import { InstrumentQuote, type Receipt } from './instrument-quote.ts'

/** What one key of one connection has said of its last price: partial updates complete each other within it. */
interface KeyState {
  readonly quote: InstrumentQuote
  last: Decimal | null | undefined
}

type Sessions = Map<string, Map<string, KeyState>>

/**
 * Updates to quotes. The wire's state is kept by (connection, session, name as sent) and dies with its
 * connection; the instrument's quote stays and ages. Several tapes may feed one book: `tape` tells their
 * connections apart.
 */
export class QuoteBook {
  readonly #quotes = new Map<string, InstrumentQuote>()
  readonly #identities = new Map<string, string>()
  readonly #connections = new Map<number, Map<number, Sessions>>()

  /** The quote that it belongs to, after the update. */
  apply(update: QuoteUpdate, receipt: Receipt, conn: number, tape = 0): InstrumentQuote {
    const state = this.#stateOf(update, conn, tape)
    const { quote } = state
    quote.updates += 1
    const { fields } = update
    for (const key in fields) {
      const field = key as QuoteField
      if (field === 'last' || field === 'lastTime') continue
      if (field === 'bid' || field === 'ask') applySide(quote, field, fields, receipt)
      else if (field !== 'bidTime' && field !== 'askTime') setField(quote, field, fields, receipt.at)
    }
    if (fields.last !== undefined || fields.lastTime !== undefined) applyLast(state, fields, receipt)
    return quote
  }

  /** The connection is gone, and what it left unsaid with it. */
  disconnect(conn: number, tape = 0): void {
    this.#connections.get(tape)?.delete(conn)
  }

  /** Under the name's identity: `={"symbol":"X"}` is X, other `={…}` names stay apart. */
  quote(name: string): InstrumentQuote | undefined {
    return this.#quotes.get(this.#identity(name))
  }

  /** In the order of first sight. */
  quotes(): readonly InstrumentQuote[] {
    return [...this.#quotes.values()]
  }

  #stateOf({ session, name }: QuoteUpdate, conn: number, tape: number): KeyState {
    const connections = ensure(this.#connections, tape)
    const sessions = ensure(connections, conn)
    const names = ensure(sessions, session)
    const state = names.get(name)
    if (state !== undefined) return state
    const made: KeyState = { quote: this.#quoteFor(name), last: undefined }
    names.set(name, made)
    return made
  }

  #quoteFor(name: string): InstrumentQuote {
    const identity = this.#identity(name)
    let quote = this.#quotes.get(identity)
    if (quote === undefined) {
      quote = new InstrumentQuote(identity)
      this.#quotes.set(identity, quote)
    }
    return quote
  }

  #identity(name: string): string {
    let identity = this.#identities.get(name)
    if (identity === undefined) {
      identity = identityOf(name)
      this.#identities.set(name, identity)
    }
    return identity
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
 * `lp` without `lp_time` is normal and has no wire time; `lp_time` alone says that the key's last price was
 * traded again (tradingview.md 1.7). A key that never gave a price has none to refresh.
 */
function applyLast(state: KeyState, fields: QuoteFields, receipt: Receipt): void {
  if (fields.last !== undefined) state.last = fields.last
  if (state.last === undefined) return
  state.quote.setLast(state.last, fields.lastTime ?? undefined, receipt)
}

function applySide(quote: InstrumentQuote, side: 'bid' | 'ask', fields: QuoteFields, receipt: Receipt): void {
  const price = fields[side]
  const time = (side === 'bid' ? fields.bidTime : fields.askTime) ?? undefined
  if (price !== undefined) quote.setSide(side, price, time, receipt)
}

/** `lastTime: null` and the like are values; only an absent key leaves things as they are. */
function setField(quote: InstrumentQuote, field: QuoteField, fields: QuoteFields, at: EpochMicros): void {
  const value = fields[field]
  if (value !== undefined) quote.set(field, value, at)
}
