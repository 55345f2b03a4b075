import type { HttpExchange } from '../../../src/feeds/index.ts'
import { tradingviewScanner } from '../../../src/feeds/tradingview-scanner/index.ts'
import { type Heard, hearExchanges } from '../hear.ts'

export function hear(exchanges: readonly HttpExchange[], keepWire = false): Heard {
  return hearExchanges(tradingviewScanner, exchanges, keepWire)
}

export function scan(
  tickers: readonly string[],
  columns: readonly string[],
  body: string,
  { status = 200, market = 'futures' } = {},
): HttpExchange {
  return {
    request: {
      method: 'POST',
      url: `https://scanner.tradingview.com/${market}/scan`,
      headers: [],
      body: JSON.stringify({ symbols: { tickers }, columns }),
    },
    answer: { status, headers: [], body },
  }
}

export function symbol(query: string, body: string, status = 200): HttpExchange {
  return {
    request: { method: 'GET', url: `https://scanner.tradingview.com/symbol?${query}`, headers: [] },
    answer: { status, headers: [], body },
  }
}
