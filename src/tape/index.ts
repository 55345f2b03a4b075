export { CHECKPOINT_BYTES, CHECKPOINT_ENTRIES, createHashChain, type HashChain } from './chain.ts'
export * from './entry.ts'
export { type Damage, fromLine, toLine } from './line.ts'
export { PROBLEMS_KEPT, type TapeProblem } from './problems.ts'
export { type ReaderOptions, TapeReader } from './reader.ts'
export {
  createRedactor,
  type KnownSecret,
  MIN_SECRET_LENGTH,
  type Redacted,
  type Redactor,
} from './redact.ts'
export { type ByteSource, openSource, streamSource } from './source.ts'
export { TapeWriter, type WriterOptions } from './writer.ts'
