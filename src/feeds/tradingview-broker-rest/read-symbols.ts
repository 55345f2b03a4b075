import type { InstrumentFacts } from '../../model/observation.ts'
import type { NumberReader } from '../numbers.ts'
import type { JsonRecord } from '../tradingview/json.ts'
import { MemberReader } from './numbers.ts'
import type { ReadRows } from './read-history.ts'

export type FactField = Exclude<keyof InstrumentFacts, 'kind' | 'session' | 'name' | 'symbol'>

export interface FactColumn {
  /** The name of now, and behind it the older ones. */
  readonly wire: readonly [string, ...string[]]
  readonly field: FactField
  readonly type: 'decimal' | 'text' | 'boolean'
}

/** `expiration` is not among them: its form is not public. */
export const FACT_COLUMNS: readonly FactColumn[] = [
  { wire: ['description'], field: 'description', type: 'text' },
  { wire: ['currency'], field: 'currency', type: 'text' },
  { wire: ['exchange-traded'], field: 'exchange', type: 'text' },
  { wire: ['type'], field: 'type', type: 'text' },
  { wire: ['minmovement', 'minmov'], field: 'minMove', type: 'decimal' },
  { wire: ['pricescale'], field: 'priceScale', type: 'decimal' },
  { wire: ['fractional'], field: 'fractional', type: 'boolean' },
  { wire: ['pointvalue'], field: 'pointValue', type: 'decimal' },
  { wire: ['root'], field: 'root', type: 'text' },
]

/** A column for each property, a row for each symbol; a single value in a column's place is every row's. */
export function readSymbols(answer: JsonRecord, numbers: NumberReader): ReadRows {
  const symbols = answer['symbol']
  if (!Array.isArray(symbols)) return { observations: [], problems: ['symbol is no array'] }
  const observations: InstrumentFacts[] = []
  const problems = Object.entries(answer).flatMap(([key, column]) => {
    const isUneven = Array.isArray(column) && column.length !== symbols.length && isRead(key)
    return isUneven ? [`${key} has ${column.length} values for ${symbols.length} symbols`] : []
  })
  const uneven = new Set(problems.map(problem => problem.slice(0, problem.indexOf(' '))))
  const value = (key: string, row: number): unknown => {
    if (uneven.has(key) || !Object.hasOwn(answer, key)) return undefined
    const column = answer[key]
    return Array.isArray(column) ? column[row] : column
  }
  for (const [row, symbol] of symbols.entries()) {
    if (typeof symbol !== 'string' || symbol === '') {
      problems.push(`row ${row}: symbol is no name`)
      continue
    }
    const members = new MemberReader(numbers, `${symbol}: `)
    // Where there is a ticker, it is what the other endpoints call the instrument.
    const ticker = value('ticker', row)
    const name = typeof ticker === 'string' && ticker !== '' ? ticker : symbol
    const facts: Partial<Record<FactField, unknown>> = {}
    for (const { wire, field, type } of FACT_COLUMNS) {
      const key = wire.find(one => value(one, row) !== undefined)
      const said = key === undefined ? undefined : members[READ[type]]({ [key]: value(key, row) }, key)
      if (said !== undefined && said !== null && said !== '') facts[field] = said
    }
    problems.push(...members.problems)
    const own = name === symbol ? {} : { symbol }
    // Each value was read by its column's type, which is its field's.
    observations.push({ kind: 'instrument', session: '', name, ...own, ...facts } as InstrumentFacts)
  }
  return { observations, problems }
}

const READ = { decimal: 'decimal', text: 'text', boolean: 'boolean' } as const
const KEYS: ReadonlySet<string> = new Set(['ticker', ...FACT_COLUMNS.flatMap(({ wire }) => wire)])

function isRead(key: string): boolean {
  return KEYS.has(key)
}
