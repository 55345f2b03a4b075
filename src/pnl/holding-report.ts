import type { ResolvedInstrument } from '../instruments/facts.ts'
import type { Decimal } from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { PositionLabel } from './label.ts'
import type { PositionMark } from './mark.ts'
import type { AverageWord } from './matching.ts'
import { averagePrice, type Position } from './position.ts'
import type { PositionReport, UnpricedReason } from './position-report.ts'

const POINT_VALUE_UNKNOWN: UnpricedReason = { kind: 'unpriced', reason: 'point value unknown' }
const AVERAGE_UNKNOWN: UnpricedReason = { kind: 'unpriced', reason: 'average unknown' }

/** A position as its holding has it, with what is money already in money. */
export interface HeldNow {
  readonly instrument: string
  readonly label: PositionLabel | undefined
  readonly position: Position
  readonly isFlat: boolean
  readonly averageWord: AverageWord | undefined
  readonly uncertainSince: EpochMicros | undefined
  readonly mark: PositionMark
  readonly wasMarked: boolean
  readonly values: ResolvedInstrument
  readonly unrealized: Decimal | undefined
  readonly realized: Decimal | undefined
  readonly net: Decimal | undefined
  readonly worst: Decimal | undefined
  readonly best: Decimal | undefined
}

/** What is said of it to whoever asks: never on the way of a quote. */
export function reportOf(held: HeldNow, now: Micros): PositionReport {
  const { averageWord, instrument, label, net, position, realized, uncertainSince, unrealized, values } = held
  const mark = held.mark.kind === 'marked' ? held.mark : undefined
  return {
    instrument,
    label,
    quantity: position.quantity,
    averageWord,
    uncertainSince,
    average: averagePrice(position),
    openCost: position.openCost,
    mark,
    markAge: mark === undefined ? undefined : now - mark.at,
    wasMarked: held.wasMarked,
    unpriced: unpricedOf(held),
    pointValue: values.pointValue,
    currency: values.currency,
    unrealized,
    realized,
    fees: position.fees,
    net,
    worst: held.worst,
    best: held.best,
  }
}

/** The first that is missing, in the order in which it would have to be put right. */
function unpricedOf({ isFlat, mark, position, values }: HeldNow): UnpricedReason | undefined {
  if (values.inverse !== undefined) {
    return { kind: 'unpriced', reason: `inverse contract: ${values.inverse.value}` }
  }
  if (values.pointValue === undefined) return POINT_VALUE_UNKNOWN
  if (position.isCostUnknown) return AVERAGE_UNKNOWN
  return isFlat || mark.kind === 'marked' ? undefined : mark
}
