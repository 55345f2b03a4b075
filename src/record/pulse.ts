import type { Clock } from '../model/clock.ts'
import { durationText, type Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'

/** Nothing ran here for longer than it should have. */
export interface Stall {
  /** How late the beat came, by the monotonic clock. */
  readonly late: Micros
  /** How much further than due the wall clock went. */
  readonly wall: Micros
}

const PERIOD: Micros = 100_000
/** A garbage collection, a large frame, a busy machine stay below this; arrival times behind it are late. */
const LATE: Micros = 250_000
/** No work of ours takes so long: the process or the machine was stopped. */
const SUSPENDED: Micros = 5_000_000

/** A timer that knows when it is late: the event loop stood still, or the whole machine. */
export class Pulse {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #onStall: (stall: Stall) => void
  #callOff = (): void => {}

  constructor(clock: Clock, timers: Timers, onStall: (stall: Stall) => void) {
    this.#clock = clock
    this.#timers = timers
    this.#onStall = onStall
  }

  start(): void {
    const monotonic = this.#clock.monotonic()
    const now = this.#clock.now()
    this.#callOff = this.#timers.after(PERIOD, () => {
      const late = this.#clock.monotonic() - monotonic - PERIOD
      const wall = this.#clock.now() - now - PERIOD
      this.start()
      // On Linux the monotonic clock stands while the machine sleeps: only the wall clock shows it.
      if (late > LATE || wall >= SUSPENDED) this.#onStall({ late, wall })
    })
  }

  stop(): void {
    this.#callOff()
  }
}

export function stallText({ late, wall }: Stall): string {
  if (late >= SUSPENDED)
    return `suspended: nothing ran for ${durationText(late)}; arrival times behind it are late`
  if (late > LATE) return `stalled: nothing ran for ${durationText(late)}; arrival times behind it are late`
  return `the wall clock went ${durationText(wall)} ahead at once: the machine slept, or its clock was set`
}
