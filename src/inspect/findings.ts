import type { Finding, Findings } from './inspection.ts'

const KEPT = 20

/** Counts all, keeps the first: a long tape must not fill the memory. */
export class FindingsCount {
  #count = 0
  readonly #first: Finding[] = []

  add(finding: Finding): void {
    this.#count += 1
    if (this.#first.length < KEPT) this.#first.push(finding)
  }

  result(): Findings {
    return { count: this.#count, first: this.#first }
  }
}
