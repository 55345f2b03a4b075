import type {
  BalanceObservation,
  DeletionObservation,
  FeeObservation,
  FillPairObservation,
  PositionObservation,
} from '../../model/account.ts'
import { add, type Decimal, decimalSign, ZERO } from '../../model/decimal.ts'
import type { Observation } from '../../model/observation.ts'
import { epochMicrosFromIso } from '../../model/time.ts'
import { ConnectionFeeds, Normalizer } from '../../normalize/index.ts'
import { type EntrySource, TapeMerge } from '../../replay/index.ts'
import type { ForeignDay, ForeignPair } from './foreign-file.ts'

/** What the tapes say of accounts, beside what positions are made of. */
export interface TapeWords {
  readonly fills: number
  readonly positions: number
  readonly signals: number
  readonly pairs: readonly ForeignPair[]
  /** What the broker calls realized, by trade date; the latest word of each. */
  readonly days: readonly ForeignDay[]
  /** What fills cost, by trade date. */
  readonly fees: ReadonlyMap<string, Decimal>
  /** Rows of Trade Manager's open trades that hold nothing. */
  readonly empty: readonly EmptyTrade[]
}

export interface EmptyTrade {
  readonly instrument: string
  readonly strategy: string | undefined
  readonly place: string
}

const TRADE_MANAGER = 'trade-manager'

/** One pass over the tapes. */
export async function readTapeWords(
  sources: readonly EntrySource[],
  account?: string,
  settings?: ReadonlyMap<string, unknown>,
): Promise<TapeWords> {
  const words = new Words(account)
  const feeds = sources.map(({ header }) => new ConnectionFeeds(header.id))
  const normalizers = sources.map(({ header }, index) => {
    const start = epochMicrosFromIso(header.start)
    return new Normalizer(
      {
        observation: (observation, entry) => {
          const { feed } = feeds[index]?.place(entry) ?? { feed: '' }
          words.take(observation, feed, `entry ${entry.seq} of ${header.id}`)
        },
      },
      { ...(settings === undefined ? {} : { settings }), ...(start === undefined ? {} : { start }) },
    )
  })
  await new TapeMerge(sources).run((entry, tape) => {
    feeds[tape]?.apply(entry)
    normalizers[tape]?.apply(entry)
  })
  return words.result()
}

class Words {
  readonly #account: string | undefined
  readonly #fills = new Set<string>()
  #positions = 0
  #signals = 0
  readonly #pairs = new Map<string, ForeignPair>()
  readonly #days = new Map<string, ForeignDay>()
  readonly #fees = new Map<string, { readonly day: string; readonly amount: Decimal }>()
  readonly #empty = new Map<string, EmptyTrade>()

  constructor(account: string | undefined) {
    this.#account = account
  }

  take(observation: Observation, feed: string, place: string): void {
    switch (observation.kind) {
      case 'fill':
        if (this.#isOurs(observation)) this.#fills.add(observation.id)
        return
      case 'fill-pair':
        if (this.#isOurs(observation)) this.#takePair(observation, place)
        return
      case 'fee':
        if (this.#isOurs(observation)) this.#takeFee(observation)
        return
      case 'balance':
        if (this.#isOurs(observation)) this.#takeBalance(observation, place)
        return
      case 'position':
        if (feed === TRADE_MANAGER) this.#takeTrade(observation, place)
        else if (this.#isOurs(observation)) this.#positions += 1
        return
      case 'signal':
        this.#signals += 1
        return
      case 'deletion':
        this.#takeBack(observation)
        return
      case 'listing':
      case 'quote':
      case 'trade':
      case 'bar':
      case 'depth':
      case 'instrument':
      case 'order':
        return
      default:
        observation satisfies never
    }
  }

  result(): TapeWords {
    const fees = new Map<string, Decimal>()
    for (const { day, amount } of this.#fees.values()) fees.set(day, add(fees.get(day) ?? ZERO, amount))
    return {
      fills: this.#fills.size,
      positions: this.#positions,
      signals: this.#signals,
      pairs: [...this.#pairs.values()],
      days: [...this.#days.values()],
      fees,
      empty: [...this.#empty.values()],
    }
  }

  #isOurs({ account }: { readonly account?: string }): boolean {
    return this.#account === undefined || account === undefined || account === this.#account
  }

  #takeBack({ of, id }: DeletionObservation): void {
    if (of === 'fill') this.#fills.delete(id)
    if (of === 'fill-pair') this.#pairs.delete(id)
    if (of === 'fee') this.#fees.delete(id)
  }

  #takePair({ id, change, isActive, ...pair }: FillPairObservation, place: string): void {
    if (change === 'deleted' || isActive === false) {
      this.#pairs.delete(id)
      return
    }
    const { buyFill, sellFill, quantity, buyPrice, sellPrice } = pair
    this.#pairs.set(id, { buyFill, sellFill, quantity, buyPrice, sellPrice, pnl: undefined, place })
  }

  #takeFee({ id, tradeDate, amount, change }: FeeObservation): void {
    if (tradeDate === undefined) return
    this.#fees.set(id, { day: tradeDate, amount: change === 'deleted' ? ZERO : amount })
  }

  #takeBalance({ tradeDate, realizedPnl, change }: BalanceObservation, place: string): void {
    if (tradeDate === undefined || realizedPnl === undefined || change === 'deleted') return
    this.#days.set(tradeDate, { tradeDate, realized: realizedPnl, place })
  }

  #takeTrade({ id, name, strategy, quantity }: PositionObservation, place: string): void {
    if (decimalSign(quantity) !== 0) this.#empty.delete(id)
    else if (!this.#empty.has(id)) this.#empty.set(id, { instrument: name, strategy, place })
  }
}
