import type { Matching } from '../../src/pnl/index.ts'
import { type Exact, exact, minus, NOTHING, over, plus, signOf, sizeOf, smaller, times } from './exact.ts'

export interface Dealt {
  /** Below zero is sold. */
  readonly quantity: Exact
  readonly price: Exact
  readonly fee: Exact
}

interface Lot {
  /** Below zero is short. */
  quantity: Exact
  readonly price: Exact
}

/** By `average`, the ledger rounds the cost of a part that is closed to 12 digits: so far it may be off, each time. */
const ROUNDED = exact(1n, 2n * 10n ** 12n)

/**
 * What is open of one market, as the lots that it was opened by, and what closing made: in price × quantity. By `fifo` a
 * deal closes the oldest lots, by `average` the same share of each of them.
 */
export class Lots {
  realized = NOTHING
  fees = NOTHING
  /** How far the ledger may round away from it. */
  slack = NOTHING
  #open: Lot[] = []
  readonly #matching: Matching

  constructor(matching: Matching) {
    this.#matching = matching
  }

  get quantity(): Exact {
    return this.#open.reduce((sum, lot) => plus(sum, lot.quantity), NOTHING)
  }

  get cost(): Exact {
    return this.#open.reduce((sum, lot) => plus(sum, times(lot.quantity, lot.price)), NOTHING)
  }

  deal({ fee, price, quantity }: Dealt): void {
    this.fees = plus(this.fees, fee)
    const held = this.quantity
    const closed = signOf(held) * signOf(quantity) < 0 ? smaller(sizeOf(held), sizeOf(quantity)) : exact(0n)
    if (signOf(closed) !== 0) this.#close(closed, sizeOf(held), price)
    const rest = minus(sizeOf(quantity), closed)
    if (signOf(rest) !== 0) this.#open.push({ quantity: signed(rest, signOf(quantity)), price })
  }

  #close(closed: Exact, held: Exact, price: Exact): void {
    const isPart = signOf(minus(held, closed)) > 0
    if (this.#matching === 'average' && isPart) this.slack = plus(this.slack, ROUNDED)
    let rest = closed
    for (const lot of this.#open) {
      const share = over(times(sizeOf(lot.quantity), closed), held)
      const taken = this.#matching === 'fifo' ? smaller(sizeOf(lot.quantity), rest) : share
      rest = minus(rest, taken)
      const part = signed(taken, signOf(lot.quantity))
      this.realized = plus(this.realized, times(part, minus(price, lot.price)))
      lot.quantity = minus(lot.quantity, part)
    }
    this.#open = this.#open.filter(lot => signOf(lot.quantity) !== 0)
  }
}

function signed(size: Exact, sign: number): Exact {
  return sign < 0 ? minus(NOTHING, size) : size
}
