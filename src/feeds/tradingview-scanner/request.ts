import { excerpt } from '../../model/errors.ts'
import { isRecord, parseJson } from '../tradingview/json.ts'

/** What a client asks, by its address and its body. */
export type ClientRequest =
  | ScanRequest
  | SymbolRequest
  | { readonly kind: 'malformed'; readonly form: ScanRequest['kind'] | 'symbol'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** `POST /{market}/scan`, and `scan2`, whose answer names its columns itself. */
export interface ScanRequest {
  readonly kind: 'scan' | 'scan2'
  readonly market: string
  /** `undefined` where the body was not kept. */
  readonly columns: readonly string[] | undefined
  readonly tickers: readonly string[]
  /** Neither filter nor preset: each ticker that the market knows has its row. */
  readonly isPlain: boolean
  /** Nothing but the tickers decides which rows come, and in which order. */
  readonly isAsWritten: boolean
  /** `[from, to)` of the rows, before which they are counted. */
  readonly range?: readonly [from: number, to: number]
  /** Prices come in this currency and not in the instrument's own. */
  readonly convertedTo?: string
  readonly ignoresUnknown: boolean
}

/** `GET /symbol?symbol=NASDAQ:AAPL&fields=close,bid&no_404=true` */
export interface SymbolRequest {
  readonly kind: 'symbol'
  readonly name: string
  readonly fields: readonly string[]
  /** An unknown symbol is answered with 200. */
  readonly isQuiet: boolean
}

const SCAN_PATH = /^\/([a-z0-9_-]{1,40})\/(scan2?)$/
export const SYMBOL_PATH = '/symbol'

export function isScannerPath(path: string): boolean {
  return path === SYMBOL_PATH || SCAN_PATH.test(path)
}

/** `body` is `undefined` where the tape has not kept it. */
export function readRequest(url: string, body: string | undefined): ClientRequest {
  const parsed = URL.parse(url)
  if (parsed === null) return { kind: 'unknown', reason: 'no address' }
  if (parsed.pathname === SYMBOL_PATH) return readSymbolRequest(parsed.searchParams)
  const [, market, form] = SCAN_PATH.exec(parsed.pathname) ?? []
  if (market === undefined) {
    return { kind: 'unknown', reason: `neither a scan nor /symbol: ${excerpt(parsed.pathname)}` }
  }
  return readScan(market, form === 'scan2' ? 'scan2' : 'scan', body)
}

function readSymbolRequest(query: URLSearchParams): ClientRequest {
  const name = query.get('symbol')
  if (!name) return { kind: 'malformed', form: 'symbol', reason: 'no symbol is asked for' }
  const fields = (query.get('fields') ?? '').split(',').filter(field => field !== '')
  return { kind: 'symbol', name, fields, isQuiet: query.get('no_404') === 'true' }
}

function readScan(market: string, kind: ScanRequest['kind'], body: string | undefined): ClientRequest {
  if (body === undefined) {
    return {
      ...{ kind, market, columns: undefined, tickers: [] },
      ...{ isPlain: false, isAsWritten: false, ignoresUnknown: false },
    }
  }
  const parsed = parseJson(body)
  if (!isRecord(parsed)) return { kind: 'malformed', form: kind, reason: 'the body is no JSON object' }
  const { columns = [], symbols, range } = parsed
  if (!isTexts(columns)) return { kind: 'malformed', form: kind, reason: 'columns is no array of strings' }
  const tickers = isRecord(symbols) ? (symbols['tickers'] ?? []) : []
  if (!isTexts(tickers)) {
    return { kind: 'malformed', form: kind, reason: 'symbols.tickers is no array of strings' }
  }
  const page = pageOf(range)
  const isPlain = FILTERS.every(key => isNothing(parsed[key]))
  const others = isRecord(symbols) ? [symbols['symbolset'], symbols['watchlist']] : []
  const convertedTo = currencyOf(parsed['price_conversion'])
  return {
    kind,
    market,
    columns,
    tickers,
    isPlain,
    isAsWritten: isPlain && isNothing(parsed['sort']) && others.every(isNothing) && (page?.[0] ?? 0) === 0,
    ignoresUnknown: parsed['ignore_unknown_fields'] === true,
    ...(page === undefined ? {} : { range: page }),
    ...(convertedTo === undefined ? {} : { convertedTo }),
  }
}

const FILTERS = ['filter', 'filter2', 'preset', 'index_filters']

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}

function pageOf(range: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(range)) return undefined
  const [from, to]: readonly unknown[] = range
  return typeof from === 'number' && typeof to === 'number' ? [from, to] : undefined
}

/** `{"to_currency":"eur"}`. */
function currencyOf(conversion: unknown): string | undefined {
  const to = isRecord(conversion) ? conversion['to_currency'] : undefined
  return typeof to === 'string' ? to : undefined
}
