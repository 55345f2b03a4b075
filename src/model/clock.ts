import type { EpochMicros } from './time.ts'

/** The door to time. Replay has its own; only a recording and a live venue meet the real one. */
export interface Clock {
  /** Wall time. It may step. */
  now(): EpochMicros
  /** Microseconds by a clock that never goes back; only differences mean anything. */
  monotonic(): number
}

/** The one place that reads the machine's clocks. */
export const systemClock: Clock = {
  now: () => Math.round((performance.timeOrigin + performance.now() + wallDriftMs()) * 1000),
  monotonic: () => Math.round(performance.now() * 1000),
}

// performance.timeOrigin does not follow the wall clock when that is set; Date.now does, to the millisecond.
function wallDriftMs(): number {
  const drift = Date.now() - (performance.timeOrigin + performance.now())
  return Math.abs(drift) < 2 ? 0 : drift
}
