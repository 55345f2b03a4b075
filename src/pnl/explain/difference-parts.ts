import {
  add,
  type Decimal,
  decimalEquals,
  multiply,
  multiplyDivide,
  negate,
  subtract,
  ZERO,
} from '../../model/decimal.ts'
import type { RunEvent } from './run-lines.ts'

/** What a difference can be made of. */
export const PARTS = ['currency', 'realized', 'fees', 'point value', 'position', 'mark'] as const
export type Part = (typeof PARTS)[number]

export type Amounts = Readonly<Record<Part, Decimal>>

/** Of the positions at the end, which alone say them. */
export interface PointValues {
  readonly a: Decimal | undefined
  readonly b: Decimal | undefined
}

/**
 * Step by step from A to B: what was realized, the fees, then of what is open first the point value, then the position,
 * and last the mark. Nothing where a side is not priced, or is in another currency: no rate is known here.
 */
export function amountsOf(
  a: RunEvent | undefined,
  b: RunEvent | undefined,
  pointValues: PointValues,
): Amounts | undefined {
  if (netOf(a) === undefined || netOf(b) === undefined || !isSamePart('currency', a, b)) return undefined
  const realized = subtract(b?.realized ?? ZERO, a?.realized ?? ZERO)
  const fees = negate(subtract(b?.fees ?? ZERO, a?.fees ?? ZERO))
  const [before, after] = [a?.unrealized ?? ZERO, b?.unrealized ?? ZERO]
  const pointValue = rescaled(before, pointValues)
  const mark = markPart(a, b, pointValues.b)
  const position = subtract(subtract(subtract(after, before), pointValue), mark)
  return { currency: ZERO, realized, fees, 'point value': pointValue, position, mark }
}

/** What they come to; nothing where one of them is not known. */
export function sumOfParts({
  parts,
}: {
  readonly parts: readonly { readonly amount: Decimal | undefined }[]
}): Decimal | undefined {
  let sum = ZERO
  for (const { amount } of parts) {
    if (amount === undefined) return undefined
    sum = add(sum, amount)
  }
  return sum
}

/** What A's open P&L becomes by B's point value, at 12 digits after the point. */
function rescaled(unrealized: Decimal, { a, b }: PointValues): Decimal {
  if (a === undefined || b === undefined || decimalEquals(a, b)) return ZERO
  return multiplyDivide(unrealized, subtract(b, a), a, 12)
}

/** What B's position gains by B's mark over A's. Where one of them has none, there is nothing to compare. */
function markPart(
  a: RunEvent | undefined,
  b: RunEvent | undefined,
  pointValue: Decimal | undefined,
): Decimal {
  if (a?.mark === undefined || b?.mark === undefined || pointValue === undefined) return ZERO
  return multiply(multiply(b.quantity ?? ZERO, subtract(b.mark, a.mark)), pointValue)
}

/** Of a run that never held it: nothing, which is known. */
export function netOf(event: RunEvent | undefined): Decimal | undefined {
  return event === undefined ? ZERO : event.net
}

/** Since when a point value has differed no line says. */
export function isSamePart(
  part: Exclude<Part, 'point value'>,
  a: RunEvent | undefined,
  b: RunEvent | undefined,
): boolean {
  switch (part) {
    case 'currency':
      // What a run never held is nothing in any currency.
      return a === undefined || b === undefined || a.currency === b.currency
    case 'realized':
      return isSame(a?.realized ?? ZERO, b?.realized ?? ZERO)
    case 'fees':
      return isSame(a?.fees ?? ZERO, b?.fees ?? ZERO)
    case 'position':
      return isSame(a?.quantity ?? ZERO, b?.quantity ?? ZERO) && isSame(a?.average, b?.average)
    case 'mark':
      return isSame(a?.mark, b?.mark) && a?.unpriced === b?.unpriced
    default:
      return part satisfies never
  }
}

function isSame(a: Decimal | undefined, b: Decimal | undefined): boolean {
  return a === undefined || b === undefined ? a === b : decimalEquals(a, b)
}
