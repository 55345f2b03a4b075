import type { SignalsReport } from './signal-report.ts'
import type { BrokerReport } from './tape-broker.ts'
import type { BalanceReport } from './tape-broker-balances.ts'
import type { FillsReport } from './tape-fills.ts'
import type { SilenceReport } from './tape-silence.ts'

/** What the tapes' own words came to, by the kind of words. */
export type SourceReport = FillsSourceReport | BrokerSourceReport | SignalsSourceReport

export interface FillsSourceReport extends FillsReport, SilenceReport {
  readonly positions: 'fills'
  /** Positions of which the broker says something else at the end; none where it is absent. */
  readonly brokerDiffers?: number
}

export interface BrokerSourceReport extends BrokerReport, SilenceReport {
  readonly positions: 'broker'
  /** Beside the figures, and never in them. */
  readonly balances?: readonly BalanceReport[]
}

/** `signals-file`: webhook bodies, in a file. */
export interface SignalsSourceReport extends SignalsReport, SilenceReport {
  readonly positions: 'signals' | 'signals-file'
}
