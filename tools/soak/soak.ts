/** A long run with an oracle. It prints its figures, and the seed with which they can be had again. */
export interface Soak {
  readonly name: string
  readonly usage: string
  readonly summary: string
  /** Whether all was as it has to be. */
  run(args: readonly string[]): Promise<boolean>
}
