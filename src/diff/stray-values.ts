import { compare, type Decimal } from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { amountText, distanceOf } from './amount.ts'
import { type Counted, FirstOnes } from './first-ones.ts'
import type { Place } from './place.ts'
import type { Which } from './side.ts'
import type { Change } from './side-quote.ts'
import { isBeyond, type Tolerance } from './tolerance.ts'

/** A value of one side that lies outside all that the other had around that time. */
export interface Stray {
  readonly value: string
  /** What came nearest on the other side. */
  readonly nearest: string
  /** From there to the value; in ticks where the tick is known. */
  readonly distance: number
  readonly place: Place
}

export interface Strays {
  readonly count: number
  readonly worst: Stray | undefined
  readonly beyond: Counted<Stray>
}

/** Kept of what came last; in a market that is faster than that the range is a little too narrow. */
const MOST_KEPT = 512
const LEAST_KEPT = 64

interface Valued {
  readonly time: EpochMicros
  readonly value: Decimal
}

/** What one side had of late, and values of the other that were never near it. */
export class StrayValues {
  readonly #window: Micros
  readonly #tolerance: Tolerance
  readonly #tick: () => Decimal | undefined
  readonly #recent: { a: Valued[]; b: Valued[] } = { a: [], b: [] }
  readonly #beyond = { a: new FirstOnes<Stray>(), b: new FirstOnes<Stray>() }
  readonly #counts = { a: 0, b: 0 }
  readonly #pruneAt = { a: LEAST_KEPT, b: LEAST_KEPT }
  readonly #worst: { a: Stray | undefined; b: Stray | undefined } = { a: undefined, b: undefined }

  constructor(window: Micros, tolerance: Tolerance, tick: () => Decimal | undefined) {
    this.#window = window
    this.#tolerance = tolerance
    this.#tick = tick
  }

  /** The side has this value from now on. */
  had(side: Which, value: Decimal, time: EpochMicros): void {
    const recent = this.#recent[side]
    recent.push({ time, value })
    if (recent.length < this.#pruneAt[side]) return
    // The one that stood when the window began belongs to it.
    const from = recent.findIndex(one => one.time > time - 3 * this.#window)
    recent.splice(0, Math.max(from - 1, recent.length - MOST_KEPT))
    this.#pruneAt[side] = 2 * recent.length + LEAST_KEPT
  }

  /** The other side did not have this value. */
  missed(side: Which, { place, value }: Change, time: EpochMicros): void {
    if (value === null) return
    const edge = this.#nearest(side === 'a' ? 'b' : 'a', value, time)
    if (edge === undefined) return
    this.#counts[side] += 1
    const tick = this.#tick()
    const distance = distanceOf(edge, value, tick)
    const stray = (): Stray => ({ value: amountText(value), nearest: amountText(edge), distance, place })
    const worst = this.#worst[side]
    if (worst === undefined || Math.abs(distance) > Math.abs(worst.distance)) this.#worst[side] = stray()
    if (isBeyond(edge, value, this.#tolerance, tick)) this.#beyond[side].add(stray)
  }

  result(side: Which): Strays {
    return { count: this.#counts[side], worst: this.#worst[side], beyond: this.#beyond[side].result() }
  }

  /** `undefined` where the value lies between what the side had around that time. */
  #nearest(side: Which, value: Decimal, time: EpochMicros): Decimal | undefined {
    let low: Decimal | undefined
    let high: Decimal | undefined
    for (const one of this.#recent[side].toReversed()) {
      if (one.time > time + this.#window) continue
      if (low === undefined || compare(one.value, low) < 0) low = one.value
      if (high === undefined || compare(one.value, high) > 0) high = one.value
      if (one.time < time - this.#window) break
    }
    if (low === undefined || high === undefined) return undefined
    if (compare(value, low) < 0) return low
    return compare(value, high) > 0 ? high : undefined
  }
}
