import type { SocketFeed } from '../feed.ts'
import { isTradovateSocket } from '../tradovate/environment.ts'
import { conversation } from './conversation.ts'
import { createDecoder } from './decode.ts'
import { encode } from './encode.ts'
import { recognise } from './recognise.ts'
import { secrets } from './secrets.ts'
import { SOCKET_URL, session } from './session.ts'
import { subscriptionsOf } from './subscriptions.ts'
import { KINDS } from './wire.ts'

/** Tradovate's market data socket: quotes, books, charts by contract id. See README.md in this folder. */
export const tradovateMarketData: SocketFeed = {
  name: 'tradovate-market-data',
  title: 'Tradovate’s market data socket',
  transport: 'websocket',
  url: SOCKET_URL,
  // md, md-demo and the like, and replay, which plays the past as if it were now.
  matches: url => isTradovateSocket(url, label => /^(?:md(?:-[a-z0-9]{1,20})?|replay)$/.test(label)),
  recognise,
  kinds: KINDS,
  createDecoder,
  encode,
  session,
  conversation,
  secrets,
  subscriptions: subscriptionsOf,
}
