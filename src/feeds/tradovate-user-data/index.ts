import type { SocketFeed } from '../feed.ts'
import { isTradovateSocket } from '../tradovate/environment.ts'
import { conversation } from './conversation.ts'
import { createDecoder } from './decode.ts'
import { encode } from './encode.ts'
import { recognise } from './recognise.ts'
import { secrets } from './secrets.ts'
import { session } from './session.ts'
import { KINDS } from './wire.ts'

/** Tradovate's socket about one user: orders, fills, positions and money. See README.md in this folder. */
export const tradovateUserData: SocketFeed = {
  name: 'tradovate-user-data',
  title: 'Tradovate’s user socket: orders, fills, positions, balances',
  transport: 'websocket',
  url: 'wss://demo.tradovateapi.com/v1/websocket',
  matches: url => isTradovateSocket(url, host => host === 'demo' || host === 'live'),
  recognise,
  kinds: KINDS,
  createDecoder,
  encode,
  session,
  conversation,
  secrets,
}
