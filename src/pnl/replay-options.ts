import type { Contradiction, Identity, InstrumentConfig, Roll } from '../instruments/index.ts'
import type { Decimal } from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { Tally } from '../normalize/index.ts'
import type { Pace } from '../replay/index.ts'
import type { Book } from './book.ts'
import type { TotalReport } from './currency-total.ts'
import type { NetReport } from './currency-totals.ts'
import type { FeeRule } from './fee-rule.ts'
import type { PairReport, PositionReport } from './holding.ts'
import type { Cause } from './lines.ts'
import type { MarkChain } from './mark.ts'
import type { Matching } from './matching.ts'
import type { PositionDayReport } from './position-report.ts'
import type { Rate } from './rates.ts'
import type { ChosenSource } from './sources/best-source.ts'
import type { PositionsFile } from './sources/positions-file.ts'
import type { SourceReport } from './sources/source-report.ts'
import type { WebhooksFile } from './sources/webhook-file.ts'
import type { TradeReport } from './trip.ts'

export interface EngineOptions {
  readonly chain: MarkChain
  readonly staleAfter: Micros
  /** `average` where nothing is said. */
  readonly matching?: Matching
  /** Those that come with the fills where nothing is said. */
  readonly fees?: FeeRule
  /** Nobody named a source: this is the tapes’ best, and the summary says so. */
  readonly chosen?: ChosenSource
  /** Give the pairs with the result. */
  readonly pairs?: boolean
  /** Lines of trades, days and statistics in the summary. */
  readonly stats?: boolean
  /** A line for each point of the equity curve. */
  readonly equity?: boolean
  /** A total in this currency beside those of each, by these rates. */
  readonly currency?: string
  readonly rates?: readonly Rate[]
  /** Print each day of the exchange, also where there is only one. */
  readonly showDays?: boolean
  /** Where the rules come from that are no defaults, for whoever prints them: no figure depends on it. */
  readonly rulesFrom?: RulesFrom
  readonly config?: ReadonlyMap<string, InstrumentConfig>
  /** What the user's config teaches a feed, by the feed's name. */
  readonly settings?: ReadonlyMap<string, unknown>
}

export type RuleName = 'mark' | 'matching' | 'staleAfter' | 'fees' | 'currency'
export type RulesFrom = Readonly<Partial<Record<RuleName, 'config' | 'option'>>>

export interface PnlOptions extends EngineOptions {
  readonly pace?: Pace
}

/** What one book's positions are made of. */
export type BookPlan = Positions | TapePositions | TapeSignals | WebhookPositions

/** Fills in the order of time, and the file that errors name. */
export type Positions = Pick<PositionsFile, 'file' | 'fills'>

/** One account's fills, or its broker's positions, that are on the tapes themselves; which one, where there are several. */
export interface TapePositions {
  readonly from: 'fills' | 'broker'
  readonly account?: string
}

/** What strategies say on the tapes. */
export interface TapeSignals {
  readonly from: 'signals'
}

/** What strategies say in a file of webhook bodies. */
export interface WebhookPositions extends WebhooksFile {
  readonly from: 'signals-file'
}

export interface PnlEvents {
  /**
   * A figure of a book changed; `totalNet` is that of its currency there. Reports are made only when someone listens.
   */
  changed?(cause: Cause, position: PositionReport, totalNet: Decimal | undefined, book: string): void
  /** A total's net is another than at its last point, or `undefined` because something in it is unpriced now. */
  equity?(at: EpochMicros, total: NetReport, book: string): void
  /** What was held under a bare name is of this instrument from now on. */
  moved?(from: string, to: string): void
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
  /** Every instrument that was quoted, by its identity, in the order of first sight. */
  readonly quoted: readonly string[]
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
  /** By position, in the order of opening. */
  readonly trades: readonly TradeReport[]
  /** By position and day of its exchange. */
  readonly days: readonly PositionDayReport[]
}
