import {
  add,
  type Decimal,
  decimalEquals,
  decimalSign,
  multiply,
  subtract,
  ZERO,
} from '../../model/decimal.ts'
import type { BrokerWord } from './tape-broker-words.ts'

/**
 * What the broker's position stands at. An open one without a price of its own that nobody has traded in its day has
 * that of the day before (the official example's `netPrice || prevPrice`); any other without one has none, and is
 * never worth 0.
 */
export function brokersAverage({ quantity, averagePrice, day }: BrokerWord): Decimal | undefined {
  if (decimalSign(quantity) === 0 || averagePrice !== undefined) return averagePrice
  const isUntouched =
    day !== undefined &&
    decimalEquals(day.previous, quantity) &&
    decimalSign(day.bought) === 0 &&
    decimalSign(day.sold) === 0
  return isUntouched ? day.previousPrice : undefined
}

/**
 * What was realized in the position's trade date, in price × quantity: sold − bought + what is open now − what was
 * open before, each at its own price. `unknown` where a part of it is not said, or where the parts contradict the
 * position.
 */
export function brokersRealized(word: BrokerWord): Decimal | 'unknown' {
  const { quantity, day } = word
  if (day === undefined) return 'unknown'
  if (!decimalEquals(quantity, subtract(add(day.previous, day.bought), day.sold))) return 'unknown'
  const open = costOf(quantity, brokersAverage(word))
  const before = costOf(day.previous, day.previousPrice)
  if (open === undefined || before === undefined) return 'unknown'
  return subtract(add(subtract(day.soldValue, day.boughtValue), open), before)
}

function costOf(quantity: Decimal, price: Decimal | undefined): Decimal | undefined {
  if (decimalSign(quantity) === 0) return ZERO
  return price === undefined ? undefined : multiply(quantity, price)
}
