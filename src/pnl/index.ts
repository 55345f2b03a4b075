export type { Book } from './book.ts'
export { type CreatePnlOptions, createPnl, type HandFill, type HandQuote, type Pnl } from './create-pnl.ts'
export type { TotalReport } from './currency-total.ts'
export { PnlEngine } from './engine.ts'
export { type FeeRule, feeRuleText, parseFeeRule } from './fee-rule.ts'
export type { PairReport, PositionReport, UnpricedReason } from './holding.ts'
export type { PositionLabel } from './label.ts'
export { type InstrumentValues, Ledger, type LedgerOptions } from './ledger.ts'
export { type Cause, eventLine, type PnlEventKind, positionLine, totalLine, unpricedText } from './lines.ts'
export {
  type GroupView,
  MARK_RULES,
  type MarkChain,
  type Marked,
  type MarkRule,
  markOf,
  type PositionMark,
  parseMarkChain,
  type QuoteView,
  type Unpriced,
} from './mark.ts'
export { createMatcher } from './matcher.ts'
export {
  type AverageWord,
  type FillPair,
  MATCHINGS,
  type MatchedFill,
  type Matcher,
  type Matching,
  parseMatching,
  type StatedPosition,
  sidesOf,
  type TapePlace,
} from './matching.ts'
export { pairLine } from './pair-lines.ts'
export { PnlLines, type PnlLinesOptions, replayToLines, summaryLines } from './pnl-lines.ts'
export { applyFill, averagePrice, FLAT, type Position, type PositionChange } from './position.ts'
export type {
  BookPlan,
  BookReport,
  EngineOptions,
  PnlEvents,
  PnlOptions,
  PnlResult,
  Positions,
  TapePositions,
} from './replay-options.ts'
export { type ReplayedBook, replayPnl } from './replay-pnl.ts'
export type { ObservedAt, PositionNews, PositionSource } from './sources/position-source.ts'
export {
  checkFillsWithin,
  type Fill,
  type PlacedFills,
  type PositionsFile,
  type RepeatedFill,
  readPositions,
} from './sources/positions-file.ts'
export type { SourceReport } from './sources/source-report.ts'
export type { FillsReport } from './sources/tape-fills.ts'
