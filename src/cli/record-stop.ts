import type { Clock } from '../model/clock.ts'
import type { Micros } from '../model/time.ts'

/** Launchers, process groups and `timeout` pass the same wish on twice. */
const SAME_WISH: Micros = 500_000

export interface StopOptions {
  readonly clock: Clock
  /** End in order. */
  readonly onFirst: () => void
  /** Now. */
  readonly onSecond: () => void
}

/** What each signal means: the first, the same again, or a second. */
export function createStop({ clock, onFirst, onSecond }: StopOptions): () => void {
  let firstAt: Micros | undefined
  return () => {
    const at = clock.monotonic()
    if (firstAt === undefined) {
      firstAt = at
      onFirst()
    } else if (at - firstAt >= SAME_WISH) onSecond()
  }
}
