import type { SocketFeed } from '../feed.ts'
import { conversation, PATH } from './conversation.ts'
import { createDecoder } from './decode.ts'
import { encode } from './encode.ts'
import { recognise } from './recognise.ts'
import { secrets } from './secrets.ts'
import { session, URL_OF_VENUE } from './session.ts'
import { SETTINGS } from './settings.ts'
import { KINDS } from './wire.ts'

export { costOf, isAffordable, type PatternCost } from './pattern-cost.ts'
export { patternRefusal } from './pattern-refusal.ts'

/** Trade Manager's socket: quotes, trades and the log of its recorder. Unofficial: see README.md in this folder. */
export const tradeManager: SocketFeed = {
  name: 'trade-manager',
  title: 'Trade Manager’s socket: quotes, open trades, the recorder’s log',
  transport: 'websocket',
  url: URL_OF_VENUE,
  matches,
  recognise,
  kinds: KINDS,
  createDecoder,
  encode,
  session,
  conversation,
  secrets,
  settings: { schema: SETTINGS },
}

/** Its host on any port, and a venue on this machine. */
function matches(url: string): boolean {
  const parsed = URL.parse(url)
  if (parsed === null || !/^wss?:$/.test(parsed.protocol)) return false
  const isHost =
    /(?:^|\.)trademanagergroup\.com$/.test(parsed.hostname) ||
    /^(?:127\.0\.0\.1|localhost)$/.test(parsed.hostname)
  return isHost && parsed.pathname === PATH
}
