import type { InstrumentFacts } from '../../model/observation.ts'
import type { QuoteField } from '../../model/quote.ts'

export type QuoteColumnField = Exclude<QuoteField, 'delay'>

export interface QuoteColumn {
  readonly place: 'quote'
  readonly wire: string
  readonly field: QuoteColumnField
  readonly type: 'decimal' | 'text'
}

export type FactField = Exclude<keyof InstrumentFacts, 'kind' | 'session' | 'name'>

export interface FactColumn {
  readonly place: 'fact'
  readonly wire: string
  readonly field: FactField
  readonly type: 'decimal' | 'text' | 'boolean'
}

export type Column = QuoteColumn | FactColumn

/**
 * The columns that mean what a quote's field means. A column with a timeframe (`close|5`) is another column, and
 * none of a quote's. README.md says what each rests on, and why no time, size or previous close is among them.
 */
export const QUOTE_COLUMNS: readonly QuoteColumn[] = [
  { place: 'quote', wire: 'close', field: 'last', type: 'decimal' },
  { place: 'quote', wire: 'bid', field: 'bid', type: 'decimal' },
  { place: 'quote', wire: 'ask', field: 'ask', type: 'decimal' },
  { place: 'quote', wire: 'volume', field: 'volume', type: 'decimal' },
  { place: 'quote', wire: 'open', field: 'open', type: 'decimal' },
  { place: 'quote', wire: 'high', field: 'high', type: 'decimal' },
  { place: 'quote', wire: 'low', field: 'low', type: 'decimal' },
  { place: 'quote', wire: 'change_abs', field: 'change', type: 'decimal' },
  { place: 'quote', wire: 'change', field: 'changePercent', type: 'decimal' },
  { place: 'quote', wire: 'update_mode', field: 'mode', type: 'text' },
  { place: 'quote', wire: 'current_session', field: 'marketState', type: 'text' },
]

/** `fractional` is text here, "true" or "false" (metainfo of futures and options). */
export const FACT_COLUMNS: readonly FactColumn[] = [
  { place: 'fact', wire: 'exchange', field: 'exchange', type: 'text' },
  { place: 'fact', wire: 'type', field: 'type', type: 'text' },
  { place: 'fact', wire: 'currency', field: 'currency', type: 'text' },
  { place: 'fact', wire: 'description', field: 'description', type: 'text' },
  { place: 'fact', wire: 'pointvalue', field: 'pointValue', type: 'decimal' },
  { place: 'fact', wire: 'pricescale', field: 'priceScale', type: 'decimal' },
  { place: 'fact', wire: 'minmov', field: 'minMove', type: 'decimal' },
  { place: 'fact', wire: 'fractional', field: 'fractional', type: 'boolean' },
]

const COLUMNS: ReadonlyMap<string, Column> = new Map(
  [...QUOTE_COLUMNS, ...FACT_COLUMNS].map(column => [column.wire, column]),
)

export function columnNamed(wire: string): Column | undefined {
  return COLUMNS.get(wire)
}
