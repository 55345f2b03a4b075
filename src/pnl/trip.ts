import type { Fact } from '../instruments/facts.ts'
import { absolute, compare, type Decimal, decimalSign, multiplyDivide, ONE, ZERO } from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { PositionLabel } from './label.ts'

/** One trade: from flat to flat, or to the other side, of one position. Money is in `currency`. */
export interface TradeReport {
  readonly instrument: string
  readonly label: PositionLabel | undefined
  readonly side: 'long' | 'short'
  /** By the fills' own times. */
  readonly opened: EpochMicros
  /** `undefined` while it is open. */
  readonly closed: EpochMicros | undefined
  /** From the one to the other; of an open one until now. */
  readonly time: Micros
  /** The most that was held. */
  readonly quantity: Decimal
  /** Realized, in price × quantity units; `undefined` where a part was closed by somebody's word, without a price. */
  readonly units: Decimal | undefined
  /** The same as money, before fees; `undefined` also while the point value is not known. */
  readonly gross: Decimal | undefined
  readonly fees: Decimal
  readonly net: Decimal | undefined
  /** The least and the most open P&L at its marks and at the fills that closed it: ≤ 0 and ≥ 0. */
  readonly worst: Decimal | undefined
  readonly best: Decimal | undefined
  /** The same for each contract that was open then, in points. For display, at 10 digits. */
  readonly worstPoints: Decimal
  readonly bestPoints: Decimal
  /** The exchange's day of its closing fill. */
  readonly tradeDate: string | undefined
  readonly currency: Fact<string> | undefined
}

/** An open P&L in price × quantity units, and what was open then. */
export interface Excursion {
  readonly units: Decimal
  readonly quantity: Decimal
}

export interface Excursions {
  readonly worst: Excursion
  readonly best: Excursion
}

const NOWHERE: Excursion = { units: ZERO, quantity: ONE }
export const NO_EXCURSIONS: Excursions = { worst: NOWHERE, best: NOWHERE }

/** Both extremes of two. */
export function widened(one: Excursions, other: Excursions): Excursions {
  return {
    worst: compare(other.worst.units, one.worst.units) < 0 ? other.worst : one.worst,
    best: compare(other.best.units, one.best.units) > 0 ? other.best : one.best,
  }
}

/** A trade in the making, in price × quantity units. */
export interface Trip {
  readonly side: 'long' | 'short'
  readonly opened: EpochMicros
  readonly closed: EpochMicros | undefined
  readonly quantity: Decimal
  readonly units: Decimal
  /** False where a part was closed without a price. */
  readonly isTold: boolean
  readonly fees: Decimal
  /** What is known of it beside the marks of the position: the prices of its own fills, and marks once it is closed. */
  readonly excursions: Excursions
  readonly tradeDate: string | undefined
}

const POINT_DIGITS = 10

export function pointsOf({ units, quantity }: Excursion): Decimal {
  return multiplyDivide(units, ONE, absolute(quantity), POINT_DIGITS)
}

export function sideOf(quantity: Decimal): 'long' | 'short' | undefined {
  const sign = decimalSign(quantity)
  return sign === 0 ? undefined : sign > 0 ? 'long' : 'short'
}
