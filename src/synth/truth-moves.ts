import type { Decimal } from '../model/decimal.ts'
import type { QuoteFields } from '../model/quote.ts'
import type { EpochMicros } from '../model/time.ts'

/** What changed of one market: a side or a trade comes whole, everything else only where it is new. */
export interface TruthMove {
  readonly at: EpochMicros
  readonly market: string
  readonly fields: QuoteFields
  readonly trade?: { readonly price: Decimal; readonly size: Decimal }
}

/** Nothing has moved since `from`, for longer than any wire needs to say all of it by `at`. */
export interface Settled {
  readonly from: EpochMicros
  readonly at: EpochMicros
}

export interface TruthHappening {
  readonly at: EpochMicros
  readonly kind: 'burst' | 'gap' | 'halt' | 'resume' | 'roll'
  readonly market: string
}
