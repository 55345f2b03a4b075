import type { SocketFeed } from '../feed.ts'
import { conversation } from './conversation.ts'
import { createDecoder } from './decode.ts'
import { encode } from './encode.ts'
import { recognise } from './recognise.ts'
import { secrets } from './secrets.ts'
import { session } from './session.ts'
import { subscriptionsOf } from './subscriptions.ts'
import { KINDS } from './wire.ts'

/** The socket behind TradingView's charts and widgets. Unofficial: see README.md in this folder. */
export const tradingviewSocket: SocketFeed = {
  name: 'tradingview-socket',
  title: 'TradingView’s quote and chart socket',
  transport: 'websocket',
  url: 'wss://data.tradingview.com/socket.io/websocket',
  matches,
  recognise,
  kinds: KINDS,
  createDecoder,
  encode,
  session,
  conversation,
  secrets,
  subscriptions: subscriptionsOf,
  isTrading: marketState => marketState === MARKET_HOURS,
}

/** The wire's word for "regular trading is on" (tradingview.md 1.7, current_session). */
const MARKET_HOURS = 'market'

/** Any of its hosts, and a venue on this machine; the page's pushstream socket is another wire. */
function matches(url: string): boolean {
  const parsed = URL.parse(url)
  if (parsed === null || !/^wss?:$/.test(parsed.protocol)) return false
  const isHost =
    /(?:^|\.)tradingview\.com$/.test(parsed.hostname) || /^(?:127\.0\.0\.1|localhost)$/.test(parsed.hostname)
  return isHost && parsed.pathname.startsWith('/socket.io/websocket')
}
