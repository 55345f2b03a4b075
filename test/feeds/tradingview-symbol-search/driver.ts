import type { HttpExchange } from '../../../src/feeds/index.ts'
import { tradingviewSymbolSearch } from '../../../src/feeds/tradingview-symbol-search/index.ts'
import { type Heard, hearExchanges } from '../hear.ts'

export function hear(exchanges: readonly HttpExchange[], keepWire = false): Heard {
  return hearExchanges(tradingviewSymbolSearch, exchanges, keepWire)
}

export const ADDRESS = 'https://symbol-search.tradingview.com/symbol_search/v3/?text=x&hl=1'

export function search(body: string, status = 200, url = ADDRESS): HttpExchange {
  return { request: { method: 'GET', url, headers: [] }, answer: { status, headers: [], body } }
}

export function found(...rows: readonly unknown[]): HttpExchange {
  return search(JSON.stringify({ symbols_remaining: 0, symbols: rows }))
}
