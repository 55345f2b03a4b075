import { type Decimal, decimalSign, decimalText } from '../../model/decimal.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { NumberReader } from '../numbers.ts'
import { timeFromWire, tradeDateFromWire } from './time.ts'

export type EntityRecord = Readonly<Record<string, unknown>>

/**
 * One entity's fields by name. Absent and `null` are "not said"; what is there in another type is a problem of its
 * own, and leaves the others alone. Fields that nobody asks for are no business of the reader's.
 */
export class EntityFields {
  readonly problems: string[] = []
  readonly #type: string
  readonly #entity: EntityRecord
  readonly #numbers: NumberReader

  constructor(type: string, entity: EntityRecord, numbers: NumberReader) {
    this.#type = type
    this.#entity = entity
    this.#numbers = numbers
  }

  /** An id, exact beyond 2^53, as text. */
  id(key: string): string | undefined {
    const value = this.decimal(key)
    if (value === undefined) return undefined
    return value.scale === 0 ? decimalText(value) : this.#wrong(key, 'no integer')
  }

  decimal(key: string): Decimal | undefined {
    const value = this.#entity[key]
    if (value === undefined) return undefined
    const decimal = this.#numbers.decimal(value)
    if (decimal === undefined) return this.#wrong(key, 'no number')
    return decimal ?? undefined
  }

  quantity(key: string): Decimal | undefined {
    const value = this.decimal(key)
    return value === undefined || decimalSign(value) > 0 ? value : this.#wrong(key, 'not above 0')
  }

  text(key: string): string | undefined {
    const value = this.#entity[key]
    if (value === undefined || value === null) return undefined
    return typeof value === 'string' ? value : this.#wrong(key, 'no text')
  }

  flag(key: string): boolean | undefined {
    const value = this.#entity[key]
    if (value === undefined || value === null) return undefined
    return typeof value === 'boolean' ? value : this.#wrong(key, 'neither true nor false')
  }

  /** `"action":"Buy"`. */
  side(key: string): 'buy' | 'sell' | undefined {
    const value = this.text(key)
    if (value === 'Buy') return 'buy'
    if (value === 'Sell') return 'sell'
    return value === undefined ? undefined : this.#wrong(key, 'neither Buy nor Sell')
  }

  time(key: string): EpochMicros | undefined {
    const value = this.#entity[key]
    if (value === undefined || value === null) return undefined
    return timeFromWire(value) ?? this.#wrong(key, 'no time')
  }

  tradeDate(key: string): string | undefined {
    const value = this.#entity[key]
    if (value === undefined || value === null) return undefined
    return tradeDateFromWire(value) ?? this.#wrong(key, 'no day')
  }

  /** What an observation cannot be made without: of these, by their keys, what was read and gave nothing. */
  lacks(values: Readonly<Record<string, unknown>>): undefined {
    const missing = Object.keys(values).filter(key => values[key] === undefined && !this.#isWrong(key))
    if (missing.length > 0) this.problems.push(`${this.#type} without ${missing.join(', ')}`)
    return undefined
  }

  #isWrong(key: string): boolean {
    return this.problems.some(problem => problem.startsWith(`${this.#type}.${key} is `))
  }

  #wrong(key: string, what: string): undefined {
    this.problems.push(`${this.#type}.${key} is ${what}`)
    return undefined
  }
}

/** Only the keys that have a value. */
export function said<T extends object>(parts: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(parts).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}
