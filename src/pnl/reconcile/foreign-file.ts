import type { Decimal } from '../../model/decimal.ts'
import { excerpt, FeedtapeError } from '../../model/errors.ts'
import { epochMicrosFromIso } from '../../model/time.ts'
import { type Series, seriesOf } from './foreign-series.ts'
import { amountIn, badCell, type ForeignTable, readTable, rowsOf, type TableRow } from './foreign-table.ts'
import { type ForeignTrade, readTrades } from './foreign-trades.ts'

/** Somebody else's account of the same money. */
export type ForeignFile =
  | Series
  | { readonly kind: 'pairs'; readonly file: string; readonly pairs: readonly ForeignPair[] }
  | { readonly kind: 'balances'; readonly file: string; readonly days: readonly ForeignDay[] }
  | { readonly kind: 'trades'; readonly file: string; readonly trades: readonly ForeignTrade[] }

export interface ForeignPair {
  /** Whose, where it is said. */
  readonly account?: string | undefined
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
  readonly account?: string | undefined
  /** The wire's word for it, where it has one. */
  readonly currency?: string | undefined
  readonly tradeDate: string
  readonly realized: Decimal
  /** What the account holds at the day's end, where it is said. */
  readonly total?: Decimal
  readonly place: string
}

/**
 * Reads a CSV of time and value, Tradovate's Performance or AccountBalanceHistory, or Trade Manager's lists of trades,
 * by what stands in it. Throws `bad-foreign`, also where nothing stands in it.
 */
export function readForeignFile(text: string, file: string): ForeignFile {
  refuseJson(text, file)
  if (/^\uFEFF?\s*\[/.test(text)) return { kind: 'trades', file, trades: readTrades(text, file) }
  const table = readTable(text, file)
  const has = (...columns: readonly string[]): boolean =>
    columns.every(column => table.columns.includes(column))
  if (has('buyfillid', 'sellfillid', 'qty', 'buyprice', 'sellprice', 'pnl')) {
    return { kind: 'pairs', file, pairs: rowsOf(table).map(row => pairOf(table, row)) }
  }
  if (has('trade date', 'total realized pnl')) {
    return { kind: 'balances', file, days: rowsOf(table).map(row => dayOf(table, row)) }
  }
  return seriesOf(table)
}

/** A list of trades is the only JSON that is read. */
function refuseJson(text: string, file: string): void {
  const isObject = /^\uFEFF?\s*\{\s*["}]/.test(text)
  const isSeries = /^\uFEFF?\s*\[\s*(?:\[|\{[^{}]*"(?:time|timestamp|at|date|datetime|value)"\s*:)/i.test(
    text,
  )
  if (!isObject && (!isSeries || /"Ticker"\s*:/.test(text))) return
  throw new FeedtapeError('bad-foreign', 'a series is read from CSV, and this is JSON', {
    where: file,
    expected: 'lines such as time,value and 2026-01-30T15:00:00Z,12.50',
    found: excerpt(text.trimStart(), 40),
    next: 'write it as CSV; of JSON, Trade Manager’s list of trades is read',
  })
}

function pairOf(table: ForeignTable, row: TableRow): ForeignPair {
  return {
    buyFill: row.cell('buyfillid').trim(),
    sellFill: row.cell('sellfillid').trim(),
    quantity: amountIn(table, row, 'qty'),
    buyPrice: amountIn(table, row, 'buyprice'),
    sellPrice: amountIn(table, row, 'sellprice'),
    pnl: amountIn(table, row, 'pnl'),
    place: `${table.file}:${row.line}`,
  }
}

function dayOf(table: ForeignTable, row: TableRow): ForeignDay {
  const account = row.cell('account id').trim()
  return {
    ...(account === '' ? {} : { account }),
    tradeDate: dateIn(table, row, 'trade date'),
    realized: amountIn(table, row, 'total realized pnl'),
    ...(row.cell('total amount').trim() === '' ? {} : { total: amountIn(table, row, 'total amount') }),
    place: `${table.file}:${row.line}`,
  }
}

function dateIn(table: ForeignTable, row: TableRow, column: string): string {
  const date = row.cell(column).trim()
  if (epochMicrosFromIso(`${date}T00:00Z`) !== undefined) return date
  throw badCell(table, row, column, 'a date such as 2026-01-30')
}
