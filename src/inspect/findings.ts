import type { Finding, Findings } from './inspection.ts'

const KEPT = 20

/** Counts all, keeps the first: a long tape must not fill the memory. */
export class FindingsCount<F extends Finding = Finding> {
  #count = 0
  readonly #first: F[] = []

  add(finding: F): void {
    this.#count += 1
    if (this.#first.length < KEPT) this.#first.push(finding)
  }

  result(): Findings<F> {
    return { count: this.#count, first: this.#first }
  }
}
