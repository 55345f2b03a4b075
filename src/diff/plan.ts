import type { Micros } from '../model/time.ts'
import type { Rounding } from './amount.ts'
import type { FoundLag } from './lag-search.ts'
import type { Both } from './pairing.ts'
import type { Which } from './side.ts'

/** By which time values are laid one beside the other. */
export type Axis = 'wire' | 'receipt'

/** How one field of a pair is compared. */
export interface FieldPlan {
  readonly axis: Axis
  /** By how much b comes behind a on that axis. */
  readonly offset: Micros
  /** How long after the wire's time the last of them came; 0 by receipt. */
  readonly lateness: Both<Micros>
  /** A difference is one when it lasts longer than this: what comes and goes sooner is the lag's own unevenness. */
  readonly settle: Micros
  /** The side that keeps fewer decimals, how many, and how it came by them. */
  readonly coarse: { readonly side: Which; readonly scale: number; readonly rounding: Rounding } | undefined
}

export interface PairPlan {
  /** By receipt; `undefined` where it could not be found. */
  readonly lag: FoundLag | undefined
  /** What is taken for it there: of the other pairs, what is declared, or nothing. */
  readonly taken: Micros
  readonly takenFrom: 'found' | 'others' | 'declared' | 'nothing'
  readonly fields: ReadonlyMap<number, FieldPlan>
  /** Of a field that the probe has not met. */
  readonly other: FieldPlan
}

export const LEAST_SETTLE: Micros = 50_000
const MOST_SETTLE: Micros = 5_000_000

export function settleOf(jitter: Micros): Micros {
  return Math.min(Math.max(2 * jitter + 10_000, LEAST_SETTLE), MOST_SETTLE)
}
