import type { Refusal } from '../feeds/index.ts'
import type { Micros } from '../model/time.ts'
import type { Standing } from '../tape/index.ts'
import type { WatchedSymbol } from './watch.ts'

/** What a person may want to see while a recording runs. Free of secrets. */
export type Progress =
  | { readonly kind: 'note'; readonly text: string }
  /** About once a second, and at the end. */
  | ({ readonly kind: 'status' } & Status)

export interface Status {
  readonly at: Micros
  readonly state: 'connecting' | 'connected' | 'waiting' | 'ending'
  readonly connections: number
  readonly framesReceived: number
  readonly quotes: number
  readonly symbols: readonly WatchedSymbol[]
}

export type RecordEnding =
  | { readonly kind: 'frames' | 'time' | 'stopped' }
  /** The venue's last word, and what to do. */
  | ({ readonly kind: 'refused' } & Refusal)
  /** The tape could not be written any longer. */
  | { readonly kind: 'broken'; readonly error: Error }

export interface RecordGap {
  readonly from: Micros
  readonly to: Micros
}

export interface RecordSummary {
  readonly ending: RecordEnding
  readonly elapsed: Micros
  /** That came about. */
  readonly connections: number
  /** That did not. */
  readonly failures: number
  /** Times without a connection after the first. */
  readonly gaps: readonly RecordGap[]
  /** Whom the venue took us for, once that was known. */
  readonly standing?: Standing
  /** Counted at the socket, before anything was written. */
  readonly framesReceived: number
  /** Counted behind the writer; the same number, or something was lost. */
  readonly framesRecorded: number
  readonly framesSent: number
  readonly entries: number
  /** Entries that the system has taken; the same number, or something was lost. */
  readonly written: number
  /** The count that the seal carries; none if the tape could not be sealed. */
  readonly sealed?: number
  readonly bytes: number
  readonly parts: number
  /** The file was deleted while it was written: there is no tape. */
  readonly isGone: boolean
  readonly quotes: number
  /** Frames in which nobody looked for quotes, because there were too many of them. They are on the tape. */
  readonly unwatched: number
  readonly symbols: readonly WatchedSymbol[]
}

/** Whether each frame that the socket gave is on a tape that is closed in order. */
export function isWhole(summary: RecordSummary): boolean {
  const { entries, framesReceived, framesRecorded, isGone, sealed, written } = summary
  return framesReceived === framesRecorded && written === entries && sealed === entries && !isGone
}
