import type { QuoteFields } from '../model/quote.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { randomFor } from './seeds.ts'
import { Strategy, type TruthOrder } from './strategy.ts'
import { play } from './timeline.ts'
import { marketsOf, type TruthMarket } from './truth-markets.ts'
import type { Settled, TruthHappening, TruthMove } from './truth-moves.ts'

/** What happened, whoever tells of it. Every wire of a session is made of one of these. */
export interface Truth {
  readonly seed: number
  readonly start: EpochMicros
  readonly end: EpochMicros
  readonly markets: readonly TruthMarket[]
  /** Each market’s whole quote at the start, by its key. */
  readonly opening: ReadonlyMap<string, QuoteFields>
  /** In the order of time. */
  readonly moves: readonly TruthMove[]
  readonly settled: readonly Settled[]
  readonly happenings: readonly TruthHappening[]
  readonly orders: readonly TruthOrder[]
}

export interface TruthOptions {
  readonly seed: number
  readonly start: EpochMicros
  readonly length: Micros
  /** How many products, of PRODUCTS. */
  readonly instruments: number
}

/** The same options give the same truth, everywhere. */
export function createTruth({ seed, start, length, instruments }: TruthOptions): Truth {
  const markets = marketsOf(instruments, start)
  const strategy = new Strategy(markets, randomFor(seed, 'strategy'))
  const { opening, moves, settled, happenings, end } = play({
    markets,
    start,
    length,
    random: randomFor(seed, 'market'),
    onPhase: (states, at) => strategy.consider(states, at),
  })
  return { seed, start, end, markets, opening, moves, settled, happenings, orders: strategy.orders }
}

/** A market’s whole quote at each time, asked in the order of time. */
export function quotesOver({ opening, moves }: Pick<Truth, 'opening' | 'moves'>) {
  const quotes = new Map(opening)
  let next = 0
  return (at: EpochMicros): ReadonlyMap<string, QuoteFields> => {
    for (let move = moves[next]; move !== undefined && move.at <= at; move = moves[next]) {
      quotes.set(move.market, { ...quotes.get(move.market), ...move.fields })
      next += 1
    }
    return quotes
  }
}
