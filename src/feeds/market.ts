import type { InstrumentFacts } from '../model/observation.ts'
import type { QuoteFields } from '../model/quote.ts'
import type { Random } from '../model/random.ts'
import type { EpochMicros } from '../model/time.ts'

/** What a venue knows while it talks: from synth's truth now, from a tape later. */
export interface Market {
  /** The whole state of an instrument now; `undefined` if there is no such instrument. */
  quote(name: string): QuoteFields | undefined
  facts(name: string): InstrumentFacts | undefined
  /** Every name, for a venue that speaks of instruments which nobody has asked for: an account's. */
  readonly names?: readonly string[]
}

export interface ConversationOptions {
  readonly market: Market
  readonly random: Random
  /** Wall time for what the wire stamps (the hello). */
  now(): EpochMicros
}
