import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import type { Entry, Opcode } from '../tape/index.ts'

/** Whoever received a frame hears of it when it stands on the tape. */
export interface Receiver {
  readonly conn: number
  /** `text` is as it came, secrets and all; absent where the frame is no text. */
  framed(entry: Entry, text: string | undefined): void
}

/** A frame as the socket gave it, and when. */
export interface Arrival {
  readonly at: Micros
  readonly op: Opcode
  readonly bytes: Buffer
  readonly receiver: Receiver
  /** What whoever takes it made of it. */
  entry: Entry | undefined
  text: string | undefined
}

/** More frames than these in 10 ms are a flood; fewer are taken each at once. */
const FLOOD = 50
/** Of a flood so much is taken together, two tenths of a millisecond's work: one by one, between two reads, it costs more. */
const MOST_WAITING = 128
const MOST_WAITING_BYTES = 64 * 1024
/** Nothing waits longer. With the writer's own gathering far below the 100 ms that a crash may cost. */
const LONGEST: Micros = 5_000

/** Frames between the socket and the tape, in the order in which they came. */
export class Inbox {
  readonly #take: (arrival: Arrival) => void
  readonly #timers: Timers
  #arrivals: Arrival[] = []
  /** Of `#arrivals`. */
  #bytes = 0
  #taken = 0
  #isEmptying = false
  #callOff: (() => void) | undefined

  /** `take` puts a frame on the tape. */
  constructor(take: (arrival: Arrival) => void, timers: Timers) {
    this.#take = take
    this.#timers = timers
  }

  /** As one of `rate` frames in 10 ms. */
  add(arrival: Arrival, rate: number): void {
    this.#arrivals.push(arrival)
    this.#bytes += arrival.bytes.length
    const isFull = this.#arrivals.length >= MOST_WAITING || this.#bytes >= MOST_WAITING_BYTES
    if (rate <= FLOOD || isFull) this.empty()
    else this.#callOff ??= this.#timers.after(LONGEST, () => this.#due())
  }

  /**
   * Puts all that waits on the tape, and only then tells their receivers: what these say stands behind everything
   * that had come by then.
   */
  empty(): void {
    if (this.#taken === this.#arrivals.length) return
    const isOutermost = !this.#isEmptying
    this.#isEmptying = true
    while (this.#taken < this.#arrivals.length) {
      const arrival = this.#arrivals[this.#taken]
      this.#taken += 1
      if (arrival !== undefined) this.#take(arrival)
    }
    if (isOutermost) this.#tell()
  }

  /** Nothing comes any more. */
  close(): void {
    this.empty()
    this.#callOff?.()
  }

  #tell(): void {
    for (let told = 0; told < this.#taken; told++) {
      const arrival = this.#arrivals[told]
      if (arrival?.entry !== undefined) arrival.receiver.framed(arrival.entry, arrival.text)
    }
    this.#arrivals = this.#arrivals.slice(this.#taken)
    this.#taken = 0
    this.#bytes = 0
    this.#isEmptying = false
  }

  #due(): void {
    this.#callOff = undefined
    this.empty()
  }
}
