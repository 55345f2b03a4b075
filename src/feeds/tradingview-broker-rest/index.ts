import type { HttpFeed } from '../feed.ts'
import { conversation } from './conversation.ts'
import { createDecoder } from './decode.ts'
import { encode } from './encode.ts'
import { recognise } from './recognise.ts'
import { type Endpoint, endpointOf } from './request.ts'
import { secrets } from './secrets.ts'
import { session } from './session.ts'
import { KINDS } from './wire.ts'

/** The API by which brokers give data to TradingView: no source of TradingView's. See README.md in this folder. */
export const tradingviewBrokerRest: HttpFeed = {
  name: 'tradingview-broker-rest',
  title: 'a broker’s REST API for TradingView',
  transport: 'http',
  // Each broker has its own.
  url: '',
  matches,
  recognise,
  kinds: KINDS,
  createDecoder,
  encode,
  session,
  conversation,
  secrets,
}

/** Any host may have a /streaming, a /history and /quotes: only with their queries are they taken for these. */
function matches(url: string): boolean {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return false
  const endpoint = endpointOf(parsed.pathname)
  if (endpoint === undefined) return false
  if (/^(?:127\.0\.0\.1|localhost)$/.test(parsed.hostname)) return true
  return QUERIES[endpoint]?.every(key => parsed.searchParams.has(key)) === true
}

const QUERIES: Readonly<Partial<Record<Endpoint, readonly string[]>>> = {
  symbol_info: [],
  history: ['symbol', 'resolution', 'to'],
  quotes: ['symbols', 'locale'],
}
