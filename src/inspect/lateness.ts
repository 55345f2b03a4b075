import type { Micros } from '../model/time.ts'
import type { Lateness } from './inspection.ts'

const STEP: Micros = 10_000

/** A distribution in bounded memory: the ends are exact, the median is to 10 ms. */
export class LatenessCount {
  readonly #buckets = new Map<number, number>()
  #count = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  add(lateness: Micros): void {
    const bucket = Math.round(lateness / STEP)
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1)
    this.#count += 1
    this.#min = Math.min(this.#min, lateness)
    this.#max = Math.max(this.#max, lateness)
  }

  result(): Lateness {
    if (this.#count === 0) return { count: 0 }
    return { count: this.#count, min: this.#min, median: this.#median(), max: this.#max }
  }

  /** The lower of the two middle ones where their number is even. */
  #median(): Micros {
    const middle = Math.ceil(this.#count / 2)
    let seen = 0
    for (const [bucket, count] of [...this.#buckets].sort(([a], [b]) => a - b)) {
      seen += count
      if (seen >= middle) return Math.min(Math.max(bucket * STEP, this.#min), this.#max)
    }
    return this.#max
  }
}
