import { jsonText } from '../../model/errors.ts'
import type { HttpAnswer, HttpConversation, HttpConversationPlan, HttpRequest } from '../http-plan.ts'
import type { ConversationOptions, Market } from '../market.ts'
import { isScannerPath, readRequest, type ScanRequest, type SymbolRequest } from './request.ts'
import { unknownColumn, valuesOf } from './venue-row.ts'

/** A scanner on this machine. It knows what its market knows, and answers in the real one's words where those are known. */
export const conversation: HttpConversationPlan = {
  answers: isScannerPath,
  // Nothing streams here, so that nothing beats.
  beatEvery: 60_000_000,
  start,
  meanings,
}

function start({ market }: ConversationOptions): HttpConversation {
  return {
    answer: request => answerTo(request, market),
    moved: () => [],
    beat: () => [],
  }
}

function answerTo({ method, url, body }: HttpRequest, market: Market): HttpAnswer {
  const request = readRequest(url, body ?? '')
  switch (request.kind) {
    case 'scan':
    case 'scan2':
      if (method !== 'POST') return plain(405, 'Method Not Allowed')
      return answerScan(request, market)
    case 'symbol':
      return answerSymbol(request, market)
    case 'malformed':
      // The real one's words for these are not known.
      return error(`Cannot read the request: ${request.reason}`)
    case 'unknown':
      return plain(404, 'Not Found')
    default:
      return request satisfies never
  }
}

function answerScan(request: ScanRequest, market: Market): HttpAnswer {
  const { columns = [], kind, tickers, range = [0, tickers.length] } = request
  const unknown = request.ignoresUnknown ? undefined : unknownColumn(columns, request.market)
  if (unknown !== undefined) return error(`Unknown field "${unknown}"`)
  const known = [...new Set(tickers)].filter(ticker => isIn(ticker, request.market, market))
  // The other way round: a client that goes by the order asked must notice (tradingview.md 2).
  const shown = known.toReversed().slice(Math.max(0, range[0]), Math.max(0, range[1]))
  const rows = shown.map(name => [JSON.stringify(name), valuesOf(name, columns, market).join(',')] as const)
  if (kind === 'scan2') {
    const symbols = rows.map(([s, f]) => `{"s":${s},"f":[${f}]}`).join(',')
    return json(
      200,
      `{"totalCount":${known.length},"fields":${JSON.stringify(columns)},"symbols":[${symbols}]}`,
    )
  }
  const data = rows.map(([s, d]) => `{"s":${s},"d":[${d}]}`).join(',')
  return json(200, `{"totalCount":${known.length},"data":[${data}]}`)
}

/** A market answers for its own only: `/brazil/scan` has no row for a future, nor the futures market one for a share. */
function isIn(ticker: string, place: string, market: Market): boolean {
  if (market.quote(ticker) === undefined) return false
  return place === 'global' || (place === 'futures') === (market.facts(ticker)?.type === 'futures')
}

function answerSymbol({ name, fields, isQuiet }: SymbolRequest, market: Market): HttpAnswer {
  if (market.quote(name) === undefined) {
    return isQuiet ? json(200, 'null') : json(404, '{"code":"symbol_not_exists"}')
  }
  const unknown = unknownColumn(fields, 'global')
  if (unknown !== undefined) return error(`Unknown field "${unknown}"`)
  const values = valuesOf(name, fields, market)
  const members = fields.map((field, index) => `${JSON.stringify(field)}:${values[index] ?? 'null'}`)
  // In the alphabet's order, as in the real answer.
  return json(200, `{${[...new Set(members)].sort().join(',')}}`)
}

function error(words: string): HttpAnswer {
  return json(400, JSON.stringify({ totalCount: 0, error: words, data: null }))
}

function json(status: number, body: string): HttpAnswer {
  return { status, headers: [['Content-Type', 'application/json; charset=utf-8']], body }
}

function plain(status: number, body: string): HttpAnswer {
  return { status, headers: [['Content-Type', 'text/plain']], body }
}

/** `["scan","futures",["close"],["CME_MINI:NQ1!"]]`: tickers in any order mean the same, columns do not. */
function meanings({ method, url, body }: HttpRequest): readonly string[] {
  const request = readRequest(url, body ?? '')
  switch (request.kind) {
    case 'scan':
    case 'scan2': {
      const { kind, market, columns, tickers, isPlain, range, convertedTo } = request
      const rest = isPlain && convertedTo === undefined ? [] : [body ?? '']
      return [jsonText([kind, market, columns, [...new Set(tickers)].sort(), range ?? null, ...rest])]
    }
    case 'symbol':
      return [jsonText([request.kind, request.name, [...request.fields].sort(), request.isQuiet])]
    case 'malformed':
    case 'unknown':
      return [`${request.kind} ${method} ${url} ${body ?? ''}`]
    default:
      return request satisfies never
  }
}
