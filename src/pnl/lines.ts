import { type Decimal, decimalText } from '../model/decimal.ts'
import type { JsonObject, JsonValue } from '../model/observation.ts'
import { type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import type { TotalReport } from './currency-total.ts'
import type { PositionReport, UnpricedReason } from './holding.ts'

/**
 * The lines of `replay --json`. Decimals are strings, times ISO 8601, unknown figures null. `fee`: one that came apart
 * from its fill; `correction`: a fill was corrected or taken back by its source.
 */
export type PnlEventKind = 'fill' | 'fee' | 'correction' | 'quote' | 'facts' | 'stale'

/** What caused a figure to change. */
export interface Cause {
  readonly kind: PnlEventKind
  readonly at: EpochMicros
  /** The tape's id, entry and packet, where an entry caused it. */
  readonly tape?: string
  readonly seq?: number
  readonly packet?: number
  /** The line of the positions file, where a fill caused it. */
  readonly line?: number
}

export function eventLine(cause: Cause, position: PositionReport, totalNet: Decimal | undefined): JsonObject {
  const { kind, at, ...place } = cause
  return {
    kind,
    at: isoFromEpochMicros(at),
    ...place,
    instrument: position.instrument,
    quantity: decimalText(position.quantity),
    average: textOrNull(position.average),
    ...markKeys(position),
    unrealized: textOrNull(position.unrealized),
    realized: textOrNull(position.realized),
    fees: decimalText(position.fees),
    net: textOrNull(position.net),
    worst: textOrNull(position.worst),
    currency: position.currency?.value ?? null,
    totalNet: textOrNull(totalNet),
  }
}

/** A position at the end, with all that its figures rest on. */
export function positionLine(position: PositionReport): JsonObject {
  const { mark, pointValue, currency, markAge } = position
  return {
    kind: 'position',
    instrument: position.instrument,
    quantity: decimalText(position.quantity),
    average: textOrNull(position.average),
    ...markKeys(position),
    markAt: mark === undefined ? null : isoFromEpochMicros(mark.at),
    markTime: mark?.time === undefined ? null : isoFromEpochMicros(mark.time),
    markAgeMicros: markAge ?? null,
    delaySeconds: mark?.delay ?? null,
    pointValue: textOrNull(pointValue?.value),
    pointValueFrom: pointValue?.source ?? null,
    currency: currency?.value ?? null,
    unrealized: textOrNull(position.unrealized),
    realized: textOrNull(position.realized),
    fees: decimalText(position.fees),
    net: textOrNull(position.net),
    worst: textOrNull(position.worst),
  }
}

export function totalLine(total: TotalReport): JsonObject {
  return {
    kind: 'total',
    currency: total.currency ?? null,
    instruments: [...total.instruments],
    unpriced: [...total.unpriced],
    unrealized: textOrNull(total.unrealized),
    realized: textOrNull(total.realized),
    fees: decimalText(total.fees),
    net: textOrNull(total.net),
    peakToTrough: textOrNull(total.peakToTrough),
  }
}

/** `no price yet (last)`, `stale (bid)`, `point value unknown`: for people and for the JSON alike. */
export function unpricedText(reason: UnpricedReason): string {
  return 'from' in reason ? `${reason.reason} (${reason.from})` : reason.reason
}

function markKeys({ mark, unpriced }: PositionReport): Readonly<Record<string, JsonValue>> {
  if (unpriced !== undefined) return { mark: textOrNull(mark?.price), unpriced: unpricedText(unpriced) }
  if (mark === undefined) return { mark: null }
  return { mark: decimalText(mark.price), markRule: mark.rule, markFrom: mark.from }
}

function textOrNull(value: Decimal | undefined): string | null {
  return value === undefined ? null : decimalText(value)
}
