import {
  absolute,
  add,
  compare,
  type Decimal,
  decimalSign,
  maximum,
  multiplyDivide,
  subtract,
  ZERO,
} from '../model/decimal.ts'
import type { EpochMicros } from '../model/time.ts'
import type { MatchedFill } from './matching.ts'
import { type Position, unrealizedAt } from './position.ts'
import { type Excursions, NO_EXCURSIONS, sideOf, type Trip, widened } from './trip.ts'

/** A fill, and the position on both sides of it. */
export interface Deal {
  readonly before: Position
  readonly after: Position
  readonly fill: MatchedFill
  /** When it was done. */
  readonly at: EpochMicros
  /** The exchange's day of it. */
  readonly date: string
}

/** Of a fill beyond flat the closed part's fee is rounded half to even here, and the rest is the next trade's. */
const FEE_DIGITS = 12

/** The trades of one position, in the order of their opening. */
export class TripLog {
  #closed: Trip[] = []
  #open: Trip | undefined = undefined

  get closed(): readonly Trip[] {
    return this.#closed
  }

  get open(): Trip | undefined {
    return this.#open
  }

  /** `seen`: by the marks of what it closes. */
  fill(deal: Deal, seen: Excursions): void {
    const { before, after, fill, at } = deal
    const [from, to] = [sideOf(before.quantity), sideOf(after.quantity)]
    const fee = fill.fee ?? ZERO
    if (this.#open === undefined || from === undefined) {
      this.#begin(to, at, after.quantity, fee)
      return
    }
    if ((fill.side === 'buy') === (from === 'long')) {
      this.#open = grown(this.#open, after.quantity, fee)
      return
    }
    const isFlip = to !== undefined && to !== from
    const own = isFlip ? multiplyDivide(fee, absolute(before.quantity), fill.quantity, FEE_DIGITS) : fee
    this.#open = reduced(this.#open, deal, own)
    if (to === from) return
    this.#end(at, deal.date, seen)
    this.#begin(to, at, after.quantity, subtract(fee, own))
  }

  /** What is held is this by somebody's word. What it closes, it closes without a price. */
  state(before: Position, after: Position, at: EpochMicros, seen: Excursions): void {
    const [from, to] = [sideOf(before.quantity), sideOf(after.quantity)]
    const isLess = compare(absolute(after.quantity), absolute(before.quantity)) < 0
    if (this.#open !== undefined && (isLess || to !== from)) this.#open = { ...this.#open, isTold: false }
    if (to === from) {
      if (this.#open !== undefined) this.#open = grown(this.#open, after.quantity, ZERO)
      return
    }
    this.#end(at, undefined, seen)
    this.#begin(to, at, after.quantity, ZERO)
  }

  /** A fee that came apart from its fill, which was done at `at`. */
  charge(fee: Decimal, at: EpochMicros): void {
    let index = this.#closed.length
    while (index > 0 && (this.#closed[index - 1]?.closed ?? 0) >= at) index -= 1
    const closed = this.#closed[index]
    if (closed !== undefined) this.#closed[index] = { ...closed, fees: add(closed.fees, fee) }
    else if (this.#open !== undefined) this.#open = { ...this.#open, fees: add(this.#open.fees, fee) }
    else {
      const last = this.#closed.at(-1)
      if (last !== undefined) this.#closed[index - 1] = { ...last, fees: add(last.fees, fee) }
    }
  }

  /** All fills anew: a trade that began at the same time keeps what the marks had shown of it. */
  restate(deals: readonly Deal[], seen: Excursions): void {
    const known = new Map(this.#closed.map(trip => [keyOf(trip), trip.excursions]))
    if (this.#open !== undefined) known.set(keyOf(this.#open), widened(this.#open.excursions, seen))
    this.#closed = []
    this.#open = undefined
    for (const deal of deals) this.fill(deal, NO_EXCURSIONS)
    const kept = (trip: Trip): Trip => {
      const excursions = known.get(keyOf(trip))
      return excursions === undefined ? trip : { ...trip, excursions: widened(trip.excursions, excursions) }
    }
    this.#closed = this.#closed.map(kept)
    if (this.#open !== undefined) this.#open = kept(this.#open)
  }

  #begin(side: Trip['side'] | undefined, at: EpochMicros, quantity: Decimal, fees: Decimal): void {
    if (side === undefined) return
    this.#open = {
      side,
      opened: at,
      closed: undefined,
      quantity: absolute(quantity),
      units: ZERO,
      isTold: true,
      fees,
      excursions: NO_EXCURSIONS,
      tradeDate: undefined,
    }
  }

  #end(at: EpochMicros, tradeDate: string | undefined, seen: Excursions): void {
    if (this.#open === undefined) return
    const excursions = widened(this.#open.excursions, seen)
    this.#closed.push({ ...this.#open, closed: at, tradeDate, excursions })
    this.#open = undefined
  }
}

function grown(trip: Trip, quantity: Decimal, fee: Decimal): Trip {
  return { ...trip, quantity: maximum(trip.quantity, absolute(quantity)), fees: add(trip.fees, fee) }
}

/** The price of a fill that closes is one that the trade has seen, with or without a mark there. */
function reduced(trip: Trip, { before, after, fill }: Deal, fee: Decimal): Trip {
  if (before.isCostUnknown) return { ...trip, isTold: false, fees: add(trip.fees, fee) }
  const there = { units: unrealizedAt(before, fill.price), quantity: before.quantity }
  const isLoss = decimalSign(there.units) < 0
  const seen = isLoss ? { ...NO_EXCURSIONS, worst: there } : { ...NO_EXCURSIONS, best: there }
  return {
    ...trip,
    units: add(trip.units, subtract(after.realized, before.realized)),
    fees: add(trip.fees, fee),
    excursions: widened(trip.excursions, seen),
  }
}

function keyOf({ side, opened }: Trip): string {
  return `${side} ${opened}`
}
