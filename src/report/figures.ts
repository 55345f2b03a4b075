import { type Decimal, decimalText } from '../model/decimal.ts'

/** `1000.25`; a dash for what is not known, which is no zero. */
export function figureText(value: Decimal | undefined): string {
  return value === undefined ? '–' : decimalText(value)
}

/** With its sign where it is above zero, too: a gain is told from a price. */
export function signedText(value: Decimal | undefined): string {
  if (value === undefined) return '–'
  return value.mantissa > 0 ? `+${decimalText(value)}` : decimalText(value)
}
