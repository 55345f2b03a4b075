import { type Decimal, multiply, multiplyDivide, ONE, subtract } from '../model/decimal.ts'
import type { QuoteFields } from '../model/quote.ts'
import { type Random, randomInteger } from '../model/random.ts'
import type { EpochMicros } from '../model/time.ts'
import type { Product } from './products.ts'

/** A market at a moment: prices in ticks, sizes in units, so that nothing is ever off its grid. */
export interface BookState {
  readonly product: Product
  readonly last: number
  readonly lastSize: number
  readonly lastTime: EpochMicros
  readonly bid: BookSide
  readonly ask: BookSide
  readonly volume: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly openTime: EpochMicros
}

/** `undefined` is nobody there; the time is that of the last who was. */
interface BookSide {
  readonly price: number | undefined
  readonly size: number
  readonly time: EpochMicros
}

const DAY = 86_400_000_000

export function beginBook(product: Product, random: Random, at: EpochMicros): BookState {
  const open = product.close + randomInteger(random, -product.reach * 8, product.reach * 8)
  const last = open + randomInteger(random, -product.reach * 4, product.reach * 4)
  const empty = { price: undefined, size: 0, time: at }
  const state = {
    product,
    last,
    lastSize: randomInteger(random, 1, product.largestSize),
    lastTime: at,
    bid: empty,
    ask: empty,
    volume: product.largestSize * randomInteger(random, 500, 5000),
    open,
    high: Math.max(open, last),
    low: Math.min(open, last),
    openTime: at - (at % DAY),
  }
  return withBook(state, random, at)
}

/** One side, both sides, a trade, a trade that moves the book, or a volume that is stated late. */
export function moveBook(state: BookState, random: Random, at: EpochMicros): BookState {
  const kind = random.next()
  if (kind < 0.25) return withOneSide(state, random, at)
  if (kind < 0.45) return withBook(state, random, at)
  if (kind < 0.5) {
    return { ...state, volume: state.volume + randomInteger(random, 1, state.product.largestSize) }
  }
  const { reach } = state.product
  const traded = withTrade(state, state.last + randomInteger(random, -reach, reach), random, at)
  return kind < 0.7 ? traded : withBook(traded, random, at)
}

/** A trade far away, and a book around it. */
export function jump(state: BookState, random: Random, at: EpochMicros): BookState {
  const { reach } = state.product
  const far = randomInteger(random, reach * 3, reach * 12) * (random.next() < 0.5 ? -1 : 1)
  return withBook(withTrade(state, state.last + far, random, at), random, at)
}

export function emptyBook(state: BookState): BookState {
  const gone = ({ time }: BookSide): BookSide => ({ price: undefined, size: 0, time })
  return { ...state, bid: gone(state.bid), ask: gone(state.ask) }
}

export function withTrade(state: BookState, price: number, random: Random, at: EpochMicros): BookState {
  const last = Math.max(1, price)
  const lastSize = randomInteger(random, 1, Math.ceil(state.product.largestSize / 4))
  return {
    ...state,
    last,
    lastSize,
    lastTime: at,
    volume: state.volume + lastSize,
    high: Math.max(state.high, last),
    low: Math.min(state.low, last),
  }
}

export function withBook(state: BookState, random: Random, at: EpochMicros): BookState {
  const { product, last } = state
  const spread = randomInteger(random, 1, product.spread)
  const price = Math.max(1, last - randomInteger(random, 0, spread))
  const size = (): number => randomInteger(random, 1, product.largestSize)
  return {
    ...state,
    bid: { price, size: size(), time: at },
    ask: { price: price + spread, size: size(), time: at },
  }
}

/** A size that grows or shrinks at the price that stands. */
function withOneSide(state: BookState, random: Random, at: EpochMicros): BookState {
  if (state.bid.price === undefined) return withBook(state, random, at)
  const size = randomInteger(random, 1, state.product.largestSize)
  const isBid = random.next() < 0.5
  return isBid
    ? { ...state, bid: { ...state.bid, size, time: at } }
    : { ...state, ask: { ...state.ask, size, time: at } }
}

export function priceOf({ minMove, priceScale }: Product, ticks: number): Decimal {
  return multiplyDivide(
    { mantissa: ticks, scale: 0 },
    { mantissa: minMove, scale: 0 },
    { mantissa: priceScale, scale: 0 },
    12,
  )
}

export function sizeOf({ sizeUnit }: Product, units: number): Decimal {
  return multiply(sizeUnit, { mantissa: units, scale: 0 })
}

const HUNDRED: Decimal = { mantissa: 100, scale: 0 }

/** The whole state as a quote. */
export function quoteOfBook(state: BookState): QuoteFields {
  const { product } = state
  const price = (ticks: number | undefined) => (ticks === undefined ? null : priceOf(product, ticks))
  const size = (side: BookSide) => (side.price === undefined ? null : sizeOf(product, side.size))
  const last = priceOf(product, state.last)
  const previousClose = priceOf(product, product.close)
  const change = subtract(last, previousClose)
  return {
    last,
    lastSize: sizeOf(product, state.lastSize),
    lastTime: state.lastTime,
    bid: price(state.bid.price),
    bidSize: size(state.bid),
    bidTime: state.bid.time,
    ask: price(state.ask.price),
    askSize: size(state.ask),
    askTime: state.ask.time,
    volume: sizeOf(product, state.volume),
    open: priceOf(product, state.open),
    high: priceOf(product, state.high),
    low: priceOf(product, state.low),
    previousClose,
    change,
    changePercent: multiplyDivide(multiply(change, HUNDRED), ONE, previousClose, 2),
    openTime: state.openTime,
    marketState: 'market',
  }
}
