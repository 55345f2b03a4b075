import type { Clock } from '../model/clock.ts'
import type { Timers } from '../model/timers.ts'
import type { Notebook } from './notebook.ts'
import { Pulse, stallText } from './pulse.ts'
import type { Recording } from './recording.ts'

/** What goes wrong on our own side of the socket, onto the tape and to whoever watches. */
export class SelfWatch {
  readonly #recording: Recording
  readonly #notebook: Notebook
  readonly #pulse: Pulse
  #isGone = false

  constructor(recording: Recording, notebook: Notebook, clock: Clock, timers: Timers) {
    this.#recording = recording
    this.#notebook = notebook
    this.#pulse = new Pulse(clock, timers, stall => {
      recording.checkClock()
      notebook.note(stallText(stall))
    })
  }

  /** Whether the tape, or a part of it, was deleted under us. */
  get isGone(): boolean {
    return this.#isGone
  }

  start(): void {
    this.#pulse.start()
  }

  stop(): void {
    this.#pulse.stop()
  }

  /** About each second, and before the end. */
  async look(): Promise<void> {
    this.#recording.checkClock()
    if (this.#isGone || !(await this.#recording.isGone().catch(() => false))) return
    this.#isGone = true
    this.#notebook.tell(`${this.#recording.path} was deleted: what is recorded now will be gone at the end`)
  }
}
