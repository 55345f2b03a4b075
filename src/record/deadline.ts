import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'

/** A signal that is aborted when it takes too long, or when the whole is over. `end` has to be called. */
export class Deadline {
  /** Whether it took too long. */
  isLate = false
  readonly #over = new AbortController()
  readonly #timers: Timers
  readonly #patience: Micros
  readonly #stopping: AbortSignal
  readonly #stopped = (): void => this.#over.abort()
  #callOff = (): void => {}

  constructor(timers: Timers, patience: Micros, stopping: AbortSignal) {
    this.#timers = timers
    this.#patience = patience
    this.#stopping = stopping
    if (stopping.aborted) this.#over.abort()
    stopping.addEventListener('abort', this.#stopped)
    this.renew()
  }

  get signal(): AbortSignal {
    return this.#over.signal
  }

  /** Something came: the patience is whole again. */
  renew(): void {
    this.#callOff()
    this.#callOff = this.#timers.after(this.#patience, () => {
      this.isLate = true
      this.#over.abort()
    })
  }

  /** Not until `renew`: we are not waiting for them. */
  rest(): void {
    this.#callOff()
  }

  end(): void {
    this.#callOff()
    this.#stopping.removeEventListener('abort', this.#stopped)
  }
}
