import { cellsOf } from '../../model/csv-row.ts'
import { excerpt, FeedtapeError } from '../../model/errors.ts'

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

/** CSV with a header row. `file` is for errors. Throws `bad-foreign`. */
export function readTable(text: string, file: string): ForeignTable {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const columns = (cellsOf(lines[0] ?? '') ?? []).map(name => name.trim().toLowerCase())
  const rows: TableRow[] = []
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue
    const cells = cellsOf(line)
    if (cells === undefined || cells.length !== columns.length) {
      throw new FeedtapeError('bad-foreign', 'a row does not fit the header', {
        where: `${file}:${index + 1}`,
        expected: `${columns.length} cells: ${columns.join(', ')}`,
        found: excerpt(line),
        next: 'correct the row, or leave it out',
      })
    }
    rows.push({ line: index + 1, cell: column => cells[columns.indexOf(column)] ?? '' })
  }
  return { file, columns, rows }
}

export function badCell(table: ForeignTable, row: TableRow, column: string, expected: string): FeedtapeError {
  return new FeedtapeError('bad-foreign', `the cell ${column} cannot be read`, {
    where: `${table.file}:${row.line}`,
    expected,
    found: excerpt(row.cell(column)),
    next: 'correct the cell, or leave the row out',
  })
}
