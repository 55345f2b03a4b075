import type { Decimal } from './decimal.ts'
import type { EpochMicros } from './time.ts'

/**
 * The parts of a quote that age on their own: a new bid says nothing about the last price.
 * `extended` is the price outside regular hours, which some wires keep apart from `last`.
 */
export type QuoteGroup = 'last' | 'bid' | 'ask' | 'day' | 'extended' | 'mode'

export interface QuoteFieldSpec {
  readonly group: QuoteGroup
  readonly type: 'decimal' | 'time' | 'text' | 'seconds'
  /** What a zero means on the wire: a value like any other, or (never) a way to say "none". */
  readonly zero: 'real' | 'none' | 'not-applicable'
  readonly meaning: string
}

/** Every field that a quote can have. Golden files are held against this list, so a lost field is seen. */
export const QUOTE_FIELDS = {
  last: { group: 'last', type: 'decimal', zero: 'real', meaning: 'price of the last trade, regular session' },
  lastSize: { group: 'last', type: 'decimal', zero: 'real', meaning: 'its size, in the exchange’s units' },
  lastTime: { group: 'last', type: 'time', zero: 'none', meaning: 'its time by the wire' },
  bid: { group: 'bid', type: 'decimal', zero: 'real', meaning: 'best bid' },
  bidSize: { group: 'bid', type: 'decimal', zero: 'real', meaning: 'size at the best bid' },
  bidTime: { group: 'bid', type: 'time', zero: 'none', meaning: 'time of the bid by the wire' },
  ask: { group: 'ask', type: 'decimal', zero: 'real', meaning: 'best ask' },
  askSize: { group: 'ask', type: 'decimal', zero: 'real', meaning: 'size at the best ask' },
  askTime: { group: 'ask', type: 'time', zero: 'none', meaning: 'time of the ask by the wire' },
  volume: { group: 'day', type: 'decimal', zero: 'real', meaning: 'volume of the trading day' },
  open: { group: 'day', type: 'decimal', zero: 'real', meaning: 'first price of the day' },
  high: { group: 'day', type: 'decimal', zero: 'real', meaning: 'highest price of the day' },
  low: { group: 'day', type: 'decimal', zero: 'real', meaning: 'lowest price of the day' },
  previousClose: { group: 'day', type: 'decimal', zero: 'real', meaning: 'close of the day before' },
  change: { group: 'day', type: 'decimal', zero: 'real', meaning: 'the wire’s own change since then' },
  changePercent: { group: 'day', type: 'decimal', zero: 'real', meaning: 'the same in percent points' },
  openTime: { group: 'day', type: 'time', zero: 'none', meaning: 'start of the day’s bar' },
  extended: { group: 'extended', type: 'decimal', zero: 'real', meaning: 'price before or after hours' },
  extendedTime: { group: 'extended', type: 'time', zero: 'none', meaning: 'its time by the wire' },
  extendedChange: { group: 'extended', type: 'decimal', zero: 'real', meaning: 'its change since the close' },
  extendedChangePercent: { group: 'extended', type: 'decimal', zero: 'real', meaning: 'in percent points' },
  mode: {
    group: 'mode',
    type: 'text',
    zero: 'not-applicable',
    meaning: 'the wire’s word for how it streams',
  },
  delay: { group: 'mode', type: 'seconds', zero: 'real', meaning: 'declared delay; 0 is real time' },
  marketState: {
    group: 'mode',
    type: 'text',
    zero: 'not-applicable',
    meaning: 'the wire’s word for the session',
  },
} as const satisfies Readonly<Record<string, QuoteFieldSpec>>

export type QuoteField = keyof typeof QUOTE_FIELDS

type ValueOf<T> = T extends 'decimal'
  ? Decimal
  : T extends 'time'
    ? EpochMicros
    : T extends 'seconds'
      ? number
      : string

/** Only what a packet said: an absent key is unchanged, `null` is "has no value now", and neither is zero. */
export type QuoteFields = {
  readonly [F in QuoteField]?: ValueOf<(typeof QUOTE_FIELDS)[F]['type']> | null
}

export const QUOTE_FIELD_NAMES = Object.keys(QUOTE_FIELDS) as readonly QuoteField[]

/** The wire's own fields of what an observation was read from, where the decoder was asked to keep them. */
export type WireFields = Readonly<Record<string, unknown>>
