import type { HttpFeed } from '../feed.ts'
import { conversation } from './conversation.ts'
import { createDecoder } from './decode.ts'
import { encode } from './encode.ts'
import { recognise } from './recognise.ts'
import { formOf, PATHS } from './request.ts'
import { secrets } from './secrets.ts'
import { session } from './session.ts'
import { KINDS, SEARCH } from './wire.ts'

/** The search field of TradingView's page: instruments, and no prices. Unofficial: see README.md in this folder. */
export const tradingviewSymbolSearch: HttpFeed = {
  name: 'tradingview-symbol-search',
  title: 'TradingView’s symbol search',
  transport: 'http',
  url: `${SEARCH}${PATHS.v3}`,
  matches,
  recognise,
  kinds: KINDS,
  createDecoder,
  encode,
  session,
  conversation,
  secrets,
}

/** The search itself, and a venue on this machine. */
function matches(url: string): boolean {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return false
  const isHost = /^(?:symbol-search\.tradingview\.com|127\.0\.0\.1|localhost)$/.test(parsed.hostname)
  return isHost && formOf(parsed.pathname) !== undefined
}
