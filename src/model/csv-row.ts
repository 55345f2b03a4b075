/**
 * The cells of one row of CSV, without its line end: `"505,420.00"` is one cell, and a doubled quote in it is one.
 * `undefined` where a quote does not end.
 */
export function cellsOf(row: string): readonly string[] | undefined {
  const cells: string[] = []
  let at = 0
  for (;;) {
    const isQuoted = row[at] === '"'
    const end = isQuoted ? endOfQuoted(row, at) : endOfPlain(row, at)
    if (end === undefined) return undefined
    cells.push(isQuoted ? row.slice(at + 1, end - 1).replaceAll('""', '"') : row.slice(at, end))
    if (end === row.length) return cells
    at = end + 1
  }
}

function endOfPlain(row: string, from: number): number {
  const comma = row.indexOf(',', from)
  return comma < 0 ? row.length : comma
}

/** Behind the quote that ends it, where a comma or the row's end has to follow. */
function endOfQuoted(row: string, from: number): number | undefined {
  for (let at = from + 1; at < row.length; at += 1) {
    if (row[at] !== '"') continue
    if (row[at + 1] === '"') at += 1
    else return at + 1 === row.length || row[at + 1] === ',' ? at + 1 : undefined
  }
  return undefined
}
