import { absolute, compare, type Decimal, decimalSign, ZERO } from '../../model/decimal.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { PositionLabel } from '../label.ts'
import type { Ledger } from '../ledger.ts'
import { FLAT, type Position, type PositionChange } from '../position.ts'
import { type ExactPositions, madeBy } from './signal-exact.ts'
import type { SignalCounts, SignalRemark } from './signal-report.ts'
import type { SignalOrigin, SignalWord } from './signal-word.ts'

/** A signal where it is applied. */
export interface Turn {
  readonly word: SignalWord
  readonly origin: SignalOrigin
  readonly at: EpochMicros
  readonly instrument: string
  readonly label: PositionLabel | undefined
  /** The ledger's. */
  readonly key: string
  /** Before it. */
  readonly held: Decimal
}

/** What signals work on. */
export interface SignalRoom {
  readonly ledger: Ledger
  readonly exact: ExactPositions
  readonly counts: SignalCounts
}

/** What a signal did to its key's position. */
export interface Outcome {
  readonly isChanged: boolean
  /** `sure`: it is known by this signal alone, whatever was missed before; `doubtful`: nobody knows what it is now. */
  readonly certainty: 'sure' | 'doubtful' | 'as before'
  /** What was done at its price. */
  readonly deal?: PositionChange
}

export const SET: Outcome = { isChanged: true, certainty: 'sure' }
export const SAID_AGAIN: Outcome = { isChanged: false, certainty: 'sure' }
export const CHANGED: Outcome = { isChanged: true, certainty: 'as before' }
export const CHANGED_IN_DOUBT: Outcome = { isChanged: true, certainty: 'doubtful' }
export const NOT_KNOWN: Outcome = { isChanged: false, certainty: 'doubtful' }
export const NOTHING: Outcome = { isChanged: false, certainty: 'as before' }

export function remarked({ counts }: SignalRoom, { origin }: Turn, remark: SignalRemark): void {
  counts.remark(remark, origin)
}

/** It does not say enough to be applied: nothing is put in its place. */
export function incomplete(room: SignalRoom, turn: Turn): Outcome {
  remarked(room, turn, 'incomplete')
  return NOT_KNOWN
}

/** What is held by the exact words of signals alone; nothing where one of them was rounded or missing. */
export function exactBefore({ exact }: SignalRoom, { key, held }: Turn): Position | undefined {
  return decimalSign(held) === 0 ? FLAT : exact.of(key)
}

export function fill(room: SignalRoom, turn: Turn, change: PositionChange): void {
  const { instrument, label, at, origin, word } = turn
  const made = madeBy(exactBefore(room, turn), { ...word, ...change })
  room.ledger.fill({ ...change, instrument, ...origin }, at, label)
  room.exact.set(instrument, label, made)
}

/** The position ended, and nobody said at what price: what it made is not known, and not counted. */
export function endUnsaid(room: SignalRoom, turn: Turn): void {
  holdUnpriced(room, turn, ZERO)
}

/** So much is held, at a price that nobody knows. */
export function holdUnpriced({ ledger, exact }: SignalRoom, turn: Turn, quantity: Decimal): void {
  const { instrument, label, at } = turn
  ledger.state(instrument, { quantity, averagePrice: undefined, average: 'stated' }, at, label)
  exact.set(instrument, label, undefined)
}

export function isPriceUnknown({ ledger }: SignalRoom, { key, held }: Turn): boolean {
  return decimalSign(held) !== 0 && ledger.position(key)?.average === undefined
}

/** By the strategy's own word or, of a plain order, by what it came to. */
export function count(room: SignalRoom, { word, held }: Turn, after: Decimal): void {
  const { counts } = room
  const [before, now] = [decimalSign(held), decimalSign(after)]
  const isOther = before !== now
  const size = compare(absolute(after), absolute(held))
  const { action } = word
  if (action === 'open' || (action === 'trade' && now !== 0 && isOther)) counts.opens += 1
  if (action === 'add' || (action === 'trade' && !isOther && size > 0)) counts.adds += 1
  if (action === 'close' || (action === 'trade' && before !== 0 && (isOther || size < 0))) counts.closes += 1
}
