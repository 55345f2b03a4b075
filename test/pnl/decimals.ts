import { type Decimal, decimalFromText, decimalText } from '../../src/model/decimal.ts'

export function decimal(text: string): Decimal {
  const value = decimalFromText(text)
  if (value === undefined) throw new Error(`no decimal: ${text}`)
  return value
}

export function textOf(value: Decimal | null | undefined): string | undefined {
  return value === undefined || value === null ? undefined : decimalText(value)
}
