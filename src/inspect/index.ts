export { GAP_AFTER, type InspectOptions, inspectTape } from './inspect-tape.ts'
export type {
  ConnectionReport,
  Ending,
  Finding,
  Findings,
  Gap,
  Inspection,
  Lateness,
  PacketReport,
  PlaceCount,
  StatusCount,
  SymbolReport,
} from './inspection.ts'
