import type { Fact, ResolvedInstrument } from '../instruments/facts.ts'
import { decimalEquals } from '../model/decimal.ts'

/** Whether the money is as before, wherever its values come from. */
export function sameValues(before: ResolvedInstrument, after: ResolvedInstrument): boolean {
  return (
    sameFact(before.pointValue, after.pointValue, decimalEquals) &&
    sameFact(before.currency, after.currency, Object.is) &&
    sameFact(before.inverse, after.inverse, Object.is)
  )
}

function sameFact<T>(a: Fact<T> | undefined, b: Fact<T> | undefined, same: (a: T, b: T) => boolean): boolean {
  if (a === undefined || b === undefined) return a === b
  return same(a.value, b.value)
}
