import { jsonText } from '../../model/errors.ts'
import type { InstrumentFacts } from '../../model/observation.ts'
import type { QuoteFields } from '../../model/quote.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { HttpAnswer, HttpConversation, HttpConversationPlan, HttpRequest } from '../http-plan.ts'
import type { ConversationOptions, Market } from '../market.ts'
import { numberJson } from '../tradingview/number-json.ts'
import { FACT_COLUMNS } from './read-symbols.ts'
import { endpointOf, readRequest } from './request.ts'
import { symbolInfoJson } from './write-answer.ts'
import { writeDailyBar, writeQuote, writeTrade } from './write-line.ts'

/** A broker on this machine: what its market does goes to everybody who streams. */
export const conversation: HttpConversationPlan = {
  answers: path => endpointOf(path) !== undefined,
  beatEvery: 5_000_000,
  start,
  meanings,
}

function start({ market, now }: ConversationOptions): HttpConversation {
  return {
    answer: request => answerTo(request, market),
    moved: (name, fields) => linesOf(name, fields, market.quote(name) ?? {}, now()),
    beat: () => [`{"heartbeat":${Math.floor(now() / SECOND)}}\n`],
  }
}

const SECOND = 1_000_000
const DAY = 86_400 * SECOND

function answerTo({ method, url }: HttpRequest, market: Market): HttpAnswer & { readonly isStream?: true } {
  const request = readRequest(url)
  if (method !== 'GET') return error('only GET is known here')
  switch (request.kind) {
    case 'symbol_info':
      return json(
        symbolInfoJson((market.names ?? []).flatMap(name => factsOf(name, market))) ??
          '{"s":"ok","symbol":[]}',
      )
    case 'streaming':
      return { status: 200, headers: [JSON_TYPE], isStream: true }
    case 'history':
      return market.quote(request.name) === undefined ? error('unknown symbol') : json('{"s":"no_data"}')
    case 'quotes':
      return json(`{"s":"ok","d":[${request.names.map(name => quoteJson(name, market)).join(',')}]}`)
    case 'malformed':
    case 'unknown':
      return error(request.reason)
    default:
      return request satisfies never
  }
}

const JSON_TYPE = ['Content-Type', 'application/json'] as const

function json(body: string): HttpAnswer {
  return { status: 200, headers: [JSON_TYPE], body }
}

/** Under 200, as the documentation has it. */
function error(errmsg: string): HttpAnswer {
  return json(JSON.stringify({ s: 'error', errmsg }))
}

/** As much of them as the wire can say. A symbol is of capitals, digits, `.` and `_`; the ticker is the name itself. */
function factsOf(name: string, market: Market): readonly InstrumentFacts[] {
  const facts = market.facts(name)
  if (facts === undefined || name === '') return []
  const said = FACT_COLUMNS.flatMap(({ field }) => {
    const value = facts[field]
    return value === undefined || value === '' ? [] : [[field, value] as const]
  })
  const symbol = name.toUpperCase().replace(/[^A-Z0-9._]/g, '_')
  const own = symbol === name ? {} : { symbol }
  return [{ kind: 'instrument', session: '', name, ...own, ...Object.fromEntries(said) }]
}

function quoteJson(name: string, market: Market): string {
  const quote = market.quote(name)
  if (quote === undefined) return JSON.stringify({ s: 'error', n: name, errmsg: 'unknown symbol', v: {} })
  const values = (['ask', 'bid'] as const).flatMap(side => {
    const value = quote[side]
    const text = value == null ? undefined : numberJson(value)
    return text === undefined ? [] : [`"${side}":${text}`]
  })
  return `{"s":"ok","n":${JSON.stringify(name)},"v":{${values.join(',')}}}`
}

/** A trade for a price, a quote whole for a change of either side, the day's bar for a change of the day. */
function linesOf(name: string, fields: QuoteFields, quote: QuoteFields, now: EpochMicros): readonly string[] {
  const has = (pattern: RegExp): boolean => Object.keys(fields).some(key => pattern.test(key))
  const lines: (string | undefined)[] = []
  const { last } = fields
  if (last != null) lines.push(tradeLine(name, last, quote, now))
  if (has(/^(?:bid|ask)/)) lines.push(quoteLine(name, quote, now))
  if (has(/^(?:volume|open|high|low)$/)) lines.push(dayLine(name, quote, now))
  return lines.flatMap(line => line ?? [])
}

const wholeSecond = (at: EpochMicros): EpochMicros => at - (at % SECOND)

function tradeLine(
  name: string,
  price: NonNullable<QuoteFields['last']>,
  quote: QuoteFields,
  now: EpochMicros,
) {
  const { lastSize, lastTime } = quote
  const size = lastSize == null ? {} : { size: lastSize }
  const time = wholeSecond(lastTime ?? now)
  return writeTrade({ kind: 'trade', session: '', name, price, ...size, time })
}

function quoteLine(name: string, quote: QuoteFields, now: EpochMicros): string | undefined {
  const time = wholeSecond(Math.max(quote.bidTime ?? 0, quote.askTime ?? 0) || now)
  const sides = (['bid', 'ask'] as const).flatMap(side => {
    const [price, size] = [quote[side], quote[`${side}Size`]]
    if (price == null) return []
    const known = size == null ? [] : [[`${side}Size`, size] as const]
    return [[side, price] as const, ...known, [`${side}Time`, time] as const]
  })
  if (sides.length === 0) return undefined
  return writeQuote({ kind: 'quote', session: '', name, fields: Object.fromEntries(sides) })
}

/** Its time is the day's first second (data/History.rst). */
function dayLine(name: string, quote: QuoteFields, now: EpochMicros): string | undefined {
  const { high, last: close, low, open, volume } = quote
  if (open == null || high == null || low == null || close == null) return undefined
  const day = { interval: '1d', which: 'current', time: now - (now % DAY) } as const
  const traded = volume == null ? {} : { volume }
  return writeDailyBar({ kind: 'bar', session: '', name, ...day, open, high, low, close, ...traded })
}

/** `["history","BTCUSDT","1","?symbol=…"]` */
function meanings({ method, url }: HttpRequest): readonly string[] {
  const request = readRequest(url)
  switch (request.kind) {
    case 'symbol_info':
      return [jsonText([request.kind, request.group])]
    case 'streaming':
      return [jsonText([request.kind])]
    case 'history':
      return [jsonText([request.kind, request.name, request.resolution, request.query])]
    case 'quotes':
      return [jsonText([request.kind, [...request.names].sort()])]
    case 'malformed':
    case 'unknown':
      return [`${request.kind} ${method} ${url}`]
    default:
      return request satisfies never
  }
}
