import type { Decimal } from '../../model/decimal.ts'
import type { QuoteField, QuoteFields } from '../../model/quote.ts'
import type { EpochMicros } from '../../model/time.ts'
import { timeToWire } from '../tradovate/time.ts'
import { ENTRIES } from './read-quote.ts'
import { numberText, objectText } from './write-number.ts'

/** What an md quote cannot say, and why; the keys are those of `encode.cannot`. */
export const UNSAID: Readonly<Record<string, string>> = {
  'quote lastTime': 'the timestamp is the quote’s, and Trade is repeated in it: no trade’s time',
  'quote previousClose': 'SettlementPrice is not said to be of the day before',
  'quote change': 'this wire says no change',
  'quote changePercent': 'this wire says no change',
  'quote openTime': 'this wire does not say when its day began',
  'quote extended': 'one session, without hours apart',
  'quote extendedTime': 'one session, without hours apart',
  'quote extendedChange': 'one session, without hours apart',
  'quote extendedChangePercent': 'one session, without hours apart',
  'quote mode': 'not on this wire',
  'quote delay': 'not on this wire',
  'quote marketState': 'not on this wire',
}

const SAYABLE: ReadonlySet<string> = new Set<QuoteField>([
  'last',
  'lastSize',
  'bid',
  'bidSize',
  'bidTime',
  'ask',
  'askSize',
  'askTime',
  'volume',
  'open',
  'high',
  'low',
])

const BOOK = ['bid', 'bidSize', 'ask', 'askSize'] as const

/** `{"timestamp":"…","contractId":3267315,"entries":{…}}`; `undefined` where it would not be read as these fields. */
export function quoteText(id: string, fields: QuoteFields): string | undefined {
  const isEmpty = BOOK.every(field => fields[field] === null)
  const time = timeOf(fields)
  if (time === 'cannot' || !Object.keys(fields).every(field => SAYABLE.has(field))) return undefined
  const entries: [key: string, json: string][] = isEmpty ? [['EmptyBook', '{}']] : []
  for (const [key, { price, size }] of ENTRIES) {
    const isGone = isEmpty && (key === 'Bid' || key === 'Offer')
    const priced = isGone || price === undefined ? undefined : memberOf(fields[price])
    const sized = isGone || size === undefined ? undefined : memberOf(fields[size])
    if (priced === 'cannot' || sized === 'cannot') return undefined
    if (priced === undefined && sized === undefined) continue
    const members = [['price', priced] as const, ['size', sized] as const]
    entries.push([key, objectText(members)])
  }
  if (entries.length === 0) return undefined
  const timestamp = time === undefined ? undefined : `"${time}"`
  return objectText([
    ['timestamp', timestamp],
    ['contractId', id],
    ['entries', objectText(entries)],
  ])
}

/** What of a market's quote this wire can say; one timestamp stands for both sides of the book. */
export function sayableFields(fields: QuoteFields, at: EpochMicros): QuoteFields {
  const isEmpty = BOOK.every(field => fields[field] === null)
  const said = Object.entries(fields).filter(
    ([field, value]) =>
      SAYABLE.has(field) && !field.endsWith('Time') && (value !== null || (isEmpty && isOfBook(field))),
  )
  const { ask, askSize, bid, bidSize }: QuoteFields = fields
  return {
    ...Object.fromEntries(said),
    ...(bid || bidSize ? { bidTime: at } : {}),
    ...(ask || askSize ? { askTime: at } : {}),
  }
}

function isOfBook(field: string): boolean {
  return BOOK.some(one => one === field)
}

/** A single field that is none now cannot be said: an entry is there or it is not. */
function memberOf(value: Decimal | null | undefined): string | undefined {
  if (value === undefined) return undefined
  return (value === null ? undefined : numberText(value)) ?? 'cannot'
}

/** One timestamp for all: every side that is there has it, and none that is not. */
function timeOf({ ask, askSize, askTime, bid, bidSize, bidTime }: QuoteFields): string | undefined {
  const hasBid = Boolean(bid) || Boolean(bidSize)
  const hasAsk = Boolean(ask) || Boolean(askSize)
  if (askTime === null || bidTime === null) return 'cannot'
  if ((bidTime !== undefined && !hasBid) || (askTime !== undefined && !hasAsk)) return 'cannot'
  const time: EpochMicros | undefined = bidTime ?? askTime
  if (time === undefined) return undefined
  if ((hasBid && bidTime !== time) || (hasAsk && askTime !== time)) return 'cannot'
  return timeToWire(time) ?? 'cannot'
}
