import type { Clock } from '../model/clock.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { pause, type Timers } from '../model/timers.ts'

export interface Pace {
  /** 1 is the recorded pace, 10 ten times as fast. */
  readonly speed: number
  readonly clock: Clock
  readonly timers: Timers
}

/** Virtual time is advanced at least this often while the recording is quiet, so that output does not bunch up. */
const STRIDE: Micros = 200_000

/**
 * Holds virtual time to a pace of the real one. `advance` is called on the way; what it does depends on the
 * virtual times alone, so the result is the same at any speed.
 */
export function createPacer(
  start: EpochMicros,
  { speed, clock, timers }: Pace,
  advance: (at: EpochMicros) => void,
): (at: EpochMicros) => Promise<void> {
  const began = clock.monotonic()
  let virtual = start
  return async at => {
    while (virtual < at) {
      virtual = Math.min(at, virtual + Math.ceil(STRIDE * speed))
      const wait = began + (virtual - start) / speed - clock.monotonic()
      if (wait > 0) await pause(timers, wait)
      if (virtual < at) advance(virtual)
    }
  }
}
