import { type Decimal, decimalFromText } from '../../model/decimal.ts'
import { excerpt, FeedtapeError } from '../../model/errors.ts'
import { type EpochMicros, epochMicrosFromIso } from '../../model/time.ts'
import type { Figure } from './figure.ts'
import { amountIn, badCell, type ForeignTable, rowsOf, type TableRow } from './foreign-table.ts'

export interface Series {
  readonly kind: 'series'
  readonly file: string
  /** What its value is, where the column's name says it. */
  readonly figure: Figure | undefined
  /** In the order of time; at least one. */
  readonly points: readonly SeriesPoint[]
}

export interface SeriesPoint {
  readonly at: EpochMicros
  readonly value: Decimal
  /** All of them together where it is not said. */
  readonly instrument: string | undefined
  readonly line: number
}

const TIMES = ['time', 'timestamp', 'at', 'date', 'datetime'] as const
const VALUES: ReadonlyMap<string, Figure | undefined> = new Map([
  ['value', undefined],
  ['pnl', undefined],
  ['p&l', undefined],
  ['profit', undefined],
  ['unrealized', 'unrealized'],
  ['open pnl', 'unrealized'],
  ['open_pnl', 'unrealized'],
  ['realized', 'realized'],
  ['gross', 'gross'],
  ['net', 'net'],
])
const INSTRUMENTS: readonly string[] = ['instrument', 'symbol', 'ticker', 'contract']

/** A CSV of time and value, of one instrument a row or of all. Throws `bad-foreign`. */
export function seriesOf(table: ForeignTable): Series {
  const { file, columns } = table
  const time = TIMES.find(name => columns.includes(name))
  const value = onlyOne(table, 'value', [...VALUES.keys()])
  const instrument = onlyOne(table, 'instrument', INSTRUMENTS)
  if (time === undefined || value === undefined) throw notKnown(table)
  const points = rowsOf(table).map(row => ({
    at: timeIn(table, row, time),
    value: amountIn(table, row, value),
    instrument: instrument === undefined ? undefined : nameIn(table, row, instrument),
    line: row.line,
  }))
  const isSorted = points.every((point, index) => index === 0 || (points[index - 1]?.at ?? 0) <= point.at)
  return {
    kind: 'series',
    file,
    figure: VALUES.get(value),
    points: isSorted ? points : [...points].sort((a, b) => a.at - b.at),
  }
}

function onlyOne(
  { file, columns }: ForeignTable,
  what: string,
  names: readonly string[],
): string | undefined {
  const found = columns.filter(column => names.includes(column))
  if (found.length < 2) return found[0]
  throw new FeedtapeError('bad-foreign', `there are several columns for the ${what}`, {
    where: file,
    expected: `one of ${names.join(', ')}`,
    found: found.join(', '),
    next: 'leave the others out, or give them as files of their own',
  })
}

function notKnown({ file, columns }: ForeignTable): FeedtapeError {
  return new FeedtapeError('bad-foreign', 'it is not known what this file tells', {
    where: file,
    expected:
      `a CSV with a time (${TIMES.join(', ')}) and a value (${[...VALUES.keys()].join(', ')}), ` +
      'Tradovate’s Performance or AccountBalanceHistory, or Trade Manager’s list of trades',
    found: `the columns ${excerpt(columns.join(', '))}`,
    next: 'name its columns so',
  })
}

function nameIn(table: ForeignTable, row: TableRow, column: string): string {
  const name = row.cell(column).trim()
  if (name === '') throw badCell(table, row, column, 'an instrument; a series of all has no such column')
  return name
}

/** Numbers of today: 10 digits of seconds, 13 of milliseconds, 16 of microseconds. */
const EPOCHS = [
  { until: 1e11, micros: 1_000_000 },
  { until: 1e14, micros: 1_000 },
  { until: 1e17, micros: 1 },
] as const

/** ISO 8601 with its offset, or seconds, milliseconds or microseconds since 1970. */
function timeIn(table: ForeignTable, row: TableRow, column: string): EpochMicros {
  const text = row.cell(column).trim()
  const iso = epochMicrosFromIso(text.replace(/^(\d{4}-\d\d-\d\d) /, '$1T'))
  if (iso !== undefined) return iso
  const number = decimalFromText(text) === undefined ? Number.NaN : Number(text)
  const unit = number > 0 ? EPOCHS.find(({ until }) => number < until) : undefined
  if (unit !== undefined) return Math.round(number * unit.micros)
  throw badCell(
    table,
    row,
    column,
    'ISO 8601 with its offset, or seconds, milliseconds or microseconds since 1970',
  )
}
