import type { Micros } from './time.ts'

/** The door to waiting: runs `then` once after the delay, and gives the way to call it off. */
export interface Timers {
  after(delay: Micros, then: () => void): () => void
  /**
   * Runs `then` once, when all that was ready to be read has been. It is given the way to hold the whole thread for about
   * so long. Only the machine's own have it.
   */
  readonly behindReading?: (then: (nap: (delay: Micros) => void) => void) => void
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
  behindReading(then) {
    setImmediate(then, nap)
  },
}

/** Nobody ever wakes this. */
const NEVER = new Int32Array(new SharedArrayBuffer(4))

function nap(delay: Micros): void {
  Atomics.wait(NEVER, 0, 0, delay / 1000)
}

/** Resolves after the delay, by whatever timers are given. */
export function pause(timers: Timers, delay: Micros): Promise<void> {
  return new Promise(resolve => {
    timers.after(delay, resolve)
  })
}
