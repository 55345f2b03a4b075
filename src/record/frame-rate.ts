import type { Micros } from '../model/time.ts'

const WINDOW: Micros = 10_000

/** How many frames come: those of this window of 10 ms, or of the one right before it, whichever are more. */
export class FrameRate {
  #from: Micros = 0
  #frames = 0
  #before = 0

  /** One more, at this time. */
  add(at: Micros): number {
    const age = at - this.#from
    if (age >= WINDOW) {
      this.#before = age < 2 * WINDOW ? this.#frames : 0
      this.#from = at
      this.#frames = 0
    }
    this.#frames += 1
    return Math.max(this.#before, this.#frames)
  }
}
