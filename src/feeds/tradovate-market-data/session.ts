import type {
  ChosenOptions,
  ClientSession,
  Credentials,
  SessionOptions,
  SessionPlan,
  SessionStep,
  TokenExchange,
} from '../feed.ts'
import { CREDENTIALS, loginFor, renewalFor } from '../tradovate/auth.ts'
import { type Ask, startClient } from '../tradovate/client.ts'
import { ENVIRONMENT } from '../tradovate/environment.ts'
import { accessDenied, isDenied } from '../tradovate/refusal.ts'
import { errorOfReply, shownWords } from '../tradovate/reply.ts'
import { createLookups } from './lookups.ts'
import { ASKED, DATA, type Wish, wishesOf } from './wishes.ts'

/** For demo and live alike (official documentation). Others speak of md-demo, which no official page does. */
export const SOCKET_URL = 'wss://md.tradovateapi.com/v1/websocket'

export const session: SessionPlan = {
  credentials: CREDENTIALS,
  options: [ENVIRONMENT, DATA],
  exchange,
  renew: (credentials, options) => renewalFor('mdToken', credentials, options),
  start,
}

/** Of a session that exists the token for market data is asked for by a renewal: that takes no other session. */
function exchange(credentials: Credentials, options?: ChosenOptions): TokenExchange | undefined {
  const { mdToken, token } = credentials
  if (token !== undefined && mdToken === undefined) return renewalFor('mdToken', credentials, options)
  return loginFor('mdToken', credentials, options)
}

function start(options: SessionOptions): ClientSession {
  const lookups = createLookups()
  const symbols = [...new Set(options.symbols)]
  return startClient({
    options,
    url: SOCKET_URL,
    token: 'mdToken',
    variable: 'FEEDTAPE_TRADOVATE_MD_TOKEN',
    accepted: ask => [
      ...symbols.flatMap(symbol => lookups.find(symbol, ask)),
      ...wishesOf(options.options).flatMap(wish => symbols.map(symbol => subscribe(wish, symbol, ask))),
    ],
    replied(reply, request, ask) {
      const words = errorOfReply(reply)
      if (lookups.isLookup(request))
        return lookups.answered(request, words === undefined ? reply.data : undefined, ask)
      if (words === undefined) return []
      // The right to market data is the account's, not the symbol's.
      return isDenied(words) ? [accessDenied()] : [refusedNote(request.body, words)]
    },
    happened: (event, ask) => lookups.seen(event, ask),
  })
}

function subscribe(wish: Wish, symbol: string, ask: Ask): SessionStep {
  const { body, endpoint } = ASKED[wish]
  return ask(endpoint, { body: JSON.stringify({ symbol: symbolOf(symbol), ...body }) })
}

/** A contract id is written as a number, a name as text. */
function symbolOf(symbol: string): string | number {
  return /^[1-9]\d{0,14}$/.test(symbol) ? Number(symbol) : symbol
}

function refusedNote(body: string, words: string): SessionStep {
  const [, symbol = ''] = /^\{"symbol":("(?:[^"\\]|\\.){1,200}"|\d{1,20})/.exec(body) ?? []
  return { kind: 'note', text: `Tradovate does not give ${symbol}: ${shownWords(words)}` }
}
