export { type OnEntry, TapeMerge } from './merge.ts'
export { createPacer, type Pace } from './pace.ts'
export type { EntrySource } from './source.ts'
