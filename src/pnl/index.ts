export type { Book } from './book.ts'
export { type CreatePnlOptions, createPnl, type HandFill, type HandQuote, type Pnl } from './create-pnl.ts'
export type { TotalReport } from './currency-total.ts'
export type { NetReport } from './currency-totals.ts'
export { PnlEngine } from './engine.ts'
export type { Fall } from './equity-curve.ts'
export { type FeeRule, feeRuleText, parseFeeRule } from './fee-rule.ts'
export type { PairReport, PositionReport, UnpricedReason } from './holding.ts'
export { labelText, type PositionLabel } from './label.ts'
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
export type { PositionOf } from './one-position.ts'
export { pairLine } from './pair-lines.ts'
export { PnlLines, type PnlLinesOptions, replayToLines, summaryLines } from './pnl-lines.ts'
export { applyFill, averagePrice, FLAT, type Position, type PositionChange } from './position.ts'
export type { PositionDayReport } from './position-report.ts'
export {
  type ConvertedTotal,
  convertedTotal,
  parseCurrency,
  parseRate,
  parseRates,
  type Rate,
} from './rates.ts'
export type {
  BookPlan,
  BookReport,
  EngineOptions,
  PnlEvents,
  PnlOptions,
  PnlResult,
  Positions,
  RuleName,
  RulesFrom,
  TapePositions,
  TapeSignals,
  WebhookPositions,
} from './replay-options.ts'
export { type ReplayedBook, replayPnl } from './replay-pnl.ts'
export { accountsOf, fillsOfAccount } from './sources/account-fills.ts'
export {
  bestSource,
  type ChosenSource,
  chosenText,
  countWords,
  TAPE_SOURCES,
  type TapeSource,
  type WordCounts,
} from './sources/best-source.ts'
export type { ObservedAt, PositionNews, PositionSource } from './sources/position-source.ts'
export {
  checkFillsWithin,
  type Fill,
  type PlacedFills,
  type PositionsFile,
  type RepeatedFill,
  readPositions,
} from './sources/positions-file.ts'
export type { SignalDifference, SignalRemark, SignalsReport } from './sources/signal-report.ts'
export type { SignalOrigin } from './sources/signal-word.ts'
export type {
  BrokerSourceReport,
  FillsSourceReport,
  SignalsSourceReport,
  SourceReport,
} from './sources/source-report.ts'
export type { FillsReport } from './sources/tape-fills.ts'
export { readWebhooks, type WebhookSignal, type WebhooksFile } from './sources/webhook-file.ts'
export { SIGNALS_SCHEMA, type SignalsMapping } from './sources/webhook-mapping.ts'
export {
  averageOf,
  type Outcomes,
  profitFactor,
  type Statistics,
  statisticsOf,
  tradesByCurrency,
  winRatePercent,
} from './statistics.ts'
export { convertedLine } from './statistics-lines.ts'
export { type TradeDateBy, tradeDateText } from './trade-date.ts'
export { type DayReport, dayTotals } from './trade-date-totals.ts'
export type { TradeReport } from './trip.ts'
