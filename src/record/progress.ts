import type { Refusal } from '../feeds/index.ts'
import type { Micros } from '../model/time.ts'
import type { Harm, Standing } from '../tape/index.ts'
import type { SourceEnding } from './source.ts'
import type { WatchedSymbol } from './watch.ts'

/** What a person may want to see while a recording runs. Free of secrets. */
export type Progress =
  /** `source` where there are several, and one of them has something to say. */
  | { readonly kind: 'note'; readonly text: string; readonly source?: string }
  /** About once a second, and at the end. */
  | ({ readonly kind: 'status' } & Status)

export interface Status {
  readonly at: Micros
  readonly sources: readonly SourceStatus[]
}

export interface SourceStatus {
  readonly name: string
  readonly state: 'connecting' | 'connected' | 'waiting' | 'ending' | 'ended'
  readonly connections: number
  readonly framesReceived: number
  readonly quotes: number
  readonly symbols: readonly WatchedSymbol[]
}

export type RecordEnding =
  | { readonly kind: 'frames' | 'time' | 'stopped' }
  /** Each source came to its own end, and not all were refused. */
  | { readonly kind: 'finished' }
  /** Every source was refused: the last words of the first of them. */
  | ({ readonly kind: 'refused' } & Refusal)
  /** The tape could not be written any longer. */
  | { readonly kind: 'broken'; readonly error: Error }

export interface RecordGap {
  readonly from: Micros
  readonly to: Micros
}

/** What came of one source, or of all together. */
export interface RecordFigures {
  /** That came about; of a polled feed, runs of requests that were answered. */
  readonly connections: number
  /** That did not. */
  readonly failures: number
  /** Times without a connection, or without a usable answer, after the first. */
  readonly gaps: readonly RecordGap[]
  /** Whom the venue took us for, once that was known; of several, the first. */
  readonly standing?: Standing
  /** Frames, chunks and answers, counted at the socket before anything was written. */
  readonly framesReceived: number
  /** Counted behind the writer; the same number, or something was lost. */
  readonly framesRecorded: number
  readonly framesSent: number
  readonly quotes: number
  /** Frames in which nobody looked for quotes: there were too many of them, or they were too large. */
  readonly unwatched: number
  /** Those that were too large. */
  readonly oversized: number
  readonly symbols: readonly WatchedSymbol[]
}

export interface SourceSummary extends RecordFigures {
  readonly name: string
  readonly feed: string
  readonly ending: SourceEnding
}

export interface RecordSummary extends RecordFigures {
  readonly ending: RecordEnding
  readonly sources: readonly SourceSummary[]
  readonly elapsed: Micros
  readonly entries: number
  /** Entries that the system has taken; the same number, or something was lost. */
  readonly written: number
  /** The count that the seal carries; none if the tape could not be sealed. */
  readonly sealed?: number
  readonly bytes: number
  readonly parts: number
  /** What others did to the files while each was written: deleted, replaced, cut, shared. */
  readonly harms: readonly Harm[]
}

/** Whether each frame that the socket gave is on a tape that is closed in order. */
export function isWhole(summary: RecordSummary): boolean {
  const { entries, framesReceived, framesRecorded, harms, sealed, written } = summary
  return framesReceived === framesRecorded && written === entries && sealed === entries && harms.length === 0
}

/** Over all sources. */
export function sumOf(sources: readonly RecordFigures[]): RecordFigures {
  const total = (key: Counted): number => sources.reduce((sum, source) => sum + source[key], 0)
  const standing = sources.find(source => source.standing !== undefined)?.standing
  return {
    connections: total('connections'),
    failures: total('failures'),
    gaps: sources.flatMap(source => source.gaps).toSorted((a, b) => a.from - b.from),
    ...(standing === undefined ? {} : { standing }),
    framesReceived: total('framesReceived'),
    framesRecorded: total('framesRecorded'),
    framesSent: total('framesSent'),
    quotes: total('quotes'),
    unwatched: total('unwatched'),
    oversized: total('oversized'),
    symbols: sources.flatMap(({ symbols }) => symbols),
  }
}

type Counted =
  | 'connections'
  | 'failures'
  | 'framesReceived'
  | 'framesRecorded'
  | 'framesSent'
  | 'quotes'
  | 'unwatched'
  | 'oversized'
