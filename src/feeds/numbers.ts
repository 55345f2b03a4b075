import {
  type Decimal,
  decimalFromNumber,
  decimalFromText,
  roundSignificant,
  significantDigits,
} from '../model/decimal.ts'
import type { EpochMicros } from '../model/time.ts'

/** A number whose text has to be looked at: JSON.parse's double does not say exactly what the wire wrote. */
class NumberText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** In any spelling (tradingview.md 1.6: volume of an instrument that has none). */
const NONE = 1e100

/** The digits that a double can be trusted with; more in a non-integer is binary noise. */
export const TRUSTED_DIGITS = 15

/**
 * Reads a packet's numbers. Everything is judged on the doubles of JSON.parse; the first that is neither plainly
 * a decimal nor "none" sets `needsText`, and the packet is parsed once more with the text of such numbers kept.
 * That second way costs four times the parse; of 82 real quote packets (S01, S06, S09) none needs it.
 */
export class NumberReader {
  needsText = false
  /** Non-integers of more than 15 digits, read as their 15-digit rounding. */
  noise = 0

  /** `undefined`: not a number at all. `null`: the wire says "none" (null, 1e+100). */
  decimal(value: unknown): Decimal | null | undefined {
    if (typeof value === 'number') {
      const decimal = decimalFromNumber(value)
      if (decimal !== undefined) return decimal
      if (value === NONE) return null
      this.needsText = true
      return null
    }
    if (value === null) return null
    return value instanceof NumberText ? this.#fromText(value.text) : undefined
  }

  #fromText(text: string): Decimal | null | undefined {
    if (Number(text) === NONE) return null
    const decimal = decimalFromText(text)
    if (decimal === undefined || decimal.scale === 0) return decimal
    if (significantDigits(decimal) <= TRUSTED_DIGITS) return decimal
    this.noise += 1
    return roundSignificant(decimal, TRUSTED_DIGITS)
  }
}

/** A decimal in a string, as trades and bars have it; `undefined` for 1e+100, which is none. */
export function priceFromText(text: string): Decimal | undefined {
  return Number(text) === NONE ? undefined : decimalFromText(text)
}

/** Whole epoch seconds to microseconds, `null` for 0 ("none": nothing traded in 1970); `undefined` for anything else. */
export function epochMicrosFromSeconds(value: unknown): EpochMicros | null | undefined {
  if (value === 0) return null
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined
  const micros = value * 1_000_000
  return Number.isSafeInteger(micros) && micros >= 0 ? micros : undefined
}

/** `"1766030363.927586"` to microseconds. */
export function epochMicrosFromSecondsText(value: unknown): EpochMicros | undefined {
  if (typeof value !== 'string') return undefined
  const match = /^(\d{1,10})(?:\.(\d{1,9}))?$/.exec(value)
  if (match === null) return undefined
  const [, seconds, fraction = ''] = match
  return Number(seconds) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6))
}

/** What Node 24 has and TypeScript's es2024 library does not: the source text in a reviver, and its way back. */
interface JsonWithSource {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown
  rawJSON(text: string): object
}
const json: JsonWithSource = JSON as unknown as JsonWithSource

/** JSON.parse with every number that is not plainly a decimal kept as its text. */
export function parseKeepingNumbers(text: string): unknown {
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && decimalFromNumber(value) === undefined
      ? new NumberText(source)
      : value,
  )
}

/** JSON.parse with every number kept as it was written, so that JSON.stringify writes `253.0` again. */
export function parseKeepingText(text: string): unknown {
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? json.rawJSON(source) : value,
  )
}
