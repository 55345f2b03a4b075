import { type Decimal, decimalText, multiply, negate } from '../../src/model/decimal.ts'
import { type Random, randomInteger, seededRandom } from '../../src/model/random.ts'
import { type EpochMicros, isoFromEpochMicros } from '../../src/model/time.ts'
import { quotesOver, type Truth, type TruthMarket } from '../../src/synth/index.ts'

export interface TraderFill {
  readonly id: string
  readonly at: EpochMicros
  readonly market: string
  readonly side: 'buy' | 'sell'
  readonly quantity: Decimal
  readonly price: Decimal
  readonly fee: Decimal
}

/** Somebody who trades in a session, in the order of time. */
export interface Trader {
  readonly name: string
  readonly fills: readonly TraderFill[]
}

/** The truth’s own: it opens, adds, and closes all at once. */
export function strategistOf({ orders }: Truth): Trader {
  const fills = orders.flatMap(({ fills, market, side }) => fills.map(fill => ({ ...fill, market, side })))
  return { name: 'strategist', fills: fills.toSorted((a, b) => a.at - b.at) }
}

/** In a market that trades, this often by each settled moment. */
const BUSY = 0.6
const MOST_LOTS = 5

/**
 * One who closes in parts, adds to what is open and turns it over, for the matchings to have something to differ in:
 * right behind a settled moment, at the prices that stand there.
 */
export function scalperOf(truth: Truth): Trader {
  const { markets, seed, settled } = truth
  const random = seededRandom(seed)
  const quotes = quotesOver(truth)
  const fills: TraderFill[] = []
  for (const { at } of settled.slice(0, -1)) {
    const standing = quotes(at)
    // Nobody can trade a continuous symbol that rolls.
    for (const market of markets.filter(({ means }) => means === undefined)) {
      if (random.next() >= BUSY) continue
      const isBuy = random.next() < 0.5
      const { ask, bid } = standing.get(market.key) ?? {}
      const price = isBuy ? ask : bid
      if (price == null) continue
      const id = `scalp-${fills.length}`
      const side = isBuy ? 'buy' : 'sell'
      fills.push({ id, at: at + 500, market: market.key, side, price, ...sizeAndFee(market, random) })
    }
  }
  return { name: 'scalper', fills }
}

function sizeAndFee({ product }: TruthMarket, random: Random): Pick<TraderFill, 'quantity' | 'fee'> {
  const lots: Decimal = { mantissa: randomInteger(random, 1, MOST_LOTS), scale: 0 }
  const lot: Decimal = { mantissa: product.lot, scale: 0 }
  const fee = multiply(product.fee, lots)
  // Some venues give something back.
  const isRebate = random.next() < 0.2
  return { quantity: multiply(multiply(product.sizeUnit, lot), lots), fee: isRebate ? negate(fee) : fee }
}

/** A file of those of some markets, so many seconds later: as late as the quotes that they are held against. */
export function fillLines({ fills }: Trader, markets: ReadonlySet<string>, delay: number): string {
  return fills
    .filter(({ market }) => markets.has(market))
    .map(({ at, fee, id, market, price, quantity, side }) => {
      const line = {
        id,
        at: isoFromEpochMicros(at + delay * 1_000_000),
        instrument: market,
        side,
        quantity: decimalText(quantity),
        price: decimalText(price),
        fee: decimalText(fee),
      }
      return JSON.stringify(line)
    })
    .join('\n')
}
