import { type Decimal, decimalFromText, negate } from './decimal.ts'

const WRITTEN = /^(\()?(-)?(\$)?(-)?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(\))?$/

/** As exports write money: `505,420.00`, `$80.00`, `$(10.00)`, `(10.00)`, `-5`; `undefined` for anything else. */
export function amountFromText(cell: string): Decimal | undefined {
  // $(10.00) is −10.00, and so is ($10.00).
  const text = cell.trim().replace(/^\$\(/, '($')
  const [, open, minus, , inner, whole = '', fraction = '', end] = WRITTEN.exec(text) ?? []
  if ((open === undefined) !== (end === undefined)) return undefined
  const signs = [open, minus, inner].filter(sign => sign !== undefined).length
  const value = decimalFromText(whole.replaceAll(',', '') + fraction)
  if (value === undefined || signs > 1) return undefined
  return signs === 1 ? negate(value) : value
}
