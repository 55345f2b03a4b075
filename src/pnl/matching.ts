import type { Decimal } from '../model/decimal.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import type { EpochMicros } from '../model/time.ts'
import type { Position, PositionChange } from './position.ts'

/** Which of the open fills a closing one closes (docs/decisions/0018-matching.md). */
export const MATCHINGS = ['average', 'fifo'] as const
export type Matching = (typeof MATCHINGS)[number]

/** A fill as matching sees it, and what a pair says of it. */
export interface MatchedFill extends PositionChange {
  /** The same id is the same fill. */
  readonly id?: string
  /** When it was done. */
  readonly at?: EpochMicros
  /** Nobody says it, and `at` is when it was told. */
  readonly isUndated?: true
  /** The exchange's day, `2026-01-30`, where its source says it. */
  readonly tradeDate?: string
  /** In the positions file. */
  readonly line?: number
  /** The entry that told it. */
  readonly place?: TapePlace
}

/** Where on the tapes something was said. */
export interface TapePlace {
  /** The tape's id. */
  readonly tape: string
  readonly seq: number
  readonly packet: number
}

/** A position by somebody's word, where no fill tells how it came about. */
export interface StatedPosition {
  /** Above zero is long; 0 is flat. */
  readonly quantity: Decimal
  /** Nothing where flat, and where its source does not say it. */
  readonly averagePrice: Decimal | undefined
  /** How sure that average is. */
  readonly average: AverageWord
  /** In price × quantity, where the word is of this too. Absent, what was realized stays. */
  readonly realized?: Decimal | 'unknown'
  readonly place?: TapePlace
}

/** `rounded`: a wire rounds it, and P&L on it is as rough. `stated`: it is the broker's word. */
export type AverageWord = 'rounded' | 'stated'

/** A fill that closes another, in part or whole. It belongs to the trade date of the closing one. */
export interface FillPair {
  /** What was closed. */
  readonly side: 'long' | 'short'
  readonly opening: MatchedFill
  readonly closing: MatchedFill
  /** Above zero: of both fills, this much. */
  readonly quantity: Decimal
  /** (sell − buy) × quantity: times the point value it is money, before fees. */
  readonly units: Decimal
}

/** One contract's fills to its position, in the order in which they are given. */
export interface Matcher {
  /** The position after it. */
  fill(fill: MatchedFill): Position
  /** The position after a fee that came apart from its fill; below zero takes one back. */
  charge(fee: Decimal): Position
  /** From now on this is held, whatever was; what was realized stays. */
  state(position: StatedPosition): Position
  /** In the order of closing. */
  readonly pairs: readonly FillPair[]
}

/** Throws `usage`. */
export function parseMatching(text: string): Matching {
  const matching = MATCHINGS.find(known => known === text)
  if (matching !== undefined) return matching
  throw new FeedtapeError('usage', 'there is no matching of that name', {
    where: '--matching',
    expected: MATCHINGS.join(' or '),
    found: excerpt(text),
    next: 'choose one of them; average is the default',
  })
}

/** Bought and sold of a pair, whichever opened it. */
export function sidesOf({ side, opening, closing }: FillPair): {
  readonly buy: MatchedFill
  readonly sell: MatchedFill
} {
  return side === 'long' ? { buy: opening, sell: closing } : { buy: closing, sell: opening }
}
