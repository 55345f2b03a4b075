import { type Decimal, decimalText } from '../../model/decimal.ts'
import type { JsonObject, JsonValue } from '../../model/observation.ts'
import { SIGNAL_REMARKS, type SignalDifference, type SizeAndAverage } from './signal-report.ts'
import type { SignalOrigin } from './signal-word.ts'
import type { SignalsSourceReport } from './source-report.ts'

/** What the signals of a book came to: each count, and where the first of the strange ones stand. */
export function signalLine({ remarks, differences, ...counts }: SignalsSourceReport): JsonObject {
  const { positions, ...plain } = counts
  const placed = SIGNAL_REMARKS.filter(remark => remarks[remark].count > 0)
  return {
    positions,
    ...plain,
    ...Object.fromEntries(SIGNAL_REMARKS.map(remark => [remark, remarks[remark].count])),
    ...(placed.length === 0
      ? {}
      : {
          places: Object.fromEntries(placed.map(remark => [remark, remarks[remark].places.map(placeJson)])),
        }),
    ...(differences.length === 0 ? {} : { differences: differences.map(differenceJson) }),
  }
}

function differenceJson({ instrument, label, said, made, ...origin }: SignalDifference): JsonObject {
  return { ...placeJson(origin), instrument, ...label, said: sizeJson(said), made: sizeJson(made) }
}

function sizeJson({ quantity, average }: SizeAndAverage): JsonObject {
  return { quantity: decimalText(quantity), average: textOrNull(average) }
}

function textOrNull(value: Decimal | undefined): JsonValue {
  return value === undefined ? null : decimalText(value)
}

function placeJson({ place, line }: SignalOrigin): JsonObject {
  return { ...place, ...(line === undefined ? {} : { line }) }
}
