import type { Disposition } from '../feeds/feed.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { KindCount, Trouble } from '../normalize/index.ts'
import type { Close, Direction, Entry, Header, Standing } from '../tape/entry.ts'
import type { TapeProblem } from '../tape/problems.ts'
import type { FeedAnswers } from './answers-report.ts'
import type { StructureReport } from './structure-report.ts'

/** What is in a tape, as plain data: `inspect --json` prints it as it stands. Times are µs since the tape's start. */
export interface Inspection {
  readonly name: string
  readonly header: Header
  readonly ending: TapeEnding
  /** Until the seal; until the last entry where there is none. */
  readonly duration: Micros
  readonly entries: Readonly<Partial<Record<Entry['kind'], number>>>
  readonly connections: readonly ConnectionReport[]
  readonly exchanges: readonly StatusCount[]
  readonly packets: PacketReport
  readonly symbols: readonly SymbolReport[]
  readonly gaps: readonly DataGap[]
  readonly lateness: Lateness
  /** Quotes that came although the client had taken the subscription back. They are applied like any other. */
  readonly afterRemoval: Findings
  /** Last prices with an older wire time than the instrument's newest; they replace nothing. */
  readonly olderQuotes: Findings
  /** The wire's own change of the day where the prices beside it give another: never derive one from the other. */
  readonly otherChanges: Findings<ChangeFinding>
  /** By feed, in the order of first sight: whose wire it is, how it is wrapped, what it has. */
  readonly answers: readonly FeedAnswers[]
  readonly structure: StructureReport
  readonly redactions: readonly PlaceCount[]
}

export interface TapeEnding {
  readonly isSealed: boolean
  /** Sealed, and nothing wrong on the way. The chained hashes are `feedtape check`'s business. */
  readonly isWhole: boolean
  readonly problemCount: number
  readonly problems: readonly TapeProblem[]
}

export interface ConnectionReport {
  readonly conn: number
  readonly feed: string
  readonly url: string
  /** Its exchanges are the wire itself: it neither opens nor closes, and counts bodies. */
  readonly isPolled?: true
  /** Absent where it never opened. */
  readonly openedAt?: Micros
  readonly closedAt?: Micros
  readonly ended?: { readonly by: Close['by'] | 'failure'; readonly code?: number; readonly reason?: string }
  readonly standing?: Standing
  readonly frames: Readonly<Record<Direction, number>>
  readonly bytes: Readonly<Record<Direction, number>>
}

/** HTTP exchanges, the upgrades of sockets among them, by their answer. */
export interface StatusCount {
  readonly status: number | 'no answer'
  readonly count: number
}

export interface PacketReport {
  readonly messages: Readonly<Record<Direction, number>>
  readonly packets: number
  readonly kinds: readonly KindCount[]
  readonly dispositions: Readonly<Record<Disposition, number>>
  readonly lengths: {
    readonly messages: number
    readonly payload: number
    readonly framing: number
    readonly stray: number
  }
  /** Each packet has one disposition, and payload + framing + stray is the messages' length. */
  readonly addsUp: boolean
  readonly noise: number
  /** Frames of connections that no known feed reads. */
  readonly unreadable: number
  readonly troubles: readonly Trouble[]
}

/** One instrument, over all names and sessions that spoke of it. */
export interface SymbolReport {
  readonly symbol: string
  /** As the wire wrote it. */
  readonly names: readonly string[]
  readonly updates: number
  readonly firstAt: Micros
  readonly lastAt: Micros
  /** The last price as digits; `null` where the wire took it back, absent where none came. */
  readonly last?: string | null
  readonly lastTime?: EpochMicros | null
  readonly mode?: string | null
  /** Seconds that the wire declares. */
  readonly delay?: number | null
}

export interface DataGap {
  /** `silence`: no data on an open connection. `reconnect`: no connection of the feed. `pause`: we held it. */
  readonly kind: 'silence' | 'reconnect' | 'pause'
  readonly conn: number
  readonly from: Micros
  readonly to: Micros
}

/** Receipt less the wire's time less the declared delay, of last prices that were new. Bounded by both clocks. */
export interface Lateness {
  readonly count: number
  readonly min?: Micros
  /** To 10 ms. */
  readonly median?: Micros
  readonly max?: Micros
}

/** All are counted, the first are kept. */
export interface Findings<F extends Finding = Finding> {
  readonly count: number
  readonly first: readonly F[]
}

export interface Finding {
  readonly seq: number
  readonly packet: number
  readonly at: Micros
  readonly conn: number
  readonly session: string
  readonly name: string
}

export interface ChangeFinding extends Finding {
  /** As the wire says. */
  readonly change: string
  /** Its last price less its close of the day before. */
  readonly byPrices: string
}

export interface PlaceCount {
  /** What it was: `set_auth_token`, `cookie sessionid`; which key of its entry it stood in is left out. */
  readonly place: string
  readonly count: number
}
