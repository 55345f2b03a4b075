import {
  absolute,
  compare,
  type Decimal,
  decimalFromText,
  decimalSign,
  decimalText,
  maximum,
  multiply,
  subtract,
} from '../model/decimal.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import { type ComparedField, FIELD_SPECS, isComparedField, SPEC_BY_FIELD } from './fields.ts'

/** How far apart two values of a field may be. */
export interface Tolerance {
  readonly unit: 'tick' | 'absolute' | 'percent'
  readonly amount: Decimal
}

/** `band`: how far the last price of one side may lie outside the other's bid and ask. */
export type JudgedField = ComparedField | 'band'

export type Tolerances = ReadonlyMap<JudgedField, Tolerance>

/** Of every field that nothing is said about. */
export const NO_TOLERANCE: Tolerance = { unit: 'absolute', amount: { mantissa: 0, scale: 0 } }

const AMOUNT = /^(\d+(?:\.\d+)?)(ticks?|%)?$/

/** `1tick`, `0.5ticks`, `0.05`, `0.1%`. `undefined` for anything else. */
export function toleranceFromText(text: string): Tolerance | undefined {
  const [, digits = '', unit = ''] = AMOUNT.exec(text) ?? []
  const amount = decimalFromText(digits)
  if (amount === undefined || decimalSign(amount) < 0) return undefined
  if (unit === '%') return { unit: 'percent', amount }
  return { unit: unit === '' ? 'absolute' : 'tick', amount }
}

export function toleranceText({ amount, unit }: Tolerance): string {
  const digits = decimalText(amount)
  if (unit === 'percent') return `${digits}%`
  return unit === 'tick' ? `${digits} ${digits === '1' ? 'tick' : 'ticks'}` : digits
}

/** What is wrong with a tolerance for this field; `undefined` where nothing is. */
export function refusedTolerance(field: string, text: string): string | undefined {
  if (field !== 'band' && !isComparedField(field)) {
    return `a field (${FIELD_SPECS.map(spec => spec.field).join(', ')}) or band`
  }
  const tolerance = toleranceFromText(text)
  if (tolerance === undefined) return 'an amount such as 1tick, 0.05 or 0.1%'
  const isPrice = field === 'band' || SPEC_BY_FIELD.get(field)?.isPrice === true
  if (tolerance.unit === 'tick' && !isPrice) return 'an amount or a percentage: only prices step in ticks'
  return undefined
}

/** `last=1tick`. Throws `usage`. */
export function readTolerance(text: string): readonly [JudgedField, Tolerance] {
  const mark = text.indexOf('=')
  const [field, amount] = [text.slice(0, Math.max(mark, 0)), text.slice(mark + 1)]
  const expected = mark < 0 ? 'FIELD=AMOUNT' : refusedTolerance(field, amount)
  const tolerance = toleranceFromText(amount)
  if (expected === undefined && tolerance !== undefined && (field === 'band' || isComparedField(field))) {
    return [field, tolerance]
  }
  throw new FeedtapeError('usage', 'not a tolerance', {
    where: '--tolerance',
    expected: expected ?? 'FIELD=AMOUNT',
    found: excerpt(text),
    next: 'write it like --tolerance last=1tick',
  })
}

/** Whether two values are farther apart than they may be. A tick that nobody knows allows nothing. */
export function isBeyond(a: Decimal, b: Decimal, tolerance: Tolerance, tick: Decimal | undefined): boolean {
  const gap = absolute(subtract(a, b))
  const { amount, unit } = tolerance
  if (unit === 'absolute') return compare(gap, amount) > 0
  if (unit === 'tick')
    return compare(gap, tick === undefined ? { mantissa: 0, scale: 0 } : multiply(amount, tick)) > 0
  const larger = maximum(absolute(a), absolute(b))
  return compare(multiply(gap, { mantissa: 100, scale: 0 }), multiply(amount, larger)) > 0
}
