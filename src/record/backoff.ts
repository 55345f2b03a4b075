import type { Random } from '../model/random.ts'
import type { Micros } from '../model/time.ts'

const FIRST = 1_000_000
const LONGEST = 60_000_000

/** Growing pauses with full jitter: between nothing and 1, 2, 4 … 60 s, so that many clients do not come at once. */
export interface Backoff {
  next(): Micros
  /** The venue took us in: the next pause is short again. */
  reset(): void
}

export function createBackoff(random: Random): Backoff {
  let ceiling = FIRST
  return {
    next() {
      const wait = Math.round(random.next() * ceiling)
      ceiling = Math.min(ceiling * 2, LONGEST)
      return wait
    },
    reset() {
      ceiling = FIRST
    },
  }
}
