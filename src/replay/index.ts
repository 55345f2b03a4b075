export { type EntryTaker, type OnEntry, TapeMerge } from './merge.ts'
export { createPacer, type Pace } from './pace.ts'
export { refuseSameTape } from './refuse-same-tape.ts'
export type { EntrySource } from './source.ts'
