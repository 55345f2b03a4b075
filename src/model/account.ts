import type { Decimal } from './decimal.ts'
import type { WireFields } from './quote.ts'
import type { EpochMicros } from './time.ts'

/**
 * About one account, or about a strategy that trades: what a position can be made of.
 * `name` is the instrument as the wire names it, `''` where it speaks of none. Absent is "not said", never zero.
 */
export type AccountObservation =
  | FillObservation
  | FillPairObservation
  | FeeObservation
  | PositionObservation
  | OrderObservation
  | BalanceObservation
  | DeletionObservation
  | ListingObservation
  | SignalObservation

/** `snapshot`: part of a state that was asked for, as it is now. */
export type EntityChange = 'snapshot' | 'created' | 'updated' | 'deleted'

interface Entity {
  readonly session: string
  readonly name: string
  readonly change: EntityChange
  /** The venue's id, unique within its kind only. */
  readonly id: string
  /** The venue's id of the account; a wire's fill may not have it (join through its order). */
  readonly account?: string
  readonly time?: EpochMicros
  /** The exchange's day, `2022-10-21`; it is not the UTC date. */
  readonly tradeDate?: string
  readonly wire?: WireFields
}

export interface FillObservation extends Entity {
  readonly kind: 'fill'
  readonly order?: string
  readonly side: 'buy' | 'sell'
  /** Greater than 0. */
  readonly quantity: Decimal
  readonly price: Decimal
  /** False: taken back by the venue; it counts no longer. */
  readonly isActive?: boolean
}

/** Two fills that the venue has matched: what it calls realized. */
export interface FillPairObservation extends Entity {
  readonly kind: 'fill-pair'
  readonly position?: string
  readonly buyFill: string
  readonly sellFill: string
  readonly quantity: Decimal
  readonly buyPrice: Decimal
  readonly sellPrice: Decimal
  readonly isActive?: boolean
}

/** What a fill cost; `id` is the fill's. */
export interface FeeObservation extends Entity {
  readonly kind: 'fee'
  /** The sum of the parts that the venue lists, in `currency`, the wire's word for it. */
  readonly amount: Decimal
  readonly currency?: string
}

export interface PositionObservation extends Entity {
  readonly kind: 'position'
  readonly strategy?: string
  readonly timeframe?: string
  /** Long is positive, short negative, and 0 is flat. */
  readonly quantity: Decimal
  /** Absent when flat. */
  readonly averagePrice?: Decimal
  readonly openPnl?: Decimal
  readonly realizedPnl?: Decimal
  readonly day?: TradedDay
}

/** What was traded of a contract in the exchange's day, and what was held before it. */
export interface TradedDay {
  readonly bought: Decimal
  /** Σ price × quantity, like `soldValue`: times the point value it is money. */
  readonly boughtValue: Decimal
  readonly sold: Decimal
  readonly soldValue: Decimal
  /** Long is positive. What is held now is this and what was bought, less what was sold. */
  readonly previous: Decimal
  readonly previousPrice?: Decimal
}

/** Partial: an order's price and quantity may come in messages of their own (Tradovate's orderVersion). */
export interface OrderObservation extends Entity {
  readonly kind: 'order'
  /** The wire's word. */
  readonly status?: string
  readonly side?: 'buy' | 'sell'
  readonly quantity?: Decimal
  /** The wire's word: `Limit`, `Market`. */
  readonly type?: string
  readonly price?: Decimal
  readonly stopPrice?: Decimal
}

export interface BalanceObservation extends Entity {
  readonly kind: 'balance'
  readonly amount: Decimal
  /** The wire's word: a code, or an id of its own. */
  readonly currency?: string
  /** Net of fees where the venue says so; see the feed's page. */
  readonly realizedPnl?: Decimal
}

/** The venue took back what it had told under this id, and says no more of it. */
export interface DeletionObservation extends Entity {
  readonly kind: 'deletion'
  readonly change: 'deleted'
  readonly of: 'fill' | 'fill-pair' | 'fee' | 'position' | 'balance'
}

/** All positions of the account were told with this message, as snapshots: of a contract that none is of it has none. */
export interface ListingObservation {
  readonly kind: 'listing'
  readonly of: 'position'
  readonly session: string
  readonly name: ''
  readonly account: string
}

/** A line that a strategy's log or webhook wrote. Its text is kept whole: what was not understood can be taught. */
export interface SignalObservation {
  readonly kind: 'signal'
  readonly session: string
  readonly name: string
  readonly action: 'open' | 'add' | 'close' | 'unknown'
  readonly strategy?: string
  readonly timeframe?: string
  readonly side?: 'buy' | 'sell'
  readonly quantity?: Decimal
  readonly price?: Decimal
  /** After the signal, as it says itself; it sets the position. Long is positive. */
  readonly position?: SignalPosition
  /** By the signal itself; absent where it carries none, and the receipt stands for it. */
  readonly time?: EpochMicros
  readonly text: string
  /** The wrong decoding that was undone to read it: `mac-roman`, `windows-1252`, `latin-1`. */
  readonly repaired?: string
  /** For a line of a form not known: a pattern that would read it, to be checked and put into the config. */
  readonly suggestion?: string
}

export interface SignalPosition {
  readonly quantity: Decimal
  readonly averagePrice: Decimal
  /** The average is rounded: P&L on it says so. */
  readonly isRounded: boolean
}
