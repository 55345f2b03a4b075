import type { Micros } from './time.ts'

/** The door to waiting: runs `then` once after the delay, and gives the way to call it off. */
export interface Timers {
  after(delay: Micros, then: () => void): () => void
}

/** The one place that starts a real timer. */
export const systemTimers: Timers = {
  after(delay, then) {
    const timer = setTimeout(then, delay / 1000)
    return () => clearTimeout(timer)
  },
}

/** Resolves after the delay, by whatever timers are given. */
export function pause(timers: Timers, delay: Micros): Promise<void> {
  return new Promise(resolve => {
    timers.after(delay, resolve)
  })
}
