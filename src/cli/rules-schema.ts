import { z } from 'zod'
import { writtenObject, writtenPositiveDecimal } from '../instruments/hand-written.ts'
import { MATCHINGS, parseCurrency, parseFeeRule, parseMarkChain, parseMatching } from '../pnl/index.ts'
import { durationOf } from './written.ts'

/** What `replay`, `watch` and `explain` count by, where the command line does not say it. */
export const RULES_SCHEMA = writtenObject({
  mark: readable('last, exit-side, mid, or several such as "exit-side,last"', parseMarkChain),
  matching: readable(MATCHINGS.join(' or '), parseMatching),
  staleAfter: z
    .string('a duration such as "30s"')
    .refine(text => text === '0' || durationOf(text) !== undefined, 'a duration such as "30s"')
    .describe('A price that is older marks nothing')
    .optional(),
  fees: readable('"fill", "none" or "per-contract=0.62"', parseFeeRule),
  currency: readable('a currency such as "USD"', parseCurrency).describe('A total in it, by the rates'),
})

const A_RATE = 'an object of rates such as {"EUR":{"USD":"1.08"}}: one euro is worth 1.08 dollars'

/** By the currency that is converted, and the one that it is converted to. */
export const RATES_SCHEMA = z.record(
  z.string().regex(/^[A-Z0-9]{3,5}$/, A_RATE),
  z.record(z.string().regex(/^[A-Z0-9]{3,5}$/, A_RATE), writtenPositiveDecimal(), A_RATE),
  A_RATE,
)

function readable(expected: string, parse: (text: string) => unknown) {
  return z
    .string(expected)
    .refine(text => isReadable(text, parse), expected)
    .optional()
}

function isReadable(text: string, parse: (text: string) => unknown): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}
