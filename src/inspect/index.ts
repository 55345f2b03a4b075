export { GAP_AFTER, type InspectOptions, inspectTape } from './inspect-tape.ts'
export type {
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
