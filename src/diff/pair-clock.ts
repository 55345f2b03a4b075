import type { EpochMicros, Micros } from '../model/time.ts'
import type { FieldPlan } from './plan.ts'
import type { Which } from './side.ts'

/** How far both tapes have been read, each in its own receipt time. */
export interface Reach {
  readonly a: EpochMicros
  readonly b: EpochMicros
  /** When the tapes began. */
  readonly startA: EpochMicros
  readonly startB: EpochMicros
}

/** How much of what a change's lag is off by is taken for drift: some fifty changes make it follow. */
const FOLLOWS = 0.02

/** The common time of two sides: that of a, with b's lag taken off. */
export class PairClock {
  readonly reach: Reach
  readonly #lag: Micros
  /** What a single change is taken to be off by: a price that has come back is no clock. */
  readonly #most: Micros
  /** By how much the lag has moved since: two clocks never go the same. */
  #drift = 0

  constructor(lag: Micros, settle: Micros, reach: Reach) {
    this.#lag = lag
    this.#most = settle
    this.reach = reach
  }

  /** A change that both have, b by so much later. */
  met(lag: Micros): void {
    const off = lag - this.#lag - this.#drift
    this.#drift += Math.min(Math.max(off, -this.#most), this.#most) * FOLLOWS
  }

  common(which: Which, time: EpochMicros, plan: FieldPlan): EpochMicros {
    return which === 'a' ? time : time - this.offsetOf(plan)
  }

  /** Followed in steps, so that mere unevenness moves nothing. */
  offsetOf({ axis, offset, settle }: FieldPlan): Micros {
    if (axis === 'wire') return offset
    const step = settle / 2
    return offset + Math.trunc(this.#drift / step) * step
  }

  /** Up to where both have been read, by receipt. */
  readOn(plan: FieldPlan): EpochMicros {
    return Math.min(this.reach.a, this.reach.b - this.offsetOf(plan))
  }

  /** By the wire's own time nothing is known of a side before its first value. */
  startOf(plan: FieldPlan): EpochMicros {
    return plan.axis === 'receipt' ? Math.max(this.reach.startA, this.reach.startB - plan.offset) : 0
  }
}
