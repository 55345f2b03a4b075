export type { BandResult, Outside } from './band-diff.ts'
export type { Cause } from './causes.ts'
export type { MissingTick } from './change-match.ts'
export type { DiffOptions } from './diff-options.ts'
export type {
  DiffReport,
  Explanation,
  FieldReport,
  Judgement,
  LagReport,
  PairReport,
  QuoteReport,
  SideReport,
  Verdict,
} from './diff-report.ts'
export { type DiffResult, diffTapes } from './diff-tapes.ts'
export type { Spread } from './distribution.ts'
export { secondsText } from './explain.ts'
export type { Gap } from './field-diff.ts'
export { type ComparedField, FIELD_SPECS, isComparedField } from './fields.ts'
export { distanceText, judgedSides, percentText } from './judge.ts'
export type { Place } from './place.ts'
export { readSideChoice, type SideChoice } from './side-key.ts'
export type { LateQuote, Silence } from './side-quote.ts'
export type { Stray } from './stray-values.ts'
export {
  type JudgedField,
  NO_TOLERANCE,
  readTolerance,
  refusedTolerance,
  type Tolerance,
  type Tolerances,
  toleranceFromText,
  toleranceText,
} from './tolerance.ts'
