export { CHECKPOINT_BYTES, CHECKPOINT_ENTRIES, createHashChain, type HashChain } from './chain.ts'
export { checkTape, type Segment, segmentText, type TapeCheck } from './check.ts'
export { checkParts } from './check-parts.ts'
export { editedLines } from './edited.ts'
export * from './entry.ts'
export { type EntrySupply, everyEntry } from './every-entry.ts'
export type { Harm } from './harm.ts'
export { type Damage, fromLine, toLine } from './line.ts'
export { QUEUE_BYTES } from './outflow.ts'
export { chainParts, PartChain, type Tape } from './parts.ts'
export { PROBLEMS_KEPT, type TapeProblem } from './problems.ts'
export { type ReaderOptions, TapeReader } from './reader.ts'
export {
  createRedactor,
  type KnownSecret,
  MIN_SECRET_LENGTH,
  type Redacted,
  type Redactor,
} from './redact.ts'
export { partPath, type RotationRule } from './rotation.ts'
export { safeLines } from './safe-lines.ts'
export { type ByteSource, openSource, streamSource } from './source.ts'
export { spellingsOf } from './spellings.ts'
export { recordingName, type Unread } from './unread.ts'
export type { TapeWatcher } from './watcher.ts'
export { TapeWriter, type WriterOptions } from './writer.ts'
