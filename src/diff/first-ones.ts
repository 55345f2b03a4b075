/** How many there were, and the first of them. */
export interface Counted<T> {
  readonly count: number
  readonly first: readonly T[]
}

const KEPT = 10

/** Counts all, keeps the first: a long tape must not fill the memory. */
export class FirstOnes<T> {
  #count = 0
  readonly #first: T[] = []

  get count(): number {
    return this.#count
  }

  /** What is not kept is not made. */
  add(make: () => T): void {
    this.#count += 1
    if (this.#first.length < KEPT) this.#first.push(make())
  }

  result(): Counted<T> {
    return { count: this.#count, first: this.#first }
  }
}
