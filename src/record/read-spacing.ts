import type { Clock } from '../model/clock.ts'
import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'

/** More frames than these in 10 ms are so many that being woken for each costs more than recording it. */
const TORRENT = 200
/** So long nothing is read; the system adds some 50 µs. */
const NAP: Micros = 100
/** A reading that brought so many is shared by enough. */
const ENOUGH = 32
/** Where so many in a row take longer (coarse timers, a machine that does not keep up) none is taken for a while. */
const LONG_NAPS = 3
const LONGEST_NAP: Micros = 1_000
const ABSTENTION: Micros = 1_000_000

/**
 * In a torrent, over 20,000 frames a second, sockets are read some tenths of a millisecond apart instead of once a
 * frame, as network cards space their interrupts: being woken costs three times what recording a frame does. What comes
 * meanwhile waits with the system, and is as much late on the tape.
 */
export class ReadSpacing {
  readonly #clock: Clock
  readonly #timers: Timers
  #isDue = false
  /** Since the last nap was arranged. */
  #frames = 0
  /** In a row. */
  #longNaps = 0
  #abstainsUntil: Micros = 0

  constructor(clock: Clock, timers: Timers) {
    this.#clock = clock
    this.#timers = timers
  }

  /** A frame came as one of `frames` in 10 ms, at `now` by the monotonic clock. */
  arrived(now: Micros, frames: number): void {
    this.#frames += 1
    if (this.#isDue || frames <= TORRENT || now < this.#abstainsUntil) return
    const { behindReading } = this.#timers
    if (behindReading === undefined) return
    this.#isDue = true
    this.#frames = 1
    behindReading(nap => this.#rest(nap))
  }

  #rest(nap: (delay: Micros) => void): void {
    this.#isDue = false
    if (this.#frames >= ENOUGH) return
    const from = this.#clock.monotonic()
    nap(NAP)
    const to = this.#clock.monotonic()
    this.#longNaps = to - from > LONGEST_NAP ? this.#longNaps + 1 : 0
    if (this.#longNaps < LONG_NAPS) return
    this.#longNaps = 0
    this.#abstainsUntil = to + ABSTENTION
  }
}
