import type { BenchOptions } from './options.ts'

/** Rows that are measured together, against floors of their own. */
export interface Bench {
  readonly name: string
  readonly summary: string
  /** Runs where none is named. */
  readonly isDefault: boolean
  /** Prints its rows; false where the outcome of one is wrong. A missed target is printed and nothing else. */
  run(options: BenchOptions): Promise<boolean>
}
