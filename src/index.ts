/** The public library, in the order of the data. The command line is built on nothing else. */

// The words.
export * from './model/clock.ts'
export * from './model/decimal.ts'
export * from './model/errors.ts'
export * from './model/observation.ts'
export * from './model/quote.ts'
export * from './model/random.ts'
export * from './model/time.ts'
export * from './model/timers.ts'

// What is on a tape, and whose wire it is.
export * from './feeds/index.ts'
export * from './instruments/index.ts'
export * from './tape/index.ts'

// Onto a tape.
export * from './import/index.ts'
export * from './record/index.ts'

// From a tape to quotes and P&L.
export * from './normalize/index.ts'
export * from './replay/index.ts'
export * from './pnl/index.ts'
export * from './pnl/explain/index.ts'
export * from './pnl/reconcile/index.ts'

// While it is recorded.
export * from './live/index.ts'

// About tapes.
export * from './edit/index.ts'
export * from './inspect/index.ts'
export { compareSchemas, type DriftFinding, type DriftReport, type Severity } from './inspect/drift/index.ts'
export { readSchema, type SchemaFacts, type SchemaOptions, sideBySide } from './inspect/schema/index.ts'
export {
  type DiffOptions,
  type DiffReport,
  type DiffResult,
  diffTapes,
  readSideChoice,
  readTolerance,
} from './diff/index.ts'
export { diffParser, type ParserProgram, type ParserReport } from './diff/parser/index.ts'
export * from './verify/index.ts'

// A market and a venue of one's own.
export * from './serve/index.ts'
export * from './synth/index.ts'
