import type { ResolvedInstrument } from '../instruments/facts.ts'
import type { Micros } from '../model/time.ts'
import type { FeeRule } from './fee-rule.ts'
import type { MarkChain, QuoteView } from './mark.ts'
import type { Matching } from './matching.ts'

export interface LedgerOptions {
  readonly chain: MarkChain
  /** A mark older than this is none. */
  readonly staleAfter: Micros
  /** `average` where nothing is said. */
  readonly matching?: Matching
  /** Those that come with the fills where nothing is said. */
  readonly fees?: FeeRule
  readonly instruments: InstrumentValues
  /** The merged quote of an instrument by its identity, for a fill that comes after its quote. */
  readonly quoteOf: (instrument: string) => QuoteView | undefined
}

/** What the ledger needs of an `InstrumentBook`. */
export interface InstrumentValues {
  readonly revision: number
  changedSince(revision: number): Iterable<string>
  resolve(instrument: string): ResolvedInstrument
}
