import type { Micros } from '../model/time.ts'
import type { Holding } from './holding.ts'

/**
 * Which mark grows stale next: a heap in which each position stands at a time that is never later than that of its
 * mark. A younger mark moves nothing, so that a quote costs the same for any number of positions; a position whose
 * time has come is put back where its mark is younger by then.
 */
export class StaleQueue {
  readonly #heap: Place[] = []

  /** Never later than the first mark to grow stale. */
  get nextDue(): Micros {
    return this.#heap[0]?.due ?? Number.POSITIVE_INFINITY
  }

  /** Its mark may grow stale earlier than it stands here. */
  add(holding: Holding): void {
    const due = holding.staleAt
    holding.queuedAt = due
    this.#push({ due, holding })
  }

  /** Those whose marks are stale at `due`, in the order of their first fills. */
  take(due: Micros): readonly Holding[] {
    const stale: Holding[] = []
    while (this.nextDue <= due) {
      const place = this.#pop()
      // A position that was put in again stands at its earliest place only.
      if (place === undefined || place.holding.queuedAt !== place.due) continue
      const { holding } = place
      holding.queuedAt = Number.POSITIVE_INFINITY
      if (holding.staleAt <= due) stale.push(holding)
      else if (holding.staleAt < Number.POSITIVE_INFINITY) this.add(holding)
    }
    return stale.length < 2 ? stale : stale.sort((a, b) => a.order - b.order)
  }

  #push(place: Place): void {
    const heap = this.#heap
    let index = heap.length
    heap.push(place)
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent]
      if (above === undefined || above.due <= place.due) break
      heap[index] = above
      index = parent
    }
    heap[index] = place
  }

  #pop(): Place | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      const right = left + 1
      const child = (heap[right]?.due ?? Number.POSITIVE_INFINITY) < (heap[left]?.due ?? 0) ? right : left
      const below = heap[child]
      if (below === undefined || below.due >= last.due) break
      heap[index] = below
      index = child
    }
    heap[index] = last
    return first
  }
}

interface Place {
  readonly due: Micros
  readonly holding: Holding
}
