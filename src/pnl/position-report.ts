import type { Fact } from '../instruments/facts.ts'
import type { Decimal } from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { PositionLabel } from './label.ts'
import type { Marked, Unpriced } from './mark.ts'
import type { AverageWord, FillPair } from './matching.ts'
import type { PositionDay } from './trade-date-log.ts'

/** Why a position has no unrealized P&L. */
export type UnpricedReason =
  | Unpriced
  | {
      readonly kind: 'unpriced'
      readonly reason: 'point value unknown' | 'average unknown' | `inverse contract: ${string}`
    }

/** One instrument's figures. Money is in `currency`; what cannot be known now is `undefined`, never zero. */
export interface PositionReport {
  readonly instrument: string
  /** What sets it apart from others of the instrument. */
  readonly label: PositionLabel | undefined
  /** Above zero is long. */
  readonly quantity: Decimal
  /** Where the average is somebody's word, and no sum of fills. */
  readonly averageWord: AverageWord | undefined
  /** Its source was silent, or not there, and has not confirmed it yet. */
  readonly uncertainSince: EpochMicros | undefined
  /** For display, at 10 digits after the point. */
  readonly average: Decimal | undefined
  /** What it rests on, exactly: Σ signed quantity × price of what is open. */
  readonly openCost: Decimal
  readonly mark: Marked | undefined
  /** Since the mark's receipt. */
  readonly markAge: Micros | undefined
  /** Whether there was one at any time of the run. */
  readonly wasMarked: boolean
  readonly unpriced: UnpricedReason | undefined
  readonly pointValue: Fact<Decimal> | undefined
  readonly currency: Fact<string> | undefined
  readonly unrealized: Decimal | undefined
  readonly realized: Decimal | undefined
  readonly fees: Decimal
  /** realized + unrealized − fees. */
  readonly net: Decimal | undefined
  /** The least unrealized P&L at any event since the position was last opened; never above zero. */
  readonly worst: Decimal | undefined
  /** The most; never below zero. */
  readonly best: Decimal | undefined
}

/** What a position made on one day of its exchange. Money is in `currency`. */
export interface PositionDayReport extends PositionDay {
  readonly instrument: string
  readonly label: PositionLabel | undefined
  readonly currency: Fact<string> | undefined
}

/** A pair with what it is worth. Gross: fees belong to fills and not to pairs. */
export interface PairReport extends FillPair {
  readonly instrument: string
  readonly label: PositionLabel | undefined
  /** `undefined` while the point value is not known. */
  readonly pnl: Decimal | undefined
  readonly currency: Fact<string> | undefined
}
