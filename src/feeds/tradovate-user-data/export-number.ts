import {
  type Decimal,
  decimalFromText,
  negate,
  roundSignificant,
  significantDigits,
} from '../../model/decimal.ts'
import { TRUSTED_DIGITS } from '../numbers.ts'

export interface ExportNumber {
  readonly value: Decimal
  /** It was written with binary noise and is read as 15 digits. */
  readonly isNoise: boolean
}

const WRITTEN = /^(\()?(-)?(\$)?(-)?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(\))?$/

/** `25784.5`, `505,420.00`, `$80.00`, `$(10.00)`, `(10.00)`, `2647.1000000000004`; `undefined` for anything else. */
export function exportNumber(cell: string): ExportNumber | undefined {
  // $(10.00) is −10.00, and so is ($10.00).
  const text = cell.trim().replace(/^\$\(/, '($')
  const [, open, minus, , inner, whole = '', fraction = '', end] = WRITTEN.exec(text) ?? []
  if ((open === undefined) !== (end === undefined)) return undefined
  const signs = [open, minus, inner].filter(sign => sign !== undefined).length
  const value = decimalFromText(whole.replaceAll(',', '') + fraction)
  if (value === undefined || signs > 1) return undefined
  const isNoise = value.scale > 0 && significantDigits(value) > TRUSTED_DIGITS
  const read = isNoise ? roundSignificant(value, TRUSTED_DIGITS) : value
  return { value: signs === 1 ? negate(read) : read, isNoise }
}
