import type {
  BalanceObservation,
  DeletionObservation,
  FillPairObservation,
  PositionObservation,
} from '../../model/account.ts'
import { decimalSign } from '../../model/decimal.ts'
import type { Observation } from '../../model/observation.ts'
import { type EpochMicros, epochMicrosFromIso } from '../../model/time.ts'
import { ConnectionFeeds, Normalizer } from '../../normalize/index.ts'
import { type EntrySource, TapeMerge } from '../../replay/index.ts'
import type { ForeignDay, ForeignPair } from './foreign-file.ts'

/** What the tapes say of accounts, beside what positions are made of. */
export interface TapeWords {
  readonly fills: number
  readonly positions: number
  readonly signals: number
  readonly pairs: readonly ForeignPair[]
  /** What the broker calls realized: the newest word of each account, currency and trade date. */
  readonly days: readonly ForeignDay[]
  /** Which trade date the broker's newest word of a position is of, by the wire's name of the instrument. */
  readonly tradeDates: ReadonlyMap<string, string>
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
  readonly #days = new Map<string, { readonly word: BalanceObservation; readonly day: ForeignDay }>()
  readonly #newest = new Map<string, PositionObservation>()
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
      case 'balance':
        if (this.#isOurs(observation)) this.#takeBalance(observation, place)
        return
      case 'position':
        if (feed === TRADE_MANAGER) this.#takeTrade(observation, place)
        else if (this.#isOurs(observation)) this.#takePosition(observation)
        return
      case 'signal':
        this.#signals += 1
        return
      case 'deletion':
        this.#takeBack(observation)
        return
      case 'fee':
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
    const dates = [...this.#newest.values()].flatMap(({ name, tradeDate }) =>
      tradeDate === undefined ? [] : [[name, tradeDate] as const],
    )
    return {
      fills: this.#fills.size,
      positions: this.#positions,
      signals: this.#signals,
      pairs: [...this.#pairs.values()],
      days: [...this.#days.values()].map(({ day }) => day),
      tradeDates: new Map(dates),
      empty: [...this.#empty.values()],
    }
  }

  #isOurs({ account }: { readonly account?: string }): boolean {
    return this.#account === undefined || account === undefined || account === this.#account
  }

  #takeBack({ of, id }: DeletionObservation): void {
    if (of === 'fill') this.#fills.delete(id)
    if (of === 'fill-pair') this.#pairs.delete(id)
    if (of === 'balance') this.#takeBalanceBack(id)
  }

  #takePair({ id, change, isActive, ...pair }: FillPairObservation, place: string): void {
    if (change === 'deleted' || isActive === false) {
      this.#pairs.delete(id)
      return
    }
    const { account, buyFill, sellFill, quantity, buyPrice, sellPrice } = pair
    this.#pairs.set(id, { account, buyFill, sellFill, quantity, buyPrice, sellPrice, pnl: undefined, place })
  }

  /** The newest by the time that it names, and at one time by receipt. */
  #takeBalance(word: BalanceObservation, place: string): void {
    const { id, account, currency, tradeDate, realizedPnl: realized, change } = word
    if (change === 'deleted') {
      this.#takeBalanceBack(id)
      return
    }
    if (tradeDate === undefined || realized === undefined) return
    const key = JSON.stringify([account ?? null, currency ?? null, tradeDate])
    if (isOutdated(word, this.#days.get(key)?.word)) return
    this.#days.set(key, { word, day: { account, currency, tradeDate, realized, place } })
  }

  #takeBalanceBack(id: string): void {
    for (const [key, { word }] of this.#days) if (word.id === id) this.#days.delete(key)
  }

  #takePosition(word: PositionObservation): void {
    this.#positions += 1
    const known = this.#newest.get(word.name)
    if (!isOutdated(word, known)) this.#newest.set(word.name, word)
  }

  #takeTrade({ id, name, strategy, quantity }: PositionObservation, place: string): void {
    if (decimalSign(quantity) !== 0) this.#empty.delete(id)
    else if (!this.#empty.has(id)) this.#empty.set(id, { instrument: name, strategy, place })
  }
}

function isOutdated(
  { time }: { readonly time?: EpochMicros },
  known: { readonly time?: EpochMicros } | undefined,
): boolean {
  return time !== undefined && known?.time !== undefined && time < known.time
}
