import type { FactSource } from '../instruments/index.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { BandResult } from './band-diff.ts'
import type { Cause } from './causes.ts'
import type { Spread } from './distribution.ts'
import type { FieldResult } from './field-diff.ts'
import type { ComparedField } from './fields.ts'
import type { Counted } from './first-ones.ts'
import type { LagGrowth } from './lag-trail.ts'
import type { Both } from './pairing.ts'
import type { Place } from './place.ts'
import type { FieldPlan, PairPlan } from './plan.ts'
import type { Which } from './side.ts'
import type { LateQuote, Silence } from './side-quote.ts'
import type { JudgedField } from './tolerance.ts'

/** Two wires and one market, as plain data. Times of a pair are on the time of a; b − a is what a figure says. */
export interface DiffReport {
  readonly a: SideReport
  readonly b: SideReport
  readonly pairs: readonly PairReport[]
  /** Instruments that only one side has. */
  readonly only: Both<readonly string[]>
  readonly verdict: Verdict
}

export interface SideReport {
  /** As the user wrote it. */
  readonly choice: string
  readonly tape: string
  readonly synthetic: boolean
  readonly feeds: readonly string[]
  readonly updates: number
  readonly start: EpochMicros
  readonly end: EpochMicros
  /** Where it is asked, and does not stream. */
  readonly pollsEvery?: Micros
  /** Connections of it that ended. */
  readonly ends: number
}

export interface PairReport {
  readonly instrument: string
  readonly a: QuoteReport
  readonly b: QuoteReport
  /** The smallest step of the price, and who says so. */
  readonly tick?: { readonly size: string; readonly source: FactSource }
  readonly lag: LagReport
  readonly fields: readonly FieldReport[]
  readonly band?: BandResult
  /** Fields that the other side does not have. */
  readonly only: Both<readonly ComparedField[]>
  /** Quotes with an older wire time than what the other side had given before. */
  readonly late: Both<Counted<LateQuote>>
  /** What explains the differences, the nearest cause first. */
  readonly explanations: readonly Explanation[]
}

export interface QuoteReport {
  readonly names: readonly string[]
  readonly updates: number
  readonly delay?: number | null
  readonly mode?: string | null
  readonly marketState?: string | null
  readonly crossed: Counted<Place>
  readonly locked: Counted<Place>
  /** Older than what the same side had said before under any of its names; they are not applied. */
  readonly late: Counted<LateQuote>
  readonly longestSilence?: Silence
}

export interface LagReport {
  /** What b is taken to be behind a by, and why. */
  readonly taken: Micros
  readonly takenFrom: PairPlan['takenFrom']
  /** Of the changes that both have, by receipt. */
  readonly spread?: Spread
  readonly drift?: Micros
  /** Where it runs away: more than is followed. */
  readonly growth?: LagGrowth
}

export interface FieldReport extends FieldResult {
  readonly field: ComparedField
  readonly axis: FieldPlan['axis']
  readonly settle: Micros
  /** Whether distances are in ticks. */
  readonly isInTicks: boolean
  /** Of the time in which one side has a value, that in which both have. */
  readonly coverage: number | undefined
  /** Of the settled time, that in which both say the same. */
  readonly agreement: number | undefined
  readonly coarse: FieldPlan['coarse']
  /** The one side that is asked, beside one that streams. */
  readonly polled?: Which
}

export interface Explanation {
  readonly kind: 'lag' | 'growth' | 'rolled' | 'names' | 'polled' | 'conflated' | 'band' | 'constant' | Cause
  readonly text: string
}

/** A question with a yes or a no. */
export interface Judgement {
  readonly instrument: string
  readonly what: JudgedField | 'lag' | 'coverage'
  readonly isWithin: boolean
  readonly allowed: string
  readonly found: string
}

export interface Verdict {
  readonly isWithin: boolean
  /** Whether anything could be compared. */
  readonly isCompared: boolean
  readonly judgements: readonly Judgement[]
}
