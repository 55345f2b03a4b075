import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'

/** Resolves after the delay, or when it is called off; the signal says which. */
export function pauseUnless(timers: Timers, delay: Micros, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const over = (): void => {
      callOff()
      signal.removeEventListener('abort', over)
      resolve()
    }
    const callOff = timers.after(delay, over)
    signal.addEventListener('abort', over)
  })
}
