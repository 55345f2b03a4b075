import type { EpochMicros } from '../model/time.ts'

interface Occurrence {
  readonly at: EpochMicros
  readonly number: number
  run(): void
}

/** What is to happen, in the order of time; at one time in the order in which it was put down. */
export class Agenda {
  /** A heap: none comes before its parent. */
  readonly #heap: Occurrence[] = []
  #count = 0

  add(at: EpochMicros, run: () => void): void {
    this.#count += 1
    const heap = this.#heap
    const one = { at, number: this.#count, run }
    let place = heap.length
    heap.push(one)
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !isBefore(one, parent)) break
      heap[place] = parent
      place = above
    }
    heap[place] = one
  }

  /** Until nothing is left; what happens may put down more. */
  run(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) next.run()
  }

  #take(): Occurrence | undefined {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let place = 0
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]]
      if (left === undefined) break
      const isRight = right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (!isBefore(child, last)) break
      heap[place] = child
      place = 2 * place + (isRight ? 2 : 1)
    }
    heap[place] = last
    return first
  }
}

function isBefore(one: Occurrence, other: Occurrence): boolean {
  return one.at < other.at || (one.at === other.at && one.number < other.number)
}

export function timesOf(from: EpochMicros, end: EpochMicros, every: number): readonly EpochMicros[] {
  return Array.from({ length: Math.floor((end - from) / every) }, (_, n) => from + (n + 1) * every)
}
