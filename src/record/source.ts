import type { ChosenOptions, Credentials, Feed, Refusal } from '../feeds/index.ts'
import type { Clock } from '../model/clock.ts'
import type { Random } from '../model/random.ts'
import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import type { Progress, SourceStatus, SourceSummary } from './progress.ts'
import type { Recording } from './recording.ts'
import type { SharedAnswers } from './sign-in.ts'

/** What a recording takes in: one feed with its symbols, on connections of its own. */
export interface SourceOptions<F extends Feed = Feed> {
  readonly feed: F
  readonly symbols: readonly string[]
  readonly credentials?: Credentials
  /** Instead of the feed's own address. */
  readonly url?: string
  /** Instead of the feed's own address for the exchange of credentials. */
  readonly exchangeUrl?: string
  readonly flags?: ReadonlySet<string>
  /** Of the feed's own; those that are not there have their stated values. */
  readonly options?: ChosenOptions
  /** From one request of a polled feed to the next; never below the feed's `fastest`. */
  readonly pace?: Micros
  /** What the user's config teaches the feed. */
  readonly settings?: unknown
}

/** What a source shares with the others of its recording. */
export interface SourceDoors {
  readonly recording: Recording
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly onProgress: (progress: Progress) => void
  readonly shared: SharedAnswers
  /** From when on each host may be asked again: a feed that is there twice is not asked twice as often. */
  readonly freeFrom: Map<string, Micros>
  /** After each message that came. */
  readonly onMessage: () => void
}

/** One feed's way onto the tape: it signs in, connects, waits and tries again without regard to the others. */
export interface Source {
  /** The feed's; numbered where one feed is there twice. */
  readonly name: string
  /** Until its own end, or `stop`. What venues do never rejects it. */
  run(): Promise<SourceEnding>
  stop(): void
  /** From now on nothing is received: a limit is reached, and it is exact. */
  deafen(): void
  /** The disk does not keep up, or does again. */
  press(isFull: boolean): void
  /** About each second: what has gone quiet, what ends soon? */
  look(at: Micros): void
  /** What has to be said before the end. */
  finish(): void
  status(): SourceStatus
  summary(at: Micros): SourceSummary
}

export type SourceEnding =
  | { readonly kind: 'stopped' }
  /** There is nothing more to ask. */
  | { readonly kind: 'finished' }
  /** The venue's last word, and what to do. */
  | ({ readonly kind: 'refused' } & Refusal)
