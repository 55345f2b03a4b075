export { type CompareOptions, compareRuns, type RunsCompared } from './compare-runs.ts'
export { sumOfParts } from './difference-parts.ts'
export { type Evidence, placeKey, readEvidence } from './evidence.ts'
export {
  type ExplainedRun,
  type ExplainOptions,
  type Explanation,
  explainPnl,
  type MarkPlace,
} from './explain-pnl.ts'
export { differenceLine, explanationLine, unpairedLine } from './explanation-lines.ts'
export { type RunEvent, type RunLine, readRunLine } from './run-lines.ts'
export type { DifferencePart, RunDifference } from './run-pair.ts'
export { readRun } from './run-reader.ts'
export type { Step } from './trail.ts'
