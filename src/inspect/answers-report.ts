import type { SniffMatch } from '../feeds/index.ts'
import type { QuoteField } from '../model/quote.ts'

/** What somebody who meets a feed wants to know, from what stands on the tape, each with the entry that shows it. */
export interface FeedAnswers {
  readonly feed: string
  /** Whose wire it is by its looks alone, the surest first. */
  readonly recognised: readonly SniffMatch[]
  readonly tie: readonly string[]
  readonly wrapping: WrappingAnswer
  readonly prices: readonly PriceAnswer[]
  readonly names: readonly NameAnswer[]
  readonly positions: readonly PositionAnswer[]
  /** The seed notes' four about Tradovate; only where its messages are built like that wire's. */
  readonly expectations?: readonly Expectation[]
}

export interface WrappingAnswer {
  /** Whether messages are wrapped in `type` and `data`; `unseen` where none came that is JSON. */
  readonly isTypeData: 'yes' | 'no' | 'partly' | 'unseen'
  /** What stands around them, its numbers as N: `a`, `~m~N~m~`. */
  readonly framing: string
  /** `type` and `data`, `m` and `p`, `direct`: by how often. */
  readonly forms: readonly { readonly form: string; readonly count: number; readonly seq: number }[]
}

export interface PriceAnswer {
  readonly field: QuoteField
  /** Where the wire has it, as far as one place in the message has just this number. */
  readonly path?: string
  readonly updates: number
  readonly seq: number
}

export interface NameAnswer {
  readonly by: 'contract id' | 'ticker'
  readonly names: number
  readonly example: string
  readonly seq: number
}

export interface PositionAnswer {
  /** In words: `fills`, `positions: updated`, `signals: open`. */
  readonly what: string
  readonly count: number
  readonly seq: number
}

export interface Expectation {
  readonly expects: string
  readonly holds: 'yes' | 'no' | 'unseen'
  readonly why: string
  readonly seq?: number
}
