import type { Clock } from '../../src/model/clock.ts'
import type { Micros } from '../../src/model/time.ts'
import type { Timers } from '../../src/model/timers.ts'

export interface ManualTime {
  readonly clock: Clock
  readonly timers: Timers
  /** Fires what is due, in order. */
  advance(by: Micros): void
  /** Both clocks go on and nothing runs: what was due comes late, with the next `advance`. */
  stall(by: Micros): void
  /** The wall clock is set; the monotonic one does not notice. */
  step(by: Micros): void
}

/** 2026-11-20T12:00:00Z. */
export const NOON = Date.UTC(2026, 10, 20, 12) * 1000

export function manualTime(): ManualTime {
  let at: Micros = 5_000_000
  let ahead = NOON - at
  let timers: { readonly due: Micros; readonly then: () => void }[] = []
  return {
    clock: { now: () => at + ahead, monotonic: () => at },
    timers: {
      after(delay, then) {
        const timer = { due: at + delay, then }
        timers.push(timer)
        return () => {
          timers = timers.filter(other => other !== timer)
        }
      },
    },
    advance(by) {
      const end = at + by
      for (;;) {
        const [next] = timers.filter(timer => timer.due <= end).sort((a, b) => a.due - b.due)
        if (next === undefined) break
        timers = timers.filter(timer => timer !== next)
        at = Math.max(at, next.due)
        next.then()
      }
      at = end
    },
    stall(by) {
      at += by
    },
    step(by) {
      ahead += by
    },
  }
}
