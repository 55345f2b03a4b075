import type { Decimal } from '../../model/decimal.ts'
import type { WireFields } from '../../model/quote.ts'
import type { EpochMicros } from '../../model/time.ts'
import { epochMicrosFromSeconds, NumberReader, parseKeepingNumbers, parseKeepingText } from '../numbers.ts'
import { attempt, isRecord, type JsonRecord } from '../tradingview/json.ts'

/** Reads the members of one JSON object, and keeps what was wrong with them. */
export class MemberReader {
  readonly problems: string[] = []
  readonly #numbers: NumberReader
  readonly #place: string

  constructor(numbers: NumberReader, place = '') {
    this.#numbers = numbers
    this.#place = place
  }

  /** `undefined`: it is not there, or no number. */
  decimal(record: JsonRecord, key: string): Decimal | null | undefined {
    return this.#checked(record, key, 'a number', value => this.#numbers.decimal(value))
  }

  /** Epoch seconds. */
  time(record: JsonRecord, key: string): EpochMicros | null | undefined {
    return this.#checked(record, key, 'whole epoch seconds', value => {
      return value === null ? null : epochMicrosFromSeconds(value)
    })
  }

  text(record: JsonRecord, key: string): string | undefined {
    return (
      this.#checked(record, key, 'a string', value => {
        return typeof value === 'string' ? value : value === null ? null : undefined
      }) ?? undefined
    )
  }

  boolean(record: JsonRecord, key: string): boolean | undefined {
    return (
      this.#checked(record, key, 'true or false', value => {
        return typeof value === 'boolean' ? value : value === null ? null : undefined
      }) ?? undefined
    )
  }

  /** What has to be there, and is not; `undefined` where all is. */
  missing(values: Readonly<Record<string, unknown>>): string | undefined {
    const names = Object.keys(values).filter(key => values[key] === undefined || values[key] === null)
    if (names.length === 0) return undefined
    return `${this.#place}${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} missing or cannot be read`
  }

  #checked<T>(
    record: JsonRecord,
    key: string,
    expected: string,
    read: (value: unknown) => T | undefined,
  ): T | undefined {
    if (!Object.hasOwn(record, key)) return undefined
    const value = read(record[key])
    if (value === undefined) this.problems.push(`${this.#place}${key} is not ${expected}`)
    return value
  }
}

export interface Counted<T> {
  readonly value: T
  readonly noise: number
}

/** Reads what `text` was parsed to, and where a number's text has to be looked at, once more from that. */
export function readExactly<T>(
  text: string,
  parsed: unknown,
  read: (parsed: unknown, numbers: NumberReader) => T,
): Counted<T> | undefined {
  const numbers = new NumberReader()
  const value = read(parsed, numbers)
  if (!numbers.needsText) return { value, noise: numbers.noise }
  const kept = attempt(() => parseKeepingNumbers(text))
  if (kept === undefined) return undefined
  const again = new NumberReader()
  const exact = read(kept, again)
  return { value: exact, noise: again.noise }
}

/** The object's own fields, their numbers as they were written. */
export function wireOf(text: string): WireFields | undefined {
  const written = attempt(() => parseKeepingText(text))
  return isRecord(written) ? written : undefined
}
