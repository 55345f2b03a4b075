import type { Clock } from '../model/clock.ts'
import type { Timers } from '../model/timers.ts'
import { harmText } from './harm-text.ts'
import type { Notebook } from './notebook.ts'
import { Pulse, stallText } from './pulse.ts'
import type { Recording } from './recording.ts'

/** What goes wrong on our own side of the socket, onto the tape and to whoever watches. */
export class SelfWatch {
  readonly #recording: Recording
  readonly #notebook: Notebook
  readonly #pulse: Pulse
  /** Of which file what was told. */
  readonly #told = new Map<string, string>()

  constructor(recording: Recording, notebook: Notebook, clock: Clock, timers: Timers) {
    this.#recording = recording
    this.#notebook = notebook
    this.#pulse = new Pulse(clock, timers, stall => {
      recording.checkClock()
      notebook.note(stallText(stall))
    })
  }

  start(): void {
    this.#tellRemoved()
    this.#pulse.start()
  }

  stop(): void {
    this.#pulse.stop()
  }

  /** About each second, and before the end. */
  async look(): Promise<void> {
    this.#recording.checkClock()
    for (const harm of await this.#recording.harms()) {
      if (this.#told.get(harm.path) === harm.kind) continue
      this.#told.set(harm.path, harm.kind)
      this.#notebook.tell(harmText(harm, this.#recording.isRotated))
    }
  }

  #tellRemoved(): void {
    const { removedParts } = this.#recording
    const [first, ...others] = removedParts
    if (first === undefined) return
    const last = others.at(-1)
    this.#notebook.tell(
      last === undefined
        ? `removed a part of an older recording: ${first}`
        : `removed ${removedParts.length} parts of an older recording: ${first} to ${last}`,
    )
  }
}
