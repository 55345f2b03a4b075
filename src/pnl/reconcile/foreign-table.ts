import { cellsOf } from '../../model/csv-row.ts'
import type { Decimal } from '../../model/decimal.ts'
import { excerpt, FeedtapeError } from '../../model/errors.ts'
import { amountFromText } from '../../model/written-amount.ts'

/** A row by the names of its columns, in lower case. */
export interface TableRow {
  /** In the file, from 1. */
  readonly line: number
  cell(column: string): string
}

export interface ForeignTable {
  readonly file: string
  readonly columns: readonly string[]
  readonly rows: readonly TableRow[]
}

/** CSV; its first line that is not blank is the header. `file` is for errors. Throws `bad-foreign`. */
export function readTable(text: string, file: string): ForeignTable {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
  const [header, ...below] = lines
  refuseOtherSeparators(header, file)
  const columns = (cellsOf(header?.line ?? '') ?? []).map(name => name.trim().toLowerCase())
  refuseDoubled(columns, `${file}:${header?.number ?? 1}`)
  const rows = below.map(({ line, number }): TableRow => {
    const cells = cellsOf(line)
    if (cells === undefined || cells.length !== columns.length) {
      throw new FeedtapeError('bad-foreign', 'a row does not fit the header', {
        where: `${file}:${number}`,
        expected: `${columns.length} cells: ${columns.join(', ')}`,
        found: excerpt(line),
        next: 'correct the row, or leave it out',
      })
    }
    return { line: number, cell: column => cells[columns.indexOf(column)] ?? '' }
  })
  return { file, columns, rows }
}

const SEPARATORS = [
  [';', 'semicolons, as spreadsheets write them where the comma is in the decimals'],
  ['\t', 'tabs'],
  ['|', 'bars'],
] as const

/** What 1.234,50 means there is not guessed. An empty file has no header. */
function refuseOtherSeparators(
  header: { readonly line: string; readonly number: number } | undefined,
  file: string,
): void {
  if (header === undefined) {
    throw new FeedtapeError('bad-foreign', 'the file is empty', {
      where: file,
      expected: 'a header and at least one row',
      found: 'nothing',
      next: 'leave the file out, or export it again',
    })
  }
  const [, found] = SEPARATORS.find(([mark]) => header.line.includes(mark)) ?? []
  if (found === undefined || header.line.includes(',')) return
  throw new FeedtapeError('bad-foreign', 'the cells are not separated by commas', {
    where: `${file}:${header.number}`,
    expected: 'commas, and a point in decimals',
    found: `${found}: ${excerpt(header.line)}`,
    next: 'export it with commas',
  })
}

/** Which of the two is meant nobody says. A column without a name means nothing. */
function refuseDoubled(columns: readonly string[], where: string): void {
  const doubled = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index)
  if (doubled === undefined) return
  throw new FeedtapeError('bad-foreign', 'a column is there twice', {
    where,
    expected: 'each name once',
    found: excerpt(doubled),
    next: 'leave one of them out',
  })
}

/** Throws `bad-foreign` at a table with no row: nothing compared is nothing found equal. */
export function rowsOf({ file, rows }: ForeignTable): readonly TableRow[] {
  if (rows.length > 0) return rows
  throw new FeedtapeError('bad-foreign', 'the file has a header and no rows', {
    where: file,
    expected: 'at least one row',
    found: 'none',
    next: 'leave the file out, or export it again',
  })
}

/** Throws `bad-foreign`. */
export function amountIn(table: ForeignTable, row: TableRow, column: string): Decimal {
  const amount = amountFromText(row.cell(column))
  if (amount === undefined) throw badCell(table, row, column, 'an amount such as 1,000.25 or $(10.00)')
  return amount
}

export function badCell(table: ForeignTable, row: TableRow, column: string, expected: string): FeedtapeError {
  return new FeedtapeError('bad-foreign', `the cell ${column} cannot be read`, {
    where: `${table.file}:${row.line}`,
    expected,
    found: excerpt(row.cell(column)),
    next: 'correct the cell, or leave the row out',
  })
}
