import type { InstrumentFacts } from '../model/observation.ts'
import { tableLines } from './table.ts'

/** Instruments by what they are, one a line. */
export function instrumentTable(all: readonly InstrumentFacts[]): string[] {
  const rows = all.map(({ currency = '', description = '', exchange = '', name, type = '' }) => {
    return [name, type, exchange, currency, description]
  })
  return tableLines(rows, { head: ['instrument', 'type', 'exchange', 'currency', 'description'] })
}
