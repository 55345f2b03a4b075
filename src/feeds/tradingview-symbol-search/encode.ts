import type { Observation } from '../../model/observation.ts'
import { QUOTE_FIELD_NAMES } from '../../model/quote.ts'
import type { HttpEncode, HttpExchange } from '../http-plan.ts'
import { carry, ORIGIN, SEARCH } from './wire.ts'
import { type WrittenRow, writeFacts } from './write-row.ts'

const NO_QUOTES = Object.fromEntries(
  QUOTE_FIELD_NAMES.map(field => [`quote ${field}`, 'a search names instruments; it has no prices']),
)

/** The inverse of decode for all that a search's answer can say: decode(encode(x)) is x. */
export const encode: HttpEncode = {
  carry,
  message,
  cannot: {
    ...NO_QUOTES,
    'instrument symbol': 'the name is the full one already',
    'instrument pointValue, priceScale, minMove, fractional, variableTickSize, tickSize, tickValue, root, expires, front, isFront':
      'not in a row of a search',
    'instrument with an empty text, or with <em> in its name or description':
      'empty says nothing, and tags are taken away',
    'instrument whose exchange prefix is not in capitals': 'a reader writes it in capitals',
    'instrument with a session': 'this wire has none',
    'trade, bar, depth, account, signal': 'not on this wire',
  },
}

function message(observations: readonly Observation[]): HttpExchange | undefined {
  if (observations.length === 0) return undefined
  const symbols: WrittenRow[] = []
  for (const observation of observations) {
    const row = observation.kind === 'instrument' ? writeFacts(observation) : undefined
    if (row === undefined) return undefined
    symbols.push(row)
  }
  return {
    request: {
      method: 'GET',
      url: `${SEARCH}/symbol_search/v3/?text=&hl=0&exchange=&lang=en&search_type=undefined&start=0&domain=production`,
      headers: [['Origin', ORIGIN]],
    },
    answer: {
      status: 200,
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify({ symbols_remaining: 0, symbols }),
    },
  }
}
