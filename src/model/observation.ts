import type { AccountObservation } from './account.ts'
import { type Decimal, decimalText } from './decimal.ts'
import type { QuoteFields, WireFields } from './quote.ts'
import { QUOTE_FIELDS } from './quote.ts'
import { type EpochMicros, isoFromEpochMicros } from './time.ts'

/** What a packet meant. Fresh, small and readonly. */
export type Observation = MarketObservation | AccountObservation

/** About an instrument, the same for everybody. */
export type MarketObservation =
  | QuoteUpdate
  | TradeObservation
  | BarObservation
  | DepthObservation
  | InstrumentFacts

export interface QuoteUpdate {
  readonly kind: 'quote'
  /** The wire's own session, `''` where it has none. State is kept by (connection, session, name). */
  readonly session: string
  /** The instrument as the wire names it, letter for letter. */
  readonly name: string
  readonly fields: QuoteFields
  /** The fields as they came, where the decoder was asked to keep them (`quotes --wire`). */
  readonly wire?: WireFields
}

/** A trade that a wire reports as such, apart from its quote. */
export interface TradeObservation {
  readonly kind: 'trade'
  readonly session: string
  readonly name: string
  readonly price: Decimal
  readonly size?: Decimal
  readonly time?: EpochMicros
  /** When the venue says that it took in the trade. */
  readonly updateTime?: EpochMicros
}

export interface BarObservation {
  readonly kind: 'bar'
  readonly session: string
  readonly name: string
  /** `1m`, `5m`, `1h`, `1d`, `1w`, `1M`; absent where the wire does not say. */
  readonly interval?: string
  /** `current` is still growing; `previous` is the one before it; `history` was asked for. */
  readonly which: 'current' | 'previous' | 'history'
  readonly time: EpochMicros
  readonly open: Decimal
  readonly high: Decimal
  readonly low: Decimal
  readonly close: Decimal
  readonly volume?: Decimal
  readonly updateTime?: EpochMicros
}

/** The order book as a wire gives it: whole each time, best first. */
export interface DepthObservation {
  readonly kind: 'depth'
  readonly session: string
  readonly name: string
  readonly time?: EpochMicros
  readonly bids: readonly DepthLevel[]
  readonly asks: readonly DepthLevel[]
}

export interface DepthLevel {
  readonly price: Decimal
  readonly size: Decimal
}

/** What a wire says about an instrument. Partial like a quote: absent is unchanged. */
export interface InstrumentFacts {
  readonly kind: 'instrument'
  readonly session: string
  readonly name: string
  /** The venue's own full name for it, where that differs from the name asked for. */
  readonly symbol?: string
  readonly exchange?: string
  readonly type?: string
  readonly currency?: string
  readonly description?: string
  /** Money for one contract when the price moves by 1.0, in `currency`. */
  readonly pointValue?: Decimal
  /** The smallest step of the price is minMove ÷ priceScale. */
  readonly priceScale?: Decimal
  readonly minMove?: Decimal
  /** Quoted in 32nds or the like. */
  readonly fractional?: boolean
  /** `0.01 250 0.05`: tick, limit, tick … where the tick depends on the price. */
  readonly variableTickSize?: string
  /** The smallest step of the price, where a wire writes it out instead. */
  readonly tickSize?: Decimal
  /** Money for one contract when the price moves by one tick, in `currency`. */
  readonly tickValue?: Decimal
  /** The product that a contract is of: `NQ`. */
  readonly root?: string
  readonly expires?: EpochMicros
  /** The contract that the venue itself calls the front one, under its own name. */
  readonly front?: string
  /** Whether the venue calls this contract the front one of its product. */
  readonly isFront?: boolean
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
}

const TIME_KEYS: ReadonlySet<string> = new Set([
  'time',
  'updateTime',
  'expires',
  ...Object.entries(QUOTE_FIELDS).flatMap(([name, spec]) => (spec.type === 'time' ? [name] : [])),
])

/**
 * An observation as golden files and `--json` show it: only the keys that are present, decimals as strings,
 * times as ISO 8601. The raw wire fields are not part of it.
 */
export function observationToJson(observation: Observation): JsonObject {
  return jsonOf(observation)
}

function jsonOf(record: object): JsonObject {
  const json: Record<string, JsonValue> = {}
  for (const [key, value] of Object.entries(record)) {
    if (key !== 'wire') json[key] = valueToJson(key, value)
  }
  return json
}

function valueToJson(key: string, value: unknown): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return TIME_KEYS.has(key) ? isoFromEpochMicros(value) : value
  if (isDecimal(value)) return decimalText(value)
  if (Array.isArray(value)) return value.map((item: unknown) => valueToJson(key, item))
  if (typeof value === 'object' && value !== undefined) return jsonOf(value)
  throw new TypeError(`observation key ${key} holds ${typeof value}`)
}

function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && 'mantissa' in value
}
