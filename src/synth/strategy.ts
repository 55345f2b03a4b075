import { add, type Decimal, multiply, multiplyDivide, ONE, ZERO } from '../model/decimal.ts'
import { type Random, randomInteger } from '../model/random.ts'
import type { EpochMicros } from '../model/time.ts'
import { type BookState, priceOf, sizeOf } from './book-walk.ts'
import { oneOf } from './seeds.ts'
import type { TruthMarket } from './truth-markets.ts'

/** What the strategy did at once: an order, and the fills that it got. */
export interface TruthOrder {
  readonly id: string
  readonly at: EpochMicros
  readonly market: string
  readonly action: 'open' | 'add' | 'close'
  readonly side: 'buy' | 'sell'
  readonly quantity: Decimal
  readonly fills: readonly TruthFill[]
  /** Behind it. Long is positive. */
  readonly position: Decimal
  /** Of what is open, rounded to two digits; none when flat. */
  readonly averagePrice?: Decimal
}

export interface TruthFill {
  readonly id: string
  readonly at: EpochMicros
  readonly quantity: Decimal
  readonly price: Decimal
  readonly fee: Decimal
}

export const STRATEGY = 'SYNTH-1'
const MOST_LOTS = 6
const PARTIAL_GAP = 3_000

/** Opens, adds and closes, one market at a time, at the prices that stand. Never more than one position a market. */
export class Strategy {
  readonly orders: TruthOrder[] = []
  readonly #markets: readonly TruthMarket[]
  readonly #random: Random
  readonly #held = new Map<string, Holding>()
  #lastId = 700_000_000_000

  constructor(markets: readonly TruthMarket[], random: Random) {
    // Nobody can trade a continuous symbol that rolls.
    this.#markets = markets.filter(({ means }) => means === undefined)
    this.#random = random
  }

  /** Gives the time of its last fill, or `at`. */
  consider(states: ReadonlyMap<string, BookState>, at: EpochMicros): EpochMicros {
    const market = oneOf(this.#random, this.#markets)
    const state = states.get(market.key)
    const isBusy = this.#random.next() < 0.6
    const { bid, ask } = state ?? {}
    if (!isBusy || state === undefined || bid?.price === undefined || ask?.price === undefined) return at
    const held = this.#held.get(market.key)
    const action =
      held === undefined ? 'open' : held.lots < MOST_LOTS && this.#random.next() < 0.4 ? 'add' : 'close'
    const isBuy = held === undefined ? this.#random.next() < 0.5 : held.isLong === (action === 'add')
    const lots = action === 'close' ? (held?.lots ?? 0) : randomInteger(this.#random, 1, 3)
    return this.#fill(market, { action, at, isBuy, lots, price: isBuy ? ask.price : bid.price })
  }

  #fill(market: TruthMarket, { action, at, isBuy, lots, price }: Deal): EpochMicros {
    const { product } = market
    const id = this.#drawId()
    // A part at the price that stood, the rest one tick worse.
    const first = lots > 1 && this.#random.next() < 0.35 ? randomInteger(this.#random, 1, lots - 1) : lots
    const worse = isBuy ? 1 : -1
    const parts = [
      { at: at + 1_000, lots: first, price },
      { at: at + 1_000 + PARTIAL_GAP, lots: lots - first, price: price + worse },
    ].filter(part => part.lots > 0)
    const fills = parts.map(part => ({
      id: this.#drawId(),
      at: part.at,
      quantity: sizeOf(product, part.lots * product.lot),
      price: priceOf(product, part.price),
      fee: multiply(product.fee, { mantissa: part.lots, scale: 0 }),
    }))
    const held = heldAfter(this.#held.get(market.key), action, isBuy, fills, lots)
    if (held === undefined) this.#held.delete(market.key)
    else this.#held.set(market.key, held)
    const sign = held?.isLong === true ? 1 : -1
    const position = held === undefined ? ZERO : sizeOf(product, sign * held.lots * product.lot)
    const quantity = sizeOf(product, lots * product.lot)
    const side = isBuy ? 'buy' : 'sell'
    const of = { id, at: at + 500, market: market.key, action, side, quantity, fills, position } as const
    this.orders.push(held === undefined ? of : { ...of, averagePrice: averageOf(held) })
    return fills.at(-1)?.at ?? at
  }

  #drawId(): string {
    this.#lastId += 1
    return String(this.#lastId)
  }
}

interface Deal {
  readonly action: TruthOrder['action']
  readonly at: EpochMicros
  readonly isBuy: boolean
  readonly lots: number
  /** In ticks. */
  readonly price: number
}

interface Holding {
  readonly isLong: boolean
  readonly lots: number
  readonly quantity: Decimal
  /** Price by quantity, of all that opened it. */
  readonly cost: Decimal
}

function heldAfter(
  held: Holding | undefined,
  action: TruthOrder['action'],
  isBuy: boolean,
  fills: readonly TruthFill[],
  lots: number,
): Holding | undefined {
  if (action === 'close') return undefined
  const quantity = fills.reduce((sum, fill) => add(sum, fill.quantity), held?.quantity ?? ZERO)
  const cost = fills.reduce((sum, fill) => add(sum, multiply(fill.price, fill.quantity)), held?.cost ?? ZERO)
  return { isLong: isBuy, lots: (held?.lots ?? 0) + lots, quantity, cost }
}

/** Two digits, as Trade Manager’s page has it: 47430.33 is off MYM’s tick. */
function averageOf({ cost, quantity }: Holding): Decimal {
  return multiplyDivide(cost, ONE, quantity, 2)
}
