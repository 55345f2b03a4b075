import { type Random, seededRandom } from '../../model/random.ts'

/** Values kept of any number of them, each as likely as the others: enough for a median and quartiles. */
const KEPT = 512

export interface Spread {
  readonly count: number
  readonly min: number
  readonly lower: number
  readonly median: number
  readonly upper: number
  readonly max: number
}

/** A sample that is the same for the same values in the same order. */
export class Reservoir {
  readonly #random: Random = seededRandom(1)
  readonly #kept: number[] = []
  #count = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  add(value: number): void {
    this.#count += 1
    this.#min = Math.min(this.#min, value)
    this.#max = Math.max(this.#max, value)
    if (this.#kept.length < KEPT) this.#kept.push(value)
    else {
      const at = Math.floor(this.#random.next() * this.#count)
      if (at < KEPT) this.#kept[at] = value
    }
  }

  result(): Spread | undefined {
    if (this.#count === 0) return undefined
    const sorted = this.#kept.toSorted((a, b) => a - b)
    const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
    return {
      count: this.#count,
      min: this.#min,
      lower: at(0.25),
      median: at(0.5),
      upper: at(0.75),
      max: this.#max,
    }
  }
}
