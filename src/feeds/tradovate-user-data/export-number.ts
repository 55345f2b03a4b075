import { type Decimal, roundSignificant, significantDigits } from '../../model/decimal.ts'
import { amountFromText } from '../../model/written-amount.ts'
import { TRUSTED_DIGITS } from '../numbers.ts'

export interface ExportNumber {
  readonly value: Decimal
  /** It was written with binary noise and is read as 15 digits. */
  readonly isNoise: boolean
}

/** `25784.5`, `505,420.00`, `$80.00`, `$(10.00)`, `2647.1000000000004`; `undefined` for anything else. */
export function exportNumber(cell: string): ExportNumber | undefined {
  const value = amountFromText(cell)
  if (value === undefined) return undefined
  const isNoise = value.scale > 0 && significantDigits(value) > TRUSTED_DIGITS
  return { value: isNoise ? roundSignificant(value, TRUSTED_DIGITS) : value, isNoise }
}
