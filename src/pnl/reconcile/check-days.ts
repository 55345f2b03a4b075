import {
  type Decimal,
  decimalEquals,
  decimalSign,
  decimalText,
  negate,
  subtract,
} from '../../model/decimal.ts'
import type { BookReport } from '../replay-options.ts'
import { type Check, type CheckDifference, type CheckSide, NO_POINT_VALUE } from './check.ts'
import type { ForeignDay } from './foreign-file.ts'
import { leftOutNotes } from './left-out.ts'
import { type Conversion, type Money, type MoneySum, sumOfMoney } from './money-sum.ts'

/** What a book realized on one trade date, less what its fills of that date cost. */
interface Day {
  readonly realized: readonly Money[]
  readonly fees: readonly Money[]
}

const NOTHING: Day = { realized: [], fees: [] }

/**
 * What fills realized on each trade date, less what the fills of that date cost, against what the broker calls
 * realized. What a pair makes belongs to the trade date of its closing fill. Days between the first and the last that
 * they tell are theirs to tell; what is before and behind is noted.
 */
export function checkDays(
  name: string,
  fills: BookReport,
  theirs: readonly ForeignDay[],
  conversion: Conversion,
): Check {
  const ours = daysOf(fills)
  const told = Map.groupBy(theirs, ({ tradeDate }) => tradeDate)
  const rows = [...told.values()].flatMap(moved)
  const differences = rows.flatMap(row => {
    const isAlone = new Set(rows.filter(isOfDay(row)).map(({ currency }) => currency)).size < 2
    return differenceOf(row, ours.get(row.tradeDate) ?? NOTHING, isAlone, conversion)
  })
  const dates = [...told.keys()].sort()
  const untold = [...ours]
    .filter(([date, day]) => !told.has(date) && !isNothing(netOf(day, conversion)))
    .map(([date, day]) => ({ date, text: textOf(day, conversion) }))
    .sort((a, b) => (a.date < b.date ? -1 : 1))
  const isTheirs = ({ date }: { readonly date: string }): boolean =>
    date > (dates[0] ?? '') && date < (dates.at(-1) ?? '')
  const missing = untold.filter(isTheirs).map(({ date, text }) => ({
    what: `realized on ${date}`,
    ours: { text },
    theirs: { text: 'nothing' },
  }))
  return {
    name,
    compared: rows.length + missing.length,
    differences: [...differences, ...missing],
    notes: [
      ...untold
        .filter(day => !isTheirs(day))
        .map(({ date, text }) => `not told by the broker: ${date}, ${text}`),
      ...leftOutNotes(fills),
    ],
  }
}

function isOfDay({ tradeDate }: ForeignDay): (day: ForeignDay) => boolean {
  return day => day.tradeDate === tradeDate
}

/** Where an account has several currencies, those in which nothing was realized say nothing. */
function moved(rows: readonly ForeignDay[]): readonly ForeignDay[] {
  if (new Set(rows.map(({ currency }) => currency)).size < 2) return rows
  const some = rows.filter(({ realized }) => decimalSign(realized) !== 0)
  return some.length === 0 ? rows.slice(0, 1) : some
}

function daysOf({ days, positions }: BookReport): ReadonlyMap<string, Day> {
  const unvalued = new Set(
    positions.flatMap(({ instrument, pointValue }) => (pointValue === undefined ? [instrument] : [])),
  )
  const byDate = new Map<string, Day>()
  for (const { date, instrument, realized: value, fees, currency: fact } of days) {
    const { realized, fees: costs } = byDate.get(date) ?? NOTHING
    const currency = fact?.value
    const reason = unvalued.has(instrument)
      ? NO_POINT_VALUE
      : `not comparable: ${instrument} was closed at a price that is not known`
    byDate.set(date, {
      realized: [...realized, { value, currency, reason }],
      fees: [...costs, { value: fees, currency, reason }],
    })
  }
  return byDate
}

function netOf({ realized, fees }: Day, conversion: Conversion): MoneySum {
  const costs = fees.map(fee => ({ ...fee, value: fee.value === undefined ? undefined : negate(fee.value) }))
  return sumOfMoney([...realized, ...costs], conversion)
}

function isNothing(sum: MoneySum): boolean {
  return sum.kind === 'sum' && decimalSign(sum.value) === 0
}

function textOf(day: Day, conversion: Conversion): string {
  const net = netOf(day, conversion)
  if (net.kind === 'unknown') return net.reason
  const [gross, cost] = [sumOfMoney(day.realized, conversion), sumOfMoney(day.fees, conversion)]
  const parts = [gross, cost].map(sum => (sum.kind === 'sum' ? decimalText(sum.value) : '?'))
  return `${parts.join(' − ')} = ${decimalText(net.value)}`
}

function differenceOf(
  { tradeDate, realized: said, place, currency }: ForeignDay,
  day: Day,
  isAlone: boolean,
  conversion: Conversion,
): CheckDifference[] {
  const what = `realized on ${tradeDate}`
  const theirs: CheckSide = { text: decimalText(said), place }
  if (!isAlone) {
    const text = `not comparable: the broker tells it in several currencies, this is ${currency ?? 'one of them'}`
    return [{ what, ours: { text }, theirs }]
  }
  const net = netOf(day, conversion)
  const known: Decimal | undefined = net.kind === 'sum' ? net.value : undefined
  if (known !== undefined && decimalEquals(known, said)) return []
  const difference = known === undefined ? {} : { difference: subtract(said, known) }
  return [{ what, ours: { text: textOf(day, conversion) }, theirs, ...difference }]
}
