import {
  absolute,
  add,
  type Decimal,
  decimalSign,
  minimum,
  multiply,
  negate,
  subtract,
} from '../model/decimal.ts'
import type { FillPair, MatchedFill, Matcher, StatedPosition } from './matching.ts'
import { FLAT, heldAs, type Position } from './position.ts'

/** What is left open of one fill. */
interface Lot {
  readonly fill: MatchedFill
  /** Above zero. */
  rest: Decimal
}

/** Behind so many closed lots the list is cut: a day trader's queue does not grow with its history. */
const CUT_AT = 1024

/**
 * First in, first out, of one contract: a fill closes the oldest lots against it, each at its own price, and what is
 * left of it opens a lot. Nothing is divided and so nothing is rounded. The open cost is kept as a sum: a quote
 * costs the same for one lot and for a thousand.
 */
export class FifoMatcher implements Matcher {
  readonly pairs: FillPair[] = []
  #position: Position = FLAT
  #lots: Lot[] = []
  /** The place of the oldest that is open. */
  #oldest = 0

  fill(fill: MatchedFill): Position {
    const { openCost, realized, cost } = this.#match(fill)
    const { quantity, fees } = this.#position
    this.#position = {
      quantity: add(quantity, fill.side === 'buy' ? fill.quantity : negate(fill.quantity)),
      openCost: add(openCost, cost),
      realized,
      fees: fill.fee === undefined ? fees : add(fees, fill.fee),
    }
    return this.#position
  }

  charge(fee: Decimal): Position {
    this.#position = { ...this.#position, fees: add(this.#position.fees, fee) }
    return this.#position
  }

  /** One lot at the stated average: which fills it is made of nobody says. */
  state(stated: StatedPosition): Position {
    const { quantity, averagePrice, place } = stated
    const side = decimalSign(quantity) < 0 ? 'sell' : 'buy'
    this.#oldest = 0
    this.#lots = []
    if (averagePrice !== undefined && decimalSign(quantity) !== 0) {
      const rest = absolute(quantity)
      const fill = {
        side,
        quantity: rest,
        price: averagePrice,
        ...(place === undefined ? {} : { place }),
      } as const
      this.#lots.push({ fill, rest })
    }
    this.#position = { ...this.#position, ...heldAs(stated) }
    return this.#position
  }

  /** Closes what it can, and opens the rest; `cost` is that of the new lot, signed. */
  #match(fill: MatchedFill) {
    let { openCost, realized } = this.#position
    const held = decimalSign(this.#position.quantity)
    let rest = fill.quantity
    for (;;) {
      const lot = this.#lots[this.#oldest]
      if (lot === undefined || lot.fill.side === fill.side || decimalSign(rest) === 0) break
      const pair = this.#pair(lot, fill, minimum(lot.rest, rest))
      rest = subtract(rest, pair.quantity)
      const cost = multiply(pair.quantity, lot.fill.price)
      openCost = subtract(openCost, held < 0 ? negate(cost) : cost)
      realized = add(realized, pair.units)
    }
    if (decimalSign(rest) > 0) this.#lots.push({ fill, rest })
    const cost = multiply(rest, fill.price)
    return { openCost, realized, cost: fill.side === 'buy' ? cost : negate(cost) }
  }

  #pair(lot: Lot, closing: MatchedFill, quantity: Decimal): FillPair {
    lot.rest = subtract(lot.rest, quantity)
    if (decimalSign(lot.rest) === 0) this.#dropOldest()
    const isLong = lot.fill.side === 'buy'
    const gain = subtract(closing.price, lot.fill.price)
    const units = multiply(isLong ? gain : negate(gain), quantity)
    const pair: FillPair = {
      side: isLong ? 'long' : 'short',
      opening: lot.fill,
      closing,
      quantity,
      units,
    }
    this.pairs.push(pair)
    return pair
  }

  #dropOldest(): void {
    this.#oldest += 1
    if (this.#oldest < CUT_AT) return
    this.#lots = this.#lots.slice(this.#oldest)
    this.#oldest = 0
  }
}
