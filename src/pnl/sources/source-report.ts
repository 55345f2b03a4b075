import type { FillsReport } from './tape-fills.ts'

/** What the tapes' own words came to, by the kind of words. */
export type SourceReport = { readonly positions: 'fills' } & FillsReport
