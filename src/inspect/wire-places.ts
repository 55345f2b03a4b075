import { type Decimal, decimalEquals, decimalFromNumber, decimalFromText } from '../model/decimal.ts'
import { rowsOf, type StructureRow } from './structure-rows.ts'

/** Where a message has just this number; `undefined` where it has it nowhere, or at several places. */
export function placeOf(value: Decimal, values: readonly unknown[], hint: string): string | undefined {
  const paths = new Set<string>()
  for (const row of values.flatMap(rowsOf)) collect(row, value, paths)
  if (paths.size <= 1) return [...paths][0]
  // bid and ask may be equal once: then the one that is called so.
  const called = [...paths].filter(path => path.toLowerCase().includes(hint.toLowerCase()))
  return called.length === 1 ? called[0] : undefined
}

function collect(row: StructureRow, value: Decimal, paths: Set<string>): void {
  for (const [path, leaf] of row) {
    const decimal =
      typeof leaf === 'number'
        ? decimalFromNumber(leaf)
        : typeof leaf === 'string'
          ? decimalFromText(leaf)
          : undefined
    if (decimal !== undefined && decimalEquals(decimal, value)) paths.add(path)
  }
}
