/** What became of a golden case, in words: what JUnit, Markdown and annotations are written from. */
export interface VerifiedCase {
  readonly name: string
  readonly verdict: 'equal' | 'differs' | 'unusable' | 'orphan'
  /** One line; empty where it is equal. */
  readonly message: string
  readonly lines: readonly string[]
  /** The fixture that says otherwise, relative to where the program was started, with `/`. */
  readonly path: string
  /** From 1. */
  readonly line: number
}

/** Cases that differ for what looks like one reason. */
export interface VerifiedGroup {
  readonly first: VerifiedCase
  readonly others: readonly string[]
  /** What the others have in common with the first: `same key fields.last`. */
  readonly likeness: string
}

export interface VerifiedFolder {
  readonly folder: string
  /** In the order of their names; orphans at the end. */
  readonly cases: readonly VerifiedCase[]
  /** Nearest cause first. */
  readonly groups: readonly VerifiedGroup[]
  /** `43 of 128 cases (shard 1/3): 42 equal, 1 different`. */
  readonly summary: string
}
