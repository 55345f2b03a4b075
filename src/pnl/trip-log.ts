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

/** Which trade a fill belongs to, by its place, and what it cost so far. */
interface Share {
  readonly trip: number
  /** How much of its quantity it closed, where the rest opened the next. */
  readonly closed: Decimal | undefined
  readonly quantity: Decimal
  readonly fee: Decimal
}

/** Of a fill beyond flat the closed part's fee is rounded half to even here, and the rest is the next trade's. */
const FEE_DIGITS = 12

/** The trades of one position, in the order of their opening. */
export class TripLog {
  #closed: Trip[] = []
  #open: Trip | undefined = undefined
  /** By the fill's id. */
  readonly #shares = new Map<string, Share>()

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
    const isFlip = this.#open !== undefined && from !== undefined && to !== undefined && to !== from
    const closed = isFlip ? absolute(before.quantity) : undefined
    const share = { trip: this.#closed.length, closed, quantity: fill.quantity, fee }
    if (fill.id !== undefined) this.#shares.set(fill.id, share)
    if (this.#open === undefined || from === undefined) {
      this.#begin(to, at, after.quantity, fee)
      return
    }
    if ((fill.side === 'buy') === (from === 'long')) {
      this.#open = grown(this.#open, after.quantity, fee)
      return
    }
    const own = closedFee(share)
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

  /** A fee that came apart from its fill, which was done at `at`: shared as if it had come with it. */
  charge(fee: Decimal, at: EpochMicros, fill?: string): void {
    const share = fill === undefined ? undefined : this.#shares.get(fill)
    if (fill === undefined || share === undefined) {
      this.#chargeAt(fee, at)
      return
    }
    const charged = { ...share, fee: add(share.fee, fee) }
    const own = subtract(closedFee(charged), closedFee(share))
    this.#shares.set(fill, charged)
    this.#chargeTrip(share.trip, own)
    if (share.closed !== undefined) this.#chargeTrip(share.trip + 1, subtract(fee, own))
  }

  /** Of no fill that is known: the trade that was open then. */
  #chargeAt(fee: Decimal, at: EpochMicros): void {
    let index = this.#closed.length
    while (index > 0 && (this.#closed[index - 1]?.closed ?? 0) >= at) index -= 1
    const isLast = index === this.#closed.length && this.#open === undefined
    this.#chargeTrip(isLast ? index - 1 : index, fee)
  }

  #chargeTrip(index: number, fee: Decimal): void {
    const closed = this.#closed[index]
    if (closed !== undefined) this.#closed[index] = { ...closed, fees: add(closed.fees, fee) }
    else if (this.#open !== undefined) this.#open = { ...this.#open, fees: add(this.#open.fees, fee) }
  }

  /** All fills anew: a trade that began at the same time keeps what the marks had shown of it. */
  restate(deals: readonly Deal[], seen: Excursions): void {
    const before = createKeys()
    const known = new Map(this.#closed.map(trip => [before(trip), trip.excursions]))
    if (this.#open !== undefined) known.set(before(this.#open), widened(this.#open.excursions, seen))
    this.#closed = []
    this.#open = undefined
    this.#shares.clear()
    for (const deal of deals) this.fill(deal, NO_EXCURSIONS)
    const after = createKeys()
    const kept = (trip: Trip): Trip => {
      const excursions = known.get(after(trip))
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
    // A fill that is told late may have been done before the one that opened.
    const closed = Math.max(at, this.#open.opened)
    this.#closed.push({ ...this.#open, closed, tradeDate, excursions })
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

/** What is of the fill's fee the closed part's. */
function closedFee({ fee, closed, quantity }: Share): Decimal {
  return closed === undefined ? fee : multiplyDivide(fee, closed, quantity, FEE_DIGITS)
}

/** By side and opening; those that are alike in both are numbered in their order. */
function createKeys(): (trip: Trip) => string {
  const seen = new Map<string, number>()
  return ({ side, opened }) => {
    const key = `${side} ${opened}`
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    return `${key} ${count}`
  }
}
