import { type Decimal, decimalText } from '../model/decimal.ts'
import type { JsonObject, JsonValue } from '../model/observation.ts'
import { type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import type { TotalReport } from './currency-total.ts'
import type { PositionReport, UnpricedReason } from './holding.ts'
import type { PositionChange } from './position.ts'

/**
 * The lines of `replay --json`. Decimals are strings, times ISO 8601, unknown figures null. `fee`: one that came apart
 * from its fill; `correction`: a fill was corrected or taken back by its source; `position`: its source said what is
 * held; `uncertain` and `confirmed`: its source was silenced, and has said again what is held.
 */
export type PnlEventKind =
  | 'fill'
  | 'fee'
  | 'correction'
  | 'signal'
  | 'position'
  | 'uncertain'
  | 'confirmed'
  | 'quote'
  | 'facts'
  | 'stale'

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
  /** What was done, where a source's news is a fill: for whoever explains, and on no line. */
  readonly deal?: PositionChange
}

/** `book` where there are several. */
export function eventLine(
  cause: Cause,
  position: PositionReport,
  totalNet: Decimal | undefined,
  book?: string,
): JsonObject {
  const { kind, at, deal: _, ...place } = cause
  return {
    kind,
    ...bookKey(book),
    at: isoFromEpochMicros(at),
    ...place,
    ...positionKeys(position),
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
export function positionLine(position: PositionReport, book?: string): JsonObject {
  const { mark, pointValue, currency, markAge } = position
  return {
    kind: 'position',
    ...bookKey(book),
    ...positionKeys(position),
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

export function totalLine(total: TotalReport, book?: string): JsonObject {
  return {
    kind: 'total',
    ...bookKey(book),
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

/** Which of several books a line is of. */
export function bookKey(book: string | undefined): { readonly book?: string } {
  return book === undefined ? {} : { book }
}

function positionKeys(position: PositionReport): Readonly<Record<string, JsonValue>> {
  const { instrument, label, quantity, average, averageWord, uncertainSince } = position
  return {
    instrument,
    ...label,
    quantity: decimalText(quantity),
    average: textOrNull(average),
    ...(averageWord === undefined ? {} : { averageWord }),
    ...(uncertainSince === undefined ? {} : { uncertainSince: isoFromEpochMicros(uncertainSince) }),
  }
}

function markKeys({ mark, unpriced }: PositionReport): Readonly<Record<string, JsonValue>> {
  if (unpriced !== undefined) return { mark: textOrNull(mark?.price), unpriced: unpricedText(unpriced) }
  if (mark === undefined) return { mark: null }
  return { mark: decimalText(mark.price), markRule: mark.rule, markFrom: mark.from }
}

function textOrNull(value: Decimal | undefined): string | null {
  return value === undefined ? null : decimalText(value)
}
