import type { EpochMicros } from '../model/time.ts'

/** Held back at most; beyond it the earliest goes on, whether the other side has come as far or not. */
const MOST_HELD = 100_000

/**
 * Several streams, each in the order of its own times, as one. What one of them has ahead of the others waits here
 * until they have come as far.
 */
export class Timeline<T> {
  /** How often the earliest could not be waited for. */
  forced = 0
  readonly #streams: readonly Queue<T>[]
  readonly #take: (stream: number, item: T, at: EpochMicros) => void

  constructor(streams: number, take: (stream: number, item: T, at: EpochMicros) => void) {
    this.#streams = Array.from({ length: streams }, () => new Queue<T>())
    this.#take = take
  }

  push(stream: number, at: EpochMicros, item: T): void {
    const queue = this.#streams[stream]
    if (queue === undefined) return
    queue.push(at, item)
    if (queue.length <= MOST_HELD) return
    this.forced += 1
    this.drain(queue.firstAt ?? at)
  }

  /** Hands on all up to and with this time; of one moment the earlier stream first. */
  drain(until: EpochMicros): void {
    for (;;) {
      let first: Queue<T> | undefined
      let stream = -1
      let at = until
      for (const [index, queue] of this.#streams.entries()) {
        const next = queue.firstAt
        if (next === undefined || next > until || (first !== undefined && next >= at)) continue
        first = queue
        stream = index
        at = next
      }
      const item = first?.shift()
      if (item === undefined) return
      this.#take(stream, item, at)
    }
  }
}

class Queue<T> {
  #items: { readonly at: EpochMicros; readonly item: T }[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  get firstAt(): EpochMicros | undefined {
    return this.#items[this.#head]?.at
  }

  push(at: EpochMicros, item: T): void {
    // A wire's time that goes back a little is taken for the one before.
    const last = this.#head < this.#items.length ? (this.#items.at(-1)?.at ?? at) : at
    this.#items.push({ at: Math.max(at, last), item })
  }

  shift(): T | undefined {
    const first = this.#items[this.#head]
    if (first === undefined) return undefined
    this.#head += 1
    if (this.#head === this.#items.length) {
      this.#items = []
      this.#head = 0
    } else if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return first.item
  }
}
