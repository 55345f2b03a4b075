import type { BookReport } from '../replay-options.ts'

/** What a book of the tapes' fills does not count, and another's account of the same money may. */
export function leftOutNotes({ name, source }: BookReport): readonly string[] {
  if (source?.positions !== 'fills') return []
  const { foreignFees, beforeTheCut, withoutAccount } = source
  return [
    ...(foreignFees === 0 ? [] : [`fees in another currency than their fill’s first one: ${foreignFees}`]),
    ...(beforeTheCut === 0 ? [] : [`fills in the lead of a cut tape: ${beforeTheCut}`]),
    ...(withoutAccount === 0 ? [] : [`fills of which nobody says whose they are: ${withoutAccount}`]),
  ].map(note => `left out of ${name}: ${note}`)
}
