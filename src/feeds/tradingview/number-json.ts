import { type Decimal, decimalSign, decimalText, significantDigits } from '../../model/decimal.ts'

export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && 'mantissa' in value
}

/**
 * A reader takes more than 15 digits of a non-integer for binary noise, 1e+100 for "none", and what underflows for
 * zero: such values would not come back, so they are not written.
 */
export function numberJson(value: Decimal): string | undefined {
  const text = decimalText(value)
  const double = Number(text)
  const isNoise = value.scale > 0 && significantDigits(value) > 15
  const isNone = double === 1e100
  const isLost = double === 0 && decimalSign(value) !== 0
  return isNoise || isNone || isLost ? undefined : text
}
