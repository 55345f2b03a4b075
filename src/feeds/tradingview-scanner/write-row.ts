import type { InstrumentFacts } from '../../model/observation.ts'
import { QUOTE_FIELD_NAMES, type QuoteFields } from '../../model/quote.ts'
import { isDecimal, numberJson } from '../tradingview/number-json.ts'
import { delayOfMode } from '../tradingview/update-mode.ts'
import { type Column, FACT_COLUMNS, QUOTE_COLUMNS } from './columns.ts'

/** A row's values as JSON text, so that no digit passes through a double. By column. */
export type WrittenRow = ReadonlyMap<string, string>

const QUOTE_FIELDS_SAID: ReadonlySet<string> = new Set(QUOTE_COLUMNS.map(({ field }) => field))
const FACT_FIELDS_SAID: ReadonlySet<string> = new Set(FACT_COLUMNS.map(({ field }) => field))
const FACT_ENVELOPE: ReadonlySet<string> = new Set(['kind', 'session', 'name'])

/** `undefined` where the wire cannot say all of it. */
export function writeQuote(fields: QuoteFields): WrittenRow | undefined {
  const isSayable = QUOTE_FIELD_NAMES.every(field => {
    return fields[field] === undefined || field === 'delay' || QUOTE_FIELDS_SAID.has(field)
  })
  return isSayable && isDelayDeclared(fields) ? written(QUOTE_COLUMNS, fields) : undefined
}

/** The delay is not on the wire: the mode's word declares it. */
function isDelayDeclared({ mode, delay }: QuoteFields): boolean {
  if (typeof mode !== 'string') return delay === mode
  return delay === (delayOfMode(mode) ?? null)
}

export function writeFacts(facts: InstrumentFacts): WrittenRow | undefined {
  const isSayable = Object.entries(facts).every(([key, value]) => {
    return value === undefined || FACT_ENVELOPE.has(key) || FACT_FIELDS_SAID.has(key)
  })
  return isSayable ? written(FACT_COLUMNS, facts) : undefined
}

/** As much of it as the wire can say: what a venue would tell of a truth that knows more. */
export function sayRow(quote: QuoteFields, facts: InstrumentFacts | undefined): WrittenRow {
  const said = new Map<string, string>()
  for (const column of [...QUOTE_COLUMNS, ...FACT_COLUMNS]) {
    const value = column.place === 'quote' ? quote[column.field] : facts?.[column.field]
    const json = value === undefined ? undefined : valueJson(column, value)
    if (json !== undefined) said.set(column.wire, json)
  }
  return said
}

function written(
  columns: readonly Column[],
  record: Readonly<Partial<Record<Column['field'], unknown>>>,
): WrittenRow | undefined {
  const row = new Map<string, string>()
  for (const column of columns) {
    const value = record[column.field]
    if (value === undefined) continue
    const json = valueJson(column, value)
    if (json === undefined) return undefined
    row.set(column.wire, json)
  }
  return row
}

function valueJson({ type }: Column, value: unknown): string | undefined {
  if (value === null) return 'null'
  switch (type) {
    case 'decimal':
      return isDecimal(value) ? numberJson(value) : undefined
    case 'text':
      return typeof value === 'string' ? JSON.stringify(value) : undefined
    case 'boolean':
      return typeof value === 'boolean' ? `"${value}"` : undefined
    default:
      return type satisfies never
  }
}
