import type { Decimal } from '../../model/decimal.ts'
import type { QuoteUpdate } from '../../model/observation.ts'
import type { QuoteField, QuoteFields, WireFields } from '../../model/quote.ts'
import type { EpochMicros } from '../../model/time.ts'
import { isRecord } from '../tradovate/reply.ts'
import { timeFromWire } from '../tradovate/time.ts'
import { decimalAt, idText, type Notes } from './wire-reading.ts'

type Fields = { -readonly [F in QuoteField]?: QuoteFields[F] }
type DecimalField =
  | 'last'
  | 'lastSize'
  | 'bid'
  | 'bidSize'
  | 'ask'
  | 'askSize'
  | 'volume'
  | 'open'
  | 'high'
  | 'low'

/** An entry's place in the model. OpenInterest and SettlementPrice have none: they stay on the tape. */
export interface EntryMeaning {
  readonly price?: DecimalField
  readonly size?: DecimalField
}

export const ENTRIES: ReadonlyMap<string, EntryMeaning> = new Map<string, EntryMeaning>([
  ['Bid', { price: 'bid', size: 'bidSize' }],
  ['Offer', { price: 'ask', size: 'askSize' }],
  // Repeated with each change of bid or ask (issue #54): the last trade's price and size, never a trade of its own.
  ['Trade', { price: 'last', size: 'lastSize' }],
  ['TotalTradeVolume', { size: 'volume' }],
  ['OpeningPrice', { price: 'open' }],
  ['HighPrice', { price: 'high' }],
  ['LowPrice', { price: 'low' }],
])

/** `{"timestamp":"…","contractId":4327110,"entries":{"Bid":{"price":28138.25,"size":3}}}`: only what changed. */
export function readQuote(value: unknown, wire: unknown, notes: Notes): QuoteUpdate | undefined {
  if (!isRecord(value)) return problem(notes, 'a quote is no object')
  const name = idText(value['contractId'], notes)
  if (name === undefined) return problem(notes, 'quote.contractId is no id')
  const entries = value['entries']
  if (!isRecord(entries)) return problem(notes, 'quote.entries is no object')
  const time = timeOf(value, notes)
  const fields: Fields = {}
  if (isMarked(entries['EmptyBook'])) emptyBook(fields)
  for (const [key, meaning] of ENTRIES) readEntry(key, entries[key], meaning, fields, notes)
  if (time !== undefined) {
    if (isSaid(fields.bid) || isSaid(fields.bidSize)) fields.bidTime = time
    if (isSaid(fields.ask) || isSaid(fields.askSize)) fields.askTime = time
  }
  return quoteOf(name, fields, wire)
}

/** The web trader's `{"id":3267315,"t":…,"bid":…,"bs":…,"ask":…,"as":…,"last":…,"ls":…}`; what `t` counts is not known. */
export function readCompactQuote(value: unknown, wire: unknown, notes: Notes): QuoteUpdate | undefined {
  if (!isRecord(value)) return problem(notes, 'a quote is no object')
  const name = idText(value['id'], notes)
  if (name === undefined) return problem(notes, 'quote.id is no id')
  const fields: Fields = {}
  for (const [key, field] of COMPACT_KEYS) put(fields, field, decimalAt(value, key, notes, 'quote'))
  return quoteOf(name, fields, wire)
}

const COMPACT_KEYS: readonly (readonly [key: string, field: DecimalField])[] = [
  ['bid', 'bid'],
  ['bs', 'bidSize'],
  ['ask', 'ask'],
  ['as', 'askSize'],
  ['last', 'last'],
  ['ls', 'lastSize'],
]

function quoteOf(name: string, fields: Fields, wire: unknown): QuoteUpdate | undefined {
  const kept: { wire?: WireFields } = isRecord(wire) ? { wire } : {}
  // A quote of settlement and open interest alone says nothing that the model has.
  if (Object.keys(fields).length === 0 && kept.wire === undefined) return undefined
  return { kind: 'quote', session: '', name, fields, ...kept }
}

function readEntry(key: string, entry: unknown, meaning: EntryMeaning, fields: Fields, notes: Notes): void {
  if (entry === undefined) return
  if (!isRecord(entry)) {
    notes.problems.push(`${key} is no object`)
    return
  }
  const { price, size } = meaning
  if (price !== undefined) put(fields, price, decimalAt(entry, 'price', notes, key))
  if (size !== undefined) put(fields, size, decimalAt(entry, 'size', notes, key))
}

function put(fields: Fields, field: DecimalField, value: Decimal | null | undefined): void {
  if (value !== undefined) fields[field] = value
}

/** A marker beside or instead of Bid and Offer (documentation only): nobody bids and nobody offers. */
function emptyBook(fields: Fields): void {
  fields.bid = null
  fields.bidSize = null
  fields.ask = null
  fields.askSize = null
}

/** What stands at the marker is not documented; these would say that it is not set. */
function isMarked(marker: unknown): boolean {
  return marker !== undefined && marker !== null && marker !== false
}

function isSaid(value: Decimal | null | undefined): boolean {
  return value !== undefined && value !== null
}

/** The quote's own: when this was the state. Entries are repeated in it, so it is no trade's time. */
function timeOf(quote: Readonly<Record<string, unknown>>, notes: Notes): EpochMicros | undefined {
  const timestamp = quote['timestamp']
  if (timestamp === undefined || timestamp === null) return undefined
  const time = timeFromWire(timestamp)
  if (time === undefined) notes.problems.push('quote.timestamp is no time')
  return time
}

function problem(notes: Notes, text: string): undefined {
  notes.problems.push(text)
  return undefined
}
