import type { Contradiction, Identity, InstrumentConfig, Roll } from '../instruments/index.ts'
import type { Decimal } from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { Tally } from '../normalize/index.ts'
import type { Pace } from '../replay/index.ts'
import type { Book } from './book.ts'
import type { TotalReport } from './currency-total.ts'
import type { FeeRule } from './fee-rule.ts'
import type { PairReport, PositionReport } from './holding.ts'
import type { Cause } from './lines.ts'
import type { MarkChain } from './mark.ts'
import type { Matching } from './matching.ts'
import type { PositionsFile } from './sources/positions-file.ts'
import type { SourceReport } from './sources/source-report.ts'

export interface EngineOptions {
  readonly chain: MarkChain
  readonly staleAfter: Micros
  /** `average` where nothing is said. */
  readonly matching?: Matching
  /** Those that come with the fills where nothing is said. */
  readonly fees?: FeeRule
  /** Give the pairs with the result. */
  readonly pairs?: boolean
  readonly config?: ReadonlyMap<string, InstrumentConfig>
  /** What the user's config teaches a feed, by the feed's name. */
  readonly settings?: ReadonlyMap<string, unknown>
}

export interface PnlOptions extends EngineOptions {
  readonly pace?: Pace
}

/** What one book's positions are made of. */
export type BookPlan = Positions | TapePositions

/** Fills in the order of time, and the file that errors name. */
export type Positions = Pick<PositionsFile, 'file' | 'fills'>

/** The fills that are on the tapes themselves, of one account; which one, where there are several. */
export interface TapePositions {
  readonly from: 'fills'
  readonly account?: string
}

export interface PnlEvents {
  /**
   * A figure of a book changed; `totalNet` is that of its currency there. Reports are made only when someone listens.
   */
  changed?(cause: Cause, position: PositionReport, totalNet: Decimal | undefined, book: string): void
  /** At multiples of `every` µs of virtual time since the start, wherever a figure changed since the last. */
  readonly tick?: { readonly every: Micros; run(at: EpochMicros, books: readonly Book[]): void }
}

export interface PnlResult {
  readonly start: EpochMicros
  readonly end: EpochMicros
  /** In the order in which their sources were named; never summed. */
  readonly books: readonly BookReport[]
  readonly contradictions: readonly Contradiction[]
  /** Of the positions that have words which the config or a wire equated. */
  readonly identities: readonly Identity[]
  /** Continuous symbols that went from one contract to another. */
  readonly rolls: readonly Roll[]
  /** One a tape, as named. */
  readonly tallies: readonly Tally[]
}

/** What one source's positions came to. */
export interface BookReport {
  readonly name: string
  readonly positions: readonly PositionReport[]
  /** Where they were asked for; none by `average`. */
  readonly pairs?: readonly PairReport[]
  /** What the positions were made of, where the tapes' own words made them. */
  readonly source?: SourceReport
  readonly totals: readonly TotalReport[]
}
