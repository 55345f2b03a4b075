import type { HttpFeed } from '../feed.ts'
import { conversation } from './conversation.ts'
import { createDecoder } from './decode.ts'
import { encode } from './encode.ts'
import { recognise } from './recognise.ts'
import { isScannerPath } from './request.ts'
import { secrets } from './secrets.ts'
import { session } from './session.ts'
import { KINDS, SCANNER } from './wire.ts'

/** The screener behind TradingView's lists of symbols, polled. Unofficial: see README.md in this folder. */
export const tradingviewScanner: HttpFeed = {
  name: 'tradingview-scanner',
  title: 'TradingView’s scanner, polled',
  transport: 'http',
  url: `${SCANNER}/global/scan`,
  matches,
  recognise,
  kinds: KINDS,
  createDecoder,
  encode,
  session,
  conversation,
  secrets,
  isTrading: marketState => marketState === MARKET_HOURS,
}

/** The word for "regular trading is on"; besides it there are out_of_session and holiday (metainfo of futures). */
const MARKET_HOURS = 'market'

/** The scanner itself, and a venue on this machine. */
function matches(url: string): boolean {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return false
  const isHost = /^(?:scanner\.tradingview\.com|127\.0\.0\.1|localhost)$/.test(parsed.hostname)
  return isHost && isScannerPath(parsed.pathname)
}
