import { excerpt } from '../../model/errors.ts'

export type ClientRequest =
  | { readonly kind: 'symbol_info'; readonly group: string }
  | HistoryRequest
  | { readonly kind: 'streaming' }
  | { readonly kind: 'quotes'; readonly names: readonly string[] }
  | { readonly kind: 'malformed'; readonly form: Endpoint; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** `GET /history?symbol=BTCUSDT&resolution=1&from=1637502014&to=1637502267&countback=3` */
export interface HistoryRequest {
  readonly kind: 'history'
  readonly name: string
  readonly resolution: string
  readonly query: string
}

export const ENDPOINTS = ['symbol_info', 'history', 'streaming', 'quotes'] as const
export type Endpoint = (typeof ENDPOINTS)[number]

/** Behind whatever path a broker has put in front of it: `/api/v1/symbol_info`. */
export function endpointOf(path: string): Endpoint | undefined {
  return ENDPOINTS.find(endpoint => path.endsWith(`/${endpoint}`) || path.endsWith(`/${endpoint}/`))
}

export function readRequest(url: string): ClientRequest {
  const parsed = URL.parse(url)
  if (parsed === null) return { kind: 'unknown', reason: 'no address' }
  const query = parsed.searchParams
  const endpoint = endpointOf(parsed.pathname)
  switch (endpoint) {
    case 'symbol_info':
      return { kind: endpoint, group: query.get('group') ?? '' }
    case 'streaming':
      return { kind: endpoint }
    case 'history': {
      const name = query.get('symbol')
      if (!name) return { kind: 'malformed', form: endpoint, reason: 'no symbol is asked for' }
      return { kind: endpoint, name, resolution: query.get('resolution') ?? '', query: parsed.search }
    }
    case 'quotes': {
      const names = (query.get('symbols') ?? '').split(',').filter(name => name !== '')
      if (names.length === 0) return { kind: 'malformed', form: endpoint, reason: 'no symbols are asked for' }
      return { kind: endpoint, names }
    }
    case undefined:
      return { kind: 'unknown', reason: `no endpoint of this wire: ${excerpt(parsed.pathname)}` }
    default:
      return endpoint satisfies never
  }
}

const INTERVALS: ReadonlyMap<string, string> = new Map([
  ['D', '1d'],
  ['W', '1w'],
  ['M', '1M'],
])

/** `1`, `60`, `240`, `D`, `1D`, `1W`, `1M`: minutes without a letter. `undefined` where we have no word for it. */
export function intervalOf(resolution: string): string | undefined {
  const unit = /^1?([DWM])$/.exec(resolution)?.[1]
  if (unit !== undefined) return INTERVALS.get(unit)
  if (!/^[1-9]\d{0,3}$/.test(resolution)) return undefined
  const minutes = Number(resolution)
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`
}

/** The other way; `undefined` where the wire has no word for it. */
export function resolutionOf(interval: string): string | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d{0,3})([mhdwM])$/.exec(interval) ?? []
  const letters = unit === 'd' || unit === 'w' || unit === 'M'
  if (letters) return count === '1' ? unit.toUpperCase() : undefined
  const resolution = count === '' ? '' : String(Number(count) * (unit === 'h' ? 60 : 1))
  return intervalOf(resolution) === interval ? resolution : undefined
}
