export { type GivenCredentials, readCredentials } from './credentials.ts'
export {
  isWhole,
  type Progress,
  type RecordEnding,
  type RecordGap,
  type RecordSummary,
  type Status,
} from './progress.ts'
export { type RecordLimits, type RecordOptions, recordWebSocket } from './record-websocket.ts'
export { type Happening, Recording, type RecordingOptions } from './recording.ts'
export type { WatchedSymbol } from './watch.ts'
