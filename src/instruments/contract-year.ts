import type { EpochMicros } from '../model/time.ts'

/** An expired contract is spoken of for a year at most; CME lists NQ for five years and crude oil for ten. */
const YEARS_BACK = 1
/** Two digits reach further: an archive's NQZ09 is 2009. */
const CENTURY_BACK = 50

/**
 * The year that a contract's digits mean on a recording of this date: of one digit the year that ends in it from
 * one year before to eight years after, of two the one within fifty years. `undefined` without a date.
 */
export function contractYear(digits: string, date: EpochMicros | undefined): number | undefined {
  if (digits.length === 4) return Number(digits)
  if (date === undefined) return undefined
  const span = 10 ** digits.length
  const from = new Date(date / 1000).getUTCFullYear() - (digits.length === 1 ? YEARS_BACK : CENTURY_BACK)
  const past = from % span
  return from - past + Number(digits) + (Number(digits) < past ? span : 0)
}
