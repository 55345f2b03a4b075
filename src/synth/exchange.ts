import { decimalEquals } from '../model/decimal.ts'
import { QUOTE_FIELD_NAMES, type QuoteField, type QuoteFields } from '../model/quote.ts'
import type { Random } from '../model/random.ts'
import type { EpochMicros } from '../model/time.ts'
import { type BookState, beginBook, quoteOfBook, withBook, withTrade } from './book-walk.ts'
import type { TruthMarket } from './truth-markets.ts'
import type { TruthHappening, TruthMove } from './truth-moves.ts'

/** Every market’s state, and what became of it so far. A continuous symbol that rolls follows its contract. */
export class Exchange {
  readonly states = new Map<string, BookState>()
  readonly moves: TruthMove[] = []
  readonly happenings: TruthHappening[] = []
  readonly #random: Random
  readonly #rolling: readonly { readonly key: string; readonly before: string; readonly after: string }[]
  /** By contract: the continuous symbol that means it now. */
  readonly #followers = new Map<string, string>()

  constructor(markets: readonly TruthMarket[], random: Random, start: EpochMicros) {
    this.#random = random
    this.#rolling = markets.flatMap(({ key, means }) =>
      means === undefined ? [] : [{ key, before: means[0], after: means[1] }],
    )
    for (const { key, means, product } of markets) {
      if (means === undefined) this.states.set(key, beginBook(product, random, start))
    }
    for (const { key, before } of this.#rolling) this.#followers.set(before, key)
  }

  get keys(): readonly string[] {
    return [...this.states.keys()]
  }

  quotes(): ReadonlyMap<string, QuoteFields> {
    const quotes = new Map([...this.states].map(([key, state]) => [key, quoteOfBook(state)] as const))
    for (const [contract, key] of this.#followers) quotes.set(key, quotes.get(contract) ?? {})
    return quotes
  }

  happened(kind: TruthHappening['kind'], market: string, at: EpochMicros): void {
    this.happenings.push({ at, kind, market })
  }

  move(key: string, at: EpochMicros, change: (state: BookState) => BookState): void {
    const before = this.states.get(key)
    if (before === undefined) return
    const after = change(before)
    this.states.set(key, after)
    const quote = quoteOfBook(after)
    const fields = changedFields(quoteOfBook(before), quote)
    if (Object.keys(fields).length === 0) return
    const traded = after.lastTime === at && before !== after && fields.lastTime !== undefined
    const { last, lastSize } = quote
    const trade = traded && last && lastSize ? { trade: { price: last, size: lastSize } } : {}
    this.moves.push({ at, market: key, fields, ...trade })
    const follower = this.#followers.get(key)
    if (follower !== undefined) this.moves.push({ at, market: follower, fields, ...trade })
  }

  /** The new contract trades at that moment: a price older than the one before it would be refused as late. */
  roll(at: EpochMicros): void {
    for (const { key, before, after } of this.#rolling) {
      const state = this.states.get(after)
      const old = this.states.get(before)
      if (state === undefined || old === undefined) continue
      this.#followers.delete(before)
      this.happened('roll', key, at)
      this.move(after, at, one => {
        return withBook(withTrade(one, one.last + 1, this.#random, at), this.#random, at)
      })
      const now = this.states.get(after) ?? state
      const fields = changedFields(quoteOfBook(old), quoteOfBook(now))
      this.moves.push({ at, market: key, fields })
      this.#followers.set(after, key)
    }
  }
}

const WHOLE: readonly (readonly QuoteField[])[] = [
  ['last', 'lastSize', 'lastTime'],
  ['bid', 'bidSize', 'bidTime'],
  ['ask', 'askSize', 'askTime'],
]

/** A side that is emptied has no time of its own: it stays that of the last who was there. */
export function changedFields(before: QuoteFields, after: QuoteFields): QuoteFields {
  const names = QUOTE_FIELD_NAMES.filter(name => after[name] !== undefined)
  const changed = new Set(names.filter(name => !isSame(before[name], after[name])))
  for (const group of WHOLE) {
    if (!group.some(name => changed.has(name))) continue
    const isGone = after[group[0] ?? 'last'] === null
    for (const name of group) if (!isGone || !name.endsWith('Time')) changed.add(name)
  }
  return Object.fromEntries(names.filter(name => changed.has(name)).map(name => [name, after[name]]))
}

type Value = QuoteFields[QuoteField]

export function isSame(before: Value, after: Value): boolean {
  if (typeof before === 'object' && typeof after === 'object' && before !== null && after !== null) {
    return decimalEquals(before, after)
  }
  return before === after
}
