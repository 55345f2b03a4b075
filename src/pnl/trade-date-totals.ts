import { add, type Decimal, subtract, ZERO } from '../model/decimal.ts'
import type { PositionDayReport } from './position-report.ts'
import type { TradeDateBy } from './trade-date.ts'

/** What the positions of one currency made on one day of their exchanges. */
export interface DayReport {
  /** Unknown: the days of a single instrument whose currency nobody has said. */
  readonly currency: string | undefined
  readonly date: string
  /** By whom, or by what rule, something belongs to it. */
  readonly by: readonly TradeDateBy[]
  readonly instruments: readonly string[]
  readonly realized: Decimal | undefined
  readonly fees: Decimal
  /** Of the open P&L over the day; `undefined` where a position had no mark at one of the day's borders. */
  readonly openChange: Decimal | undefined
  /** realized + openChange − fees. */
  readonly net: Decimal | undefined
}

/** By currency and day. */
export function dayTotals(days: readonly PositionDayReport[]): readonly DayReport[] {
  const groups = new Map<string, PositionDayReport[]>()
  for (const day of days) {
    const key = `${day.currency?.value ?? `?${day.instrument}`} ${day.date}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [day])
    else group.push(day)
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, group]) => totalOf(group))
}

function totalOf(group: readonly PositionDayReport[]): readonly DayReport[] {
  const [first] = group
  if (first === undefined) return []
  const realized = sumOf(group.map(day => day.realized))
  const openChange = sumOf(group.map(day => day.openChange))
  const fees = group.reduce((sum, day) => add(sum, day.fees), ZERO)
  const isKnown = realized !== undefined && openChange !== undefined
  return [
    {
      currency: first.currency?.value,
      date: first.date,
      by: [...new Set(group.flatMap(({ by }) => by))].sort(),
      instruments: [...new Set(group.map(({ instrument }) => instrument))],
      realized,
      fees,
      openChange,
      net: isKnown ? subtract(add(realized, openChange), fees) : undefined,
    },
  ]
}

function sumOf(values: readonly (Decimal | undefined)[]): Decimal | undefined {
  let sum = ZERO
  for (const value of values) {
    if (value === undefined) return undefined
    sum = add(sum, value)
  }
  return sum
}
