export type { TotalReport } from './currency-total.ts'
export type { PositionReport, UnpricedReason } from './holding.ts'
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
export { type PnlLinesOptions, replayToLines, summaryLines } from './pnl-lines.ts'
export { applyFill, averagePrice, FLAT, MATCHING, type Position, type PositionChange } from './position.ts'
export {
  checkFillsWithin,
  type Fill,
  type PlacedFills,
  type PositionsFile,
  type RepeatedFill,
  readPositions,
} from './positions-file.ts'
export {
  type PnlEvents,
  type PnlOptions,
  type PnlResult,
  type Positions,
  replayPnl,
} from './replay-pnl.ts'
