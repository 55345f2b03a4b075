/** So many, and when they are full every two become one: at any length of a recording there are 32 to 64. */
export const MOST_STRETCHES = 64

/**
 * Cuts a run of packets into equally long stretches. What is counted by stretch shows how much it moves by itself
 * within one recording: a snapshot's fields stand in the first stretch only, and no test may take that for a rate.
 */
export class Stretches {
  /** Packets in one. */
  size = 1
  count = 0

  next(): void {
    if (this.count === this.size * MOST_STRETCHES) this.size *= 2
    this.count += 1
  }

  /** Of the latest packet. */
  get index(): number {
    return Math.floor((this.count - 1) / this.size)
  }
}

/** A sum by stretch. */
export class StretchSum {
  #size = 1
  #sums: number[] = []

  add({ size, index }: Stretches, amount = 1): void {
    this.#fold(size)
    while (this.#sums.length <= index) this.#sums.push(0)
    this.#sums[index] = (this.#sums[index] ?? 0) + amount
  }

  /** One for each stretch, those without any among them. */
  result({ size, count }: Stretches): readonly number[] {
    this.#fold(size)
    const length = Math.ceil(count / size)
    return Array.from({ length }, (_, index) => this.#sums[index] ?? 0)
  }

  #fold(size: number): void {
    for (; this.#size < size; this.#size *= 2) this.#sums = pairwise(this.#sums)
  }
}

/** Every two neighbours as one. */
export function pairwise(sums: readonly number[]): number[] {
  const folded: number[] = []
  for (let at = 0; at < sums.length; at += 2) folded.push((sums[at] ?? 0) + (sums[at + 1] ?? 0))
  return folded
}
