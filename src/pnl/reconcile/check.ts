import type { Decimal } from '../../model/decimal.ts'
import type { EpochMicros } from '../../model/time.ts'

/** Two accounts of one thing, held against each other. */
export interface Check {
  /** `fills against the broker’s fill pairs`. */
  readonly name: string
  readonly compared: number
  readonly differences: readonly CheckDifference[]
  /** What explains them, or limits what was compared. */
  readonly notes: readonly string[]
}

export interface CheckDifference {
  /** `NQZ6 quantity`. */
  readonly what: string
  readonly ours: CheckSide
  readonly theirs: CheckSide
  /** Theirs less ours. */
  readonly difference?: Decimal
}

/** One side's word, and where it stands. */
export interface CheckSide {
  readonly text: string
  readonly at?: EpochMicros
  /** `entry 17 of TAPE`, `FILE:3`. */
  readonly place?: string
}

export const NOT_THERE: CheckSide = { text: 'nothing' }

/** What is not known is equal to nothing. */
export const NO_POINT_VALUE = 'not comparable: point value unknown'
