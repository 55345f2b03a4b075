export type { Expectation, FeedAnswers } from './answers-report.ts'
export { GAP_AFTER, type InspectOptions, inspectTape } from './inspect-tape.ts'
export type {
  ChangeFinding,
  ConnectionReport,
  DataGap,
  Finding,
  Findings,
  Inspection,
  Lateness,
  PacketReport,
  PlaceCount,
  StatusCount,
  SymbolReport,
  TapeEnding,
} from './inspection.ts'
export { reasonKind } from './reason-kind.ts'
export type { FieldGuess, ShapeGuess, StructureReport } from './structure-report.ts'
