export { type Credentialed, type GivenCredentials, readCredentials } from './credentials.ts'
export { checkCredentials } from './login.ts'
export { checkedOptions, completeOptions } from './options.ts'
export {
  isWhole,
  type Progress,
  type RecordEnding,
  type RecordFigures,
  type RecordGap,
  type RecordSummary,
  type SourceStatus,
  type SourceSummary,
  type Status,
} from './progress.ts'
export { type RecordLimits, type RecordOptions, recordSession } from './record-session.ts'
export { type Happening, Recording, type RecordingOptions } from './recording.ts'
export type { SourceEnding, SourceOptions } from './source.ts'
export type { WatchedSymbol } from './watch.ts'
