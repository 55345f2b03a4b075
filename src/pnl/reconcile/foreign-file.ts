import { type Decimal, decimalFromText } from '../../model/decimal.ts'
import { excerpt, FeedtapeError } from '../../model/errors.ts'
import { type EpochMicros, epochMicrosFromIso } from '../../model/time.ts'
import { amountFromText } from '../../model/written-amount.ts'
import { badCell, type ForeignTable, readTable, type TableRow } from './foreign-table.ts'
import { type ForeignTrade, readTrades } from './foreign-trades.ts'

/** Somebody else's account of the same money. */
export type ForeignFile =
  | {
      readonly kind: 'series'
      readonly file: string
      readonly figure: Figure | undefined
      readonly points: readonly SeriesPoint[]
    }
  | { readonly kind: 'pairs'; readonly file: string; readonly pairs: readonly ForeignPair[] }
  | { readonly kind: 'balances'; readonly file: string; readonly days: readonly ForeignDay[] }
  | { readonly kind: 'trades'; readonly file: string; readonly trades: readonly ForeignTrade[] }

/** What a value of a series can be; `gross` is unrealized and realized. */
export const FIGURES = ['unrealized', 'gross', 'net', 'realized'] as const
export type Figure = (typeof FIGURES)[number]

export interface SeriesPoint {
  readonly at: EpochMicros
  readonly value: Decimal
  /** All of them together where it is not said. */
  readonly instrument: string | undefined
  readonly line: number
}

export interface ForeignPair {
  readonly buyFill: string
  readonly sellFill: string
  readonly quantity: Decimal
  readonly buyPrice: Decimal
  readonly sellPrice: Decimal
  readonly pnl: Decimal | undefined
  readonly place: string
}

/** What a broker calls realized on one trade date, less fees. */
export interface ForeignDay {
  readonly tradeDate: string
  readonly realized: Decimal
  readonly place: string
}

/**
 * Reads a CSV of time and value, Tradovate's Performance or AccountBalanceHistory, or Trade Manager's lists of trades,
 * by what stands in it. Throws `bad-foreign`.
 */
export function readForeignFile(text: string, file: string): ForeignFile {
  if (/^\uFEFF?\s*\[/.test(text)) return { kind: 'trades', file, trades: readTrades(text, file) }
  const table = readTable(text, file)
  const has = (...columns: readonly string[]): boolean =>
    columns.every(column => table.columns.includes(column))
  if (has('buyfillid', 'sellfillid', 'qty', 'buyprice', 'sellprice', 'pnl')) {
    return { kind: 'pairs', file, pairs: table.rows.map(row => pairOf(table, row)) }
  }
  if (has('trade date', 'total realized pnl')) {
    return { kind: 'balances', file, days: table.rows.map(row => dayOf(table, row)) }
  }
  return seriesOf(table)
}

const TIMES = ['time', 'timestamp', 'at', 'date', 'datetime'] as const
const VALUES: Readonly<Record<string, Figure | undefined>> = {
  value: undefined,
  pnl: undefined,
  'p&l': undefined,
  profit: undefined,
  unrealized: 'unrealized',
  'open pnl': 'unrealized',
  open_pnl: 'unrealized',
  realized: 'realized',
  gross: 'gross',
  net: 'net',
}
const INSTRUMENTS = ['instrument', 'symbol', 'ticker'] as const

function seriesOf(table: ForeignTable): ForeignFile {
  const time = TIMES.find(name => table.columns.includes(name))
  const value = Object.keys(VALUES).find(name => table.columns.includes(name))
  const instrument = INSTRUMENTS.find(name => table.columns.includes(name))
  if (time === undefined || value === undefined) {
    throw new FeedtapeError('bad-foreign', 'it is not known what this file tells', {
      where: table.file,
      expected:
        `a CSV with a time (${TIMES.join(', ')}) and a value (${Object.keys(VALUES).join(', ')}), ` +
        'Tradovate’s Performance or AccountBalanceHistory, or Trade Manager’s list of trades',
      found: `the columns ${excerpt(table.columns.join(', '))}`,
      next: 'name its columns so',
    })
  }
  const points = table.rows.map(row => ({
    at: timeIn(table, row, time),
    value: amountIn(table, row, value),
    instrument: instrument === undefined ? undefined : row.cell(instrument).trim(),
    line: row.line,
  }))
  const isSorted = points.every((point, index) => index === 0 || (points[index - 1]?.at ?? 0) <= point.at)
  return {
    kind: 'series',
    file: table.file,
    figure: VALUES[value],
    points: isSorted ? points : [...points].sort((a, b) => a.at - b.at),
  }
}

function pairOf(table: ForeignTable, row: TableRow): ForeignPair {
  return {
    buyFill: row.cell('buyfillid'),
    sellFill: row.cell('sellfillid'),
    quantity: amountIn(table, row, 'qty'),
    buyPrice: amountIn(table, row, 'buyprice'),
    sellPrice: amountIn(table, row, 'sellprice'),
    pnl: amountIn(table, row, 'pnl'),
    place: `${table.file}:${row.line}`,
  }
}

function dayOf(table: ForeignTable, row: TableRow): ForeignDay {
  const realized = amountIn(table, row, 'total realized pnl')
  return { tradeDate: row.cell('trade date').trim(), realized, place: `${table.file}:${row.line}` }
}

function amountIn(table: ForeignTable, row: TableRow, column: string): Decimal {
  const amount = amountFromText(row.cell(column))
  if (amount === undefined) throw badCell(table, row, column, 'an amount such as 1,000.25 or $(10.00)')
  return amount
}

const SECONDS_UNTIL = 100_000_000_000

/** ISO 8601 with its offset, or seconds or milliseconds since 1970. */
function timeIn(table: ForeignTable, row: TableRow, column: string): EpochMicros {
  const text = row.cell(column).trim()
  const iso = epochMicrosFromIso(text.replace(/^(\d{4}-\d\d-\d\d) /, '$1T'))
  if (iso !== undefined) return iso
  const number = decimalFromText(text) === undefined ? Number.NaN : Number(text)
  if (Number.isFinite(number) && number > 0) {
    return Math.round(number * (number < SECONDS_UNTIL ? 1_000_000 : 1_000))
  }
  throw badCell(table, row, column, 'ISO 8601 with its offset, or seconds or milliseconds since 1970')
}
