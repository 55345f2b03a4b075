import type { InstrumentFacts } from '../../model/observation.ts'
import type { QuoteField } from '../../model/quote.ts'

/**
 * The keys of a qsd's `v` that mean something to a quote (tradingview.md 1.7: types and meaning over six real
 * captures). `decimal`: a JSON number, 1e+100 is "none"; `seconds`: whole epoch seconds.
 */
export interface QuoteWireField {
  readonly wire: string
  readonly field: QuoteField
  readonly type: 'decimal' | 'seconds' | 'text'
}

export const QUOTE_WIRE: readonly QuoteWireField[] = [
  { wire: 'lp', field: 'last', type: 'decimal' },
  { wire: 'lp_time', field: 'lastTime', type: 'seconds' },
  { wire: 'bid', field: 'bid', type: 'decimal' },
  { wire: 'bid_size', field: 'bidSize', type: 'decimal' },
  { wire: 'ask', field: 'ask', type: 'decimal' },
  { wire: 'ask_size', field: 'askSize', type: 'decimal' },
  { wire: 'volume', field: 'volume', type: 'decimal' },
  { wire: 'open_price', field: 'open', type: 'decimal' },
  { wire: 'high_price', field: 'high', type: 'decimal' },
  { wire: 'low_price', field: 'low', type: 'decimal' },
  { wire: 'prev_close_price', field: 'previousClose', type: 'decimal' },
  { wire: 'ch', field: 'change', type: 'decimal' },
  { wire: 'chp', field: 'changePercent', type: 'decimal' },
  { wire: 'open_time', field: 'openTime', type: 'seconds' },
  { wire: 'rtc', field: 'extended', type: 'decimal' },
  { wire: 'rtc_time', field: 'extendedTime', type: 'seconds' },
  { wire: 'rch', field: 'extendedChange', type: 'decimal' },
  { wire: 'rchp', field: 'extendedChangePercent', type: 'decimal' },
  { wire: 'current_session', field: 'marketState', type: 'text' },
  { wire: 'update_mode', field: 'mode', type: 'text' },
]

export type FactField = Exclude<keyof InstrumentFacts, 'kind' | 'session' | 'name'>

export interface FactWireField {
  readonly wire: string
  readonly field: FactField
  readonly type: 'decimal' | 'text' | 'boolean'
}

/** The same keys stand in a qsd and in symbol_resolved's answer. `exchange` is the display name, not the prefix. */
export const FACT_WIRE: readonly FactWireField[] = [
  { wire: 'pro_name', field: 'symbol', type: 'text' },
  { wire: 'exchange', field: 'exchange', type: 'text' },
  { wire: 'type', field: 'type', type: 'text' },
  { wire: 'currency_code', field: 'currency', type: 'text' },
  { wire: 'description', field: 'description', type: 'text' },
  { wire: 'pointvalue', field: 'pointValue', type: 'decimal' },
  { wire: 'pricescale', field: 'priceScale', type: 'decimal' },
  { wire: 'minmov', field: 'minMove', type: 'decimal' },
  { wire: 'fractional', field: 'fractional', type: 'boolean' },
  { wire: 'variable_tick_size', field: 'variableTickSize', type: 'text' },
]

export interface BarWireField {
  readonly wire: string
  readonly interval: '1m' | '1d'
  readonly which: 'current' | 'previous'
}

/** Objects in `v` whose values are all strings: decimals, and epoch seconds with a fraction. */
export const BAR_WIRE: readonly BarWireField[] = [
  { wire: 'minute-bar', interval: '1m', which: 'current' },
  { wire: 'daily-bar', interval: '1d', which: 'current' },
  { wire: 'prev-daily-bar', interval: '1d', which: 'previous' },
]

/**
 * The declared delay in seconds of an update mode; `undefined` where the word says none (endofday, snapshot).
 * The number is the delay (CME for guests: delayed_streaming_600). `update_mode_seconds` is made by the page.
 */
export function delayOfMode(mode: string): number | undefined {
  if (mode === 'streaming') return 0
  const match = /^delayed_streaming_(\d{1,5})$/.exec(mode)
  return match === null ? undefined : Number(match[1])
}
