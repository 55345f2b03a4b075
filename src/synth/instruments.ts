import type { Decimal } from '../model/decimal.ts'
import type { InstrumentFacts } from '../model/observation.ts'

/** What the seeded market needs to know of an instrument. Prices move in whole ticks, sizes in whole units. */
export interface SyntheticInstrument {
  readonly facts: InstrumentFacts
  readonly tick: Decimal
  /** The close of the day before, around which the seed places the first price: in ticks. */
  readonly close: number
  /** The widest gap between bid and ask: in ticks. */
  readonly spread: number
  /** The farthest that one trade is from the one before: in ticks. */
  readonly reach: number
  readonly sizeUnit: Decimal
  readonly largestSize: number
  /** The chance that a step moves it at all. */
  readonly activity: number
  /** How a guest gets it: the venue's word, and the seconds that the word declares. */
  readonly mode: string
  readonly delay: number
  /** Another instrument on the same index, whose price this one keeps to within a tick. */
  readonly follows?: string
}

const CENT: Decimal = { mantissa: 1, scale: 2 }
const QUARTER: Decimal = { mantissa: 25, scale: 2 }
const TENTH: Decimal = { mantissa: 1, scale: 1 }
const ONE_UNIT: Decimal = { mantissa: 1, scale: 0 }
const HUNDRED: Decimal = { mantissa: 100, scale: 0 }

/**
 * Tick, point value and currency as tradingview.md and the contract table have them; every number that moves is
 * made up, and each description says so.
 */
export const SYNTHETIC_INSTRUMENTS: readonly SyntheticInstrument[] = [
  {
    facts: future('CME_MINI:NQ1!', 'CME', 'synthetic E-mini Nasdaq-100', 20, 25, 100),
    tick: QUARTER,
    close: 102_400,
    spread: 3,
    reach: 6,
    sizeUnit: ONE_UNIT,
    largestSize: 12,
    activity: 0.9,
    mode: 'delayed_streaming_600',
    delay: 600,
  },
  {
    facts: future('CME_MINI:MNQ1!', 'CME', 'synthetic Micro E-mini Nasdaq-100', 2, 25, 100),
    tick: QUARTER,
    close: 102_400,
    spread: 2,
    reach: 1,
    sizeUnit: ONE_UNIT,
    largestSize: 60,
    activity: 0.95,
    mode: 'delayed_streaming_600',
    delay: 600,
    follows: 'CME_MINI:NQ1!',
  },
  {
    facts: future('COMEX:GC1!', 'COMEX', 'synthetic Gold', 100, 1, 10),
    tick: TENTH,
    close: 26_500,
    spread: 4,
    reach: 5,
    sizeUnit: ONE_UNIT,
    largestSize: 9,
    activity: 0.6,
    mode: 'delayed_streaming_600',
    delay: 600,
  },
  {
    facts: {
      ...named('NASDAQ:AAPL', 'NASDAQ', 'synthetic Apple share'),
      type: 'stock',
      currency: 'USD',
      pointValue: ONE_UNIT,
      priceScale: HUNDRED,
      minMove: ONE_UNIT,
    },
    tick: CENT,
    close: 23_000,
    spread: 3,
    reach: 4,
    sizeUnit: ONE_UNIT,
    largestSize: 400,
    activity: 0.5,
    mode: 'streaming',
    delay: 0,
  },
  {
    facts: {
      ...named('BINANCE:BTCUSDT', 'Binance', 'synthetic Bitcoin in Tether'),
      type: 'spot',
      currency: 'USDT',
      pointValue: ONE_UNIT,
      priceScale: HUNDRED,
      minMove: ONE_UNIT,
    },
    tick: CENT,
    close: 10_800_000,
    spread: 40,
    reach: 900,
    sizeUnit: { mantissa: 1, scale: 5 },
    largestSize: 90_000,
    activity: 0.8,
    mode: 'streaming',
    delay: 0,
  },
]

function future(
  name: string,
  exchange: string,
  description: string,
  pointValue: number,
  minMove: number,
  priceScale: number,
): InstrumentFacts {
  return {
    ...named(name, exchange, description),
    type: 'futures',
    currency: 'USD',
    pointValue: { mantissa: pointValue, scale: 0 },
    priceScale: { mantissa: priceScale, scale: 0 },
    minMove: { mantissa: minMove, scale: 0 },
  }
}

function named(name: string, exchange: string, description: string): InstrumentFacts {
  return { kind: 'instrument', session: '', name, symbol: name, exchange, description, fractional: false }
}
