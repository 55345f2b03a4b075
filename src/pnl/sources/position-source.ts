import type { AccountObservation } from '../../model/account.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { Entry } from '../../tape/entry.ts'
import type { Ledger } from '../ledger.ts'
import type { PnlEventKind } from '../lines.ts'
import type { TapePlace } from '../matching.ts'
import type { PositionChange } from '../position.ts'
import type { SourceReport } from './source-report.ts'

/**
 * What one book's positions are made of. It changes its ledger and says what it did; the engine has fired what was
 * due before, and puts the place and the time to it. At one time timers come before `applyNext`, and that before
 * entries.
 */
export interface PositionSource {
  /** What errors name: a file, or the option's word. */
  readonly where: string
  /** When the next change is due that no entry brings; −∞ for what is open at the start, +∞ for never. */
  readonly nextAt: EpochMicros
  /** Applies that change. */
  applyNext(at: EpochMicros): PositionNews | undefined
  /** Takes what an entry says of accounts and strategies. */
  observe(word: AccountObservation, place: ObservedAt, at: EpochMicros): readonly PositionNews[]
  /** Takes an entry that is no frame: connections that begin and end, and what was lost. */
  entry(entry: Entry, tape: number, at: EpochMicros): readonly PositionNews[]
  /** A tape has no more entries; its own end may be later than what others are still to say. */
  endTape(tape: number, at: EpochMicros): void
  /** What is held under a name is of this instrument. */
  move(from: string, to: string): void
  /** As they are written there: money must not rest on one that means several instruments. */
  readonly names: Iterable<SourceName>
  /** Behind the last entry. Throws `bad-positions` where something stayed that could not be applied. */
  finish(start: EpochMicros, end: EpochMicros): void
  /** What it came to, where it says so. */
  report(): SourceReport | undefined
}

/** What every source is given. */
export interface SourceRoom {
  readonly ledger: Ledger
  /** The identity of the instrument that a name means. */
  readonly canonical: (name: string) => string
}

/** Where an observation stands. */
export interface ObservedAt extends TapePlace {
  /** The tape as named, from 0. */
  readonly index: number
  readonly conn: number
  readonly feed: string
  /** It stands in the lead of a cut tape, which has some of what was before and not all of it. */
  readonly isLead: boolean
}

/** What became of a position. */
export interface PositionNews {
  readonly kind: PnlEventKind
  /** The ledger's. */
  readonly key: string
  /** Of the file that told it. */
  readonly line?: number
  /** What was done, where it is a fill. */
  readonly deal?: PositionChange
}

export interface SourceName {
  readonly instrument: string
  readonly line?: number
}

export const NO_NEWS: readonly PositionNews[] = []
