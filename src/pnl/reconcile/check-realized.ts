import { absolute, add, compare, type Decimal, decimalText, subtract, ZERO } from '../../model/decimal.ts'
import type { BookReport } from '../replay-options.ts'
import type { CheckDifference } from './check.ts'

/** A broker's realized rests on values that are doubles. */
const BROKER_TOLERANCE: Decimal = { mantissa: 5, scale: 3 }

export interface RealizedCompared {
  readonly differences: readonly CheckDifference[]
  readonly notes: readonly string[]
}

/** One instrument's realized of one side; `undefined` where it is not known. */
type Realized = Decimal | undefined

/**
 * What two books realized of one instrument, before fees. A broker's word is of its position's trade date, and is
 * held against what was closed on that date; two others are of the whole run.
 */
export function checkRealized(
  instrument: string,
  ours: BookReport,
  theirs: BookReport,
  tradeDates: ReadonlyMap<string, string>,
): RealizedCompared {
  const isOfDay = isBroker(ours) !== isBroker(theirs)
  const date = tradeDates.get(instrument)
  const what = isOfDay ? `${instrument} realized on ${date}` : `${instrument} realized`
  if (isOfDay && date === undefined) return noted(`${instrument} realized: the broker names no trade date`)
  const [one, other] = [ours, theirs].map(book =>
    isOfDay && !isBroker(book) ? onDay(book, instrument, date) : inAll(book, instrument),
  )
  if (one === undefined || other === undefined) {
    const silent = [ours, theirs].filter((_, index) => [one, other][index] === undefined)
    return noted(`${what}: it is not known in ${silent.map(({ name }) => name).join(' and in ')}`)
  }
  const difference = subtract(other, one)
  if (compare(absolute(difference), isOfDay ? BROKER_TOLERANCE : ZERO) <= 0)
    return { differences: [], notes: [] }
  const sides = { ours: { text: decimalText(one) }, theirs: { text: decimalText(other) } }
  return { differences: [{ what, ...sides, difference }], notes: [] }
}

function noted(text: string): RealizedCompared {
  return { differences: [], notes: [`not comparable: ${text}`] }
}

function isBroker({ source }: BookReport): boolean {
  return source?.positions === 'broker'
}

function inAll({ positions }: BookReport, instrument: string): Realized {
  return sumOf(positions.filter(position => position.instrument === instrument))
}

function onDay({ days }: BookReport, instrument: string, date: string | undefined): Realized {
  return sumOf(days.filter(day => day.instrument === instrument && day.date === date))
}

function sumOf(parts: readonly { readonly realized: Realized }[]): Realized {
  let sum = ZERO
  for (const { realized } of parts) {
    if (realized === undefined) return undefined
    sum = add(sum, realized)
  }
  return sum
}
