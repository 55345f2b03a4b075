import type { Micros } from './time.ts'

/** The door to waiting: runs `then` once after the delay, and gives the way to call it off. */
export interface Timers {
  after(delay: Micros, then: () => void): () => void
}

/** What is longer, Node's own timers take for 1 ms: 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1

/** The one place that starts a real timer. */
export const systemTimers: Timers = {
  after(delay, then) {
    let callOff = (): void => {}
    const wait = (ms: number): void => {
      const now = Math.min(ms, LONGEST_MS)
      const timer = setTimeout(() => (ms > now ? wait(ms - now) : then()), now)
      callOff = () => clearTimeout(timer)
    }
    wait(delay / 1000)
    return () => callOff()
  },
}

/** Resolves after the delay, by whatever timers are given. */
export function pause(timers: Timers, delay: Micros): Promise<void> {
  return new Promise(resolve => {
    timers.after(delay, resolve)
  })
}
