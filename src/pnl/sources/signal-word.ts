import type { SignalObservation, SignalPosition } from '../../model/account.ts'
import type { Decimal } from '../../model/decimal.ts'
import type { TapePlace } from '../matching.ts'

/**
 * What a strategy says, whoever brought it: a line of a log, the body of a webhook. `trade` is an order that was done,
 * whatever it opened or closed: its side is the order's.
 */
export interface SignalWord
  extends Pick<SignalObservation, 'name' | 'strategy' | 'timeframe' | 'side' | 'quantity' | 'price'> {
  readonly action: SignalObservation['action'] | 'trade'
  /** Behind the signal, as it says itself. */
  readonly position?: PositionAfter
}

export interface PositionAfter extends Pick<SignalPosition, 'quantity'> {
  /** Nothing where only the size is said. */
  readonly averagePrice?: Decimal
  readonly isRounded?: boolean
}

/** Where a signal stands: an entry, or a line of a file. */
export interface SignalOrigin {
  readonly place?: TapePlace
  readonly line?: number
}
