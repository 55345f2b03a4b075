import type { Decimal } from '../model/decimal.ts'

/** What a session can be made of. Ticks, point values and currencies are the real ones, every number that moves is not. */
export interface Product {
  readonly kind: 'future' | 'share' | 'coin'
  /** A future’s root, otherwise the whole ticker. */
  readonly root: string
  /** As TradingView writes it before the colon. */
  readonly exchange: string
  readonly description: string
  readonly currency: string
  readonly pointValue: Decimal
  readonly minMove: number
  readonly priceScale: number
  /** The close of the day before, around which the seed places the first price: in ticks. */
  readonly close: number
  /** The widest gap between bid and ask, and the farthest from one trade to the next: in ticks. */
  readonly spread: number
  readonly reach: number
  readonly sizeUnit: Decimal
  readonly largestSize: number
  /** What the strategy trades at once: in size units. */
  readonly lot: number
  /** For one lot. */
  readonly fee: Decimal
  /** Goes from one contract to the next within the session. */
  readonly rolls?: true
}

const ONE: Decimal = { mantissa: 1, scale: 0 }
const SMALL: Decimal = { mantissa: 1, scale: 5 }
const CONTRACT = { kind: 'future', currency: 'USD', sizeUnit: ONE, lot: 1 } as const
const SHARE = { kind: 'share', currency: 'USD', pointValue: ONE, minMove: 1, priceScale: 100 } as const
const COIN = { kind: 'coin', currency: 'USDT', pointValue: ONE, minMove: 1, priceScale: 100 } as const
const SHARES = { sizeUnit: ONE, largestSize: 400, lot: 10, fee: decimal(5, 2) }
const COINS = { sizeUnit: SMALL, largestSize: 90_000, lot: 1_000, fee: decimal(125, 3) }

/** In the order in which `--instruments` takes them: a mixture from the second on. */
export const PRODUCTS: readonly Product[] = [
  {
    ...CONTRACT,
    ...named('NQ', 'CME_MINI', 'synthetic E-mini Nasdaq-100'),
    ...ticking(20, 25, 100),
    ...moving(102_400, 3, 6, 12),
    fee: decimal(225, 2),
    rolls: true,
  },
  { ...SHARE, ...SHARES, ...named('AAPL', 'NASDAQ', 'synthetic Apple share'), ...moving(23_000, 3, 4, 400) },
  {
    ...CONTRACT,
    ...named('MNQ', 'CME_MINI', 'synthetic Micro E-mini Nasdaq-100'),
    ...ticking(2, 25, 100),
    ...moving(102_400, 2, 5, 60),
    fee: decimal(62, 2),
  },
  {
    ...COIN,
    ...COINS,
    ...named('BTCUSDT', 'BINANCE', 'synthetic Bitcoin in Tether'),
    ...moving(10_800_000, 40, 900, 90_000),
  },
  {
    ...CONTRACT,
    ...named('GC', 'COMEX', 'synthetic Gold'),
    ...ticking(100, 1, 10),
    ...moving(26_500, 4, 5, 9),
    fee: decimal(247, 2),
  },
  {
    ...SHARE,
    ...SHARES,
    ...named('MSFT', 'NASDAQ', 'synthetic Microsoft share'),
    ...moving(47_100, 4, 6, 300),
  },
  {
    ...CONTRACT,
    ...named('ES', 'CME_MINI', 'synthetic E-mini S&P 500'),
    ...ticking(50, 25, 100),
    ...moving(27_400, 2, 4, 80),
    fee: decimal(225, 2),
  },
  {
    ...COIN,
    ...COINS,
    ...named('ETHUSDT', 'BINANCE', 'synthetic Ether in Tether'),
    ...moving(390_000, 25, 120, 90_000),
  },
  {
    ...CONTRACT,
    ...named('CL', 'NYMEX', 'synthetic Crude Oil'),
    ...ticking(1000, 1, 100),
    ...moving(6_120, 3, 4, 40),
    fee: decimal(247, 2),
  },
]

function named(root: string, exchange: string, description: string) {
  return { root, exchange, description }
}

function ticking(pointValue: number, minMove: number, priceScale: number) {
  return { pointValue: decimal(pointValue, 0), minMove, priceScale }
}

function moving(close: number, spread: number, reach: number, largestSize: number) {
  return { close, spread, reach, largestSize }
}

function decimal(mantissa: number, scale: number): Decimal {
  return { mantissa, scale }
}
