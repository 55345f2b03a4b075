/** What is kept of many numbers; each may weigh more than another. */
export interface Spread {
  readonly count: number
  readonly mean: number
  readonly min: number
  readonly p1: number
  readonly p10: number
  readonly median: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** Different values that are kept as they are; beyond that their order of magnitude is, to 1 %. */
const EXACT = 1_024
const BASE = Math.log(1.01)

/**
 * A distribution in bounded memory. It is the mirror of itself: of the same numbers with the other sign every figure
 * has the other sign.
 */
export class Distribution {
  #weights = new Map<number, number>()
  #isExact = true
  #count = 0
  #weight = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  get count(): number {
    return this.#count
  }

  get weight(): number {
    return this.#weight
  }

  /** `weight` above zero. */
  add(value: number, weight = 1): void {
    this.#count += 1
    this.#weight += weight
    this.#sum += value * weight
    this.#min = Math.min(this.#min, value)
    this.#max = Math.max(this.#max, value)
    const key = this.#isExact ? value : bucketOf(value)
    this.#weights.set(key, (this.#weights.get(key) ?? 0) + weight)
    if (this.#isExact && this.#weights.size > EXACT) this.#coarsen()
  }

  /** `undefined` of nothing. `shift` is added to every figure. */
  spread(shift = 0): Spread | undefined {
    if (this.#count === 0) return undefined
    const sorted = [...this.#weights].sort(([a], [b]) => a - b)
    const at = (share: number): number => this.#quantile(sorted, share) + shift
    return {
      count: this.#count,
      mean: this.#sum / this.#weight + shift,
      min: this.#min + shift,
      p1: at(0.01),
      p10: at(0.1),
      median: at(0.5),
      p90: at(0.9),
      p99: at(0.99),
      max: this.#max + shift,
    }
  }

  /** The middle between the values that stand before and behind this share of the weight. */
  #quantile(sorted: readonly (readonly [number, number])[], share: number): number {
    const before = this.#standingAt(sorted, share)
    const behind = this.#standingAt(sorted.toReversed(), 1 - share)
    const middle = (before + behind) / 2
    return Math.min(Math.max(middle, this.#min), this.#max)
  }

  #standingAt(sorted: readonly (readonly [number, number])[], share: number): number {
    const wanted = share * this.#weight
    let seen = 0
    for (const [key, weight] of sorted) {
      seen += weight
      // Sums of doubles: what is equal on paper may differ in the last digit.
      if (seen >= wanted - this.#weight * 1e-12) return this.#isExact ? key : middleOf(key)
    }
    return this.#isExact ? (sorted.at(-1)?.[0] ?? 0) : middleOf(sorted.at(-1)?.[0] ?? 0)
  }

  #coarsen(): void {
    const exact = this.#weights
    this.#isExact = false
    this.#weights = new Map()
    for (const [value, weight] of exact) {
      const bucket = bucketOf(value)
      this.#weights.set(bucket, (this.#weights.get(bucket) ?? 0) + weight)
    }
  }
}

/** 0 is 0; magnitudes from 0.001 have buckets from 1, those of negative numbers below 0. */
function bucketOf(value: number): number {
  const magnitude = Math.abs(value)
  if (magnitude < 0.001) return 0
  const bucket = 1 + Math.round(Math.log(magnitude / 0.001) / BASE)
  return value < 0 ? -bucket : bucket
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0
  const magnitude = 0.001 * Math.exp((Math.abs(bucket) - 1) * BASE)
  return bucket < 0 ? -magnitude : magnitude
}
