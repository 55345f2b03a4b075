import { type Decimal, decimalEquals, decimalSign } from '../../model/decimal.ts'
import type { EpochMicros } from '../../model/time.ts'
import { timeFromWire } from '../tradovate/time.ts'
import { exportNumber } from './export-number.ts'

/** One row by the names of its columns. */
export type ExportRow = ReadonlyMap<string, string>

type Side = 'buy' | 'sell'
const CODES: ReadonlyMap<string, Side> = new Map([
  ['0', 'buy'],
  ['1', 'sell'],
])
/** The column has a leading blank: ` Buy`. */
const WORDS: ReadonlyMap<string, Side> = new Map([
  ['Buy', 'buy'],
  ['Sell', 'sell'],
])
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

const SAID_TWICE = [
  ['_id', 'Fill ID'],
  ['_orderId', 'Order ID'],
] as const

/** One row's cells by column, as EntityFields reads an entity: what is there and cannot be read is a problem of its own. */
export class ExportCells {
  readonly problems: string[] = []
  /** Numbers that were binary noise and were read as 15 digits. */
  noise = 0
  readonly #row: ExportRow

  constructor(row: ExportRow) {
    this.#row = row
  }

  /** `undefined` where the cell is empty or there is no such column. */
  text(column: string): string | undefined {
    return this.#row.get(column)?.trim() || undefined
  }

  id(column: string): string | undefined {
    const text = this.text(column)
    if (text === undefined || /^\d{1,20}$/.test(text)) return text
    return this.#wrong(column, 'no id')
  }

  number(column: string): Decimal | undefined {
    const text = this.text(column)
    if (text === undefined) return undefined
    const number = exportNumber(text)
    if (number?.isNoise === true) this.noise += 1
    return number?.value ?? this.#wrong(column, 'no number')
  }

  quantity(column: string): Decimal | undefined {
    const value = this.number(column)
    return value === undefined || decimalSign(value) > 0 ? value : this.#wrong(column, 'not above 0')
  }

  /** `_action`: 0 is Buy, 1 is Sell. */
  side(column: string): Side | undefined {
    const code = this.text(column)
    return code === undefined ? undefined : (CODES.get(code) ?? this.#wrong(column, 'neither 0 nor 1'))
  }

  flag(column: string): boolean | undefined {
    const text = this.text(column)
    return text === undefined ? undefined : (FLAGS.get(text) ?? this.#wrong(column, 'neither true nor false'))
  }

  /** `2026-01-30 02:37:32.965Z`: UTC, with a blank where ISO 8601 has a T. */
  time(column: string): EpochMicros | undefined {
    const text = this.text(column)
    return text === undefined
      ? undefined
      : (timeFromWire(text.replace(' ', 'T')) ?? this.#wrong(column, 'no time'))
  }

  day(column: string): string | undefined {
    const text = this.text(column)
    if (text === undefined || /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(text)) return text
    return this.#wrong(column, 'no day')
  }

  /** What the export says twice has to agree, or the row is not believed. */
  confirm(): void {
    for (const [column, other] of SAID_TWICE) {
      const again = this.text(other)
      if (again !== undefined && this.text(column) !== again) this.#wrong(column, `not what ${other} says`)
    }
    const word = this.text('B/S')
    if (word !== undefined && WORDS.get(word) !== CODES.get(this.text('_action') ?? '')) {
      this.#wrong('_action', 'not what B/S says')
    }
    const [size, shown] = [this.text('_qty'), this.text('Quantity')].map(text => exportNumber(text ?? ''))
    if (size !== undefined && shown !== undefined && !decimalEquals(size.value, shown.value)) {
      this.#wrong('_qty', 'not what Quantity says')
    }
  }

  /** What a fill cannot be made without: of these, by their columns, what gave nothing. */
  lacks(values: Readonly<Record<string, unknown>>): void {
    const missing = Object.keys(values).filter(column => {
      return values[column] === undefined && this.text(column) === undefined
    })
    if (missing.length > 0) this.problems.push(`without ${missing.join(', ')}`)
  }

  #wrong(column: string, what: string): undefined {
    this.problems.push(`${column} is ${what}`)
    return undefined
  }
}
