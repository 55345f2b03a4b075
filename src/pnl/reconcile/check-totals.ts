import { add, decimalEquals, decimalText, subtract } from '../../model/decimal.ts'
import type { CheckDifference } from './check.ts'
import type { ForeignDay } from './foreign-file.ts'

export interface TotalsCheck {
  readonly differences: readonly CheckDifference[]
  readonly notes: readonly string[]
}

/**
 * Tradovate's Total Amount is the day before it and what the day realized (A_AccountBalanceHistory.csv, seven days of
 * one account): 51,413.38 and 112.98 make 51,526.36. What the first one rests on is in no row. Money that was paid in
 * or out looks like a difference, and is one: nothing here tells of it.
 */
export function checkTotals(days: readonly ForeignDay[]): TotalsCheck {
  if (days.every(({ total }) => total === undefined)) return { differences: [], notes: [] }
  const byDate = [...Map.groupBy(days, ({ tradeDate }) => tradeDate)].sort(([a], [b]) => (a < b ? -1 : 1))
  const doubled = byDate.find(([, rows]) => rows.length > 1)
  if (doubled !== undefined) {
    return { differences: [], notes: [`total amounts are not compared: ${doubled[0]} stands there twice`] }
  }
  const sorted = byDate.flatMap(([, rows]) => rows)
  return {
    differences: sorted.flatMap((day, index) => differenceOf(sorted[index - 1], day)),
    notes: [],
  }
}

function differenceOf(before: ForeignDay | undefined, day: ForeignDay): CheckDifference[] {
  const { place, realized, total, tradeDate } = day
  if (before?.total === undefined || total === undefined) return []
  const expected = add(before.total, realized)
  if (decimalEquals(expected, total)) return []
  const sum = `${decimalText(before.total)} + ${decimalText(realized)} = ${decimalText(expected)}`
  return [
    {
      what: `total amount on ${tradeDate}`,
      ours: { text: `${sum}, where nothing was paid in or out`, place: before.place },
      theirs: { text: decimalText(total), place },
      difference: subtract(total, expected),
    },
  ]
}
