import { decimalText } from '../model/decimal.ts'
import type { JsonObject } from '../model/observation.ts'
import { isoFromEpochMicros } from '../model/time.ts'
import type { PairReport } from './holding.ts'
import { bookKey } from './lines.ts'
import type { MatchedFill } from './matching.ts'

/** A pair as a line of `replay --json --pairs`. `pnl` is money, `units` price × quantity; both before fees. */
export function pairLine(pair: PairReport, book?: string): JsonObject {
  const { instrument, label, side, quantity, opening, closing, units, pnl, currency } = pair
  return {
    kind: 'pair',
    ...bookKey(book),
    instrument,
    ...label,
    side,
    quantity: decimalText(quantity),
    opening: fillOf(opening),
    closing: fillOf(closing),
    units: decimalText(units),
    pnl: pnl === undefined ? null : decimalText(pnl),
    currency: currency?.value ?? null,
    tradeDate: closing.tradeDate ?? null,
  }
}

function fillOf({ id, line, at, price }: MatchedFill): JsonObject {
  return {
    ...(id === undefined ? {} : { id }),
    ...(line === undefined ? {} : { line }),
    ...(at === undefined ? {} : { at: isoFromEpochMicros(at) }),
    price: decimalText(price),
  }
}
