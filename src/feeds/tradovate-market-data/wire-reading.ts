import { type Decimal, decimalText } from '../../model/decimal.ts'
import type { NumberReader } from '../numbers.ts'

/** What a reader of one item collects. */
export interface Notes {
  readonly numbers: NumberReader
  readonly problems: string[]
}

/** `undefined`: not said, or no number, which is a problem; `null`: the wire says "none". */
export function decimalAt(
  record: Readonly<Record<string, unknown>>,
  key: string,
  { numbers, problems }: Notes,
  place: string,
): Decimal | null | undefined {
  const value = record[key]
  if (value === undefined) return undefined
  const decimal = numbers.decimal(value)
  if (decimal === undefined) problems.push(`${place}.${key} is no number`)
  return decimal
}

/** An id as text, exact beyond 2^53: `3267315` and `"3267315"` are one. */
export function idText(value: unknown, { numbers }: Notes): string | undefined {
  if (typeof value === 'string') return /^\d{1,30}$/.test(value) ? value : undefined
  const decimal = numbers.decimal(value)
  return decimal === undefined || decimal === null || decimal.scale > 0 ? undefined : decimalText(decimal)
}

/** The elements of a list that may not be there; `undefined` where it is something else. */
export function listAt(
  record: Readonly<Record<string, unknown>>,
  key: string,
  { problems }: Notes,
): readonly unknown[] {
  const list = record[key]
  if (Array.isArray(list)) return list
  if (list !== undefined) problems.push(`${key} is no list`)
  return []
}
