import { randomAlphanumeric } from '../../model/random.ts'
import type { Standing } from '../../tape/entry.ts'
import type { ClientSession, Credentials, SessionOptions, SessionPlan, SessionStep } from '../feed.ts'
import { CREDENTIALS, GUEST_TOKEN, readToken, tokenExchange } from './auth.ts'
import { framePacket, payloadsOf } from './framing.ts'
import { createReplies, isGoodQuote } from './replies.ts'

/** The older host; it serves guests (tradingview.md 1.1). */
export const GUEST_URL = 'wss://data.tradingview.com/socket.io/websocket'
const LOGIN_URL = 'wss://prodata.tradingview.com/socket.io/websocket'
const WIDGET_URL = 'wss://widgetdata.tradingview.com/socket.io/websocket'

/** Nearly every client sends it, and the venue refuses the upgrade without it (1.1). */
const HEADERS = { Origin: 'https://www.tradingview.com' }

/** The official client gives a socket up after 60 s without any message, with code 4000 (1.3). */
const SILENCE = 60_000_000

/** Off by default: since February 2024 the venue answers it with a critical_error (1.5). */
export const FORCE_PERMISSION = 'force-permission'

export const session: SessionPlan = {
  credentials: CREDENTIALS,
  exchange: tokenExchange,
  start: startSession,
}

function startSession(options: SessionOptions): ClientSession {
  const token = options.credentials['token'] ?? GUEST_TOKEN
  const { standing, expires } = readToken(token)
  const quotes = `qs_${randomAlphanumeric(options.random, 12)}`
  const isForced = options.flags?.has(FORCE_PERMISSION) === true
  const replies = createReplies(quotes, isForced)
  const urls = { guest: GUEST_URL, widget: WIDGET_URL, login: LOGIN_URL }
  return {
    url: options.url ?? urls[standing],
    headers: HEADERS,
    standing,
    ...(expires === undefined ? {} : { expires }),
    silence: SILENCE,
    opened: () => [
      { kind: 'note', text: `signing in ${WAYS_IN[standing]}${unusedCookie(options.credentials)}` },
      ...subscription(token, quotes, options.symbols, isForced),
    ],
    received: text => (isGoodQuote(text) ? [] : payloadsOf(text).flatMap(payload => replies.to(payload))),
  }
}

const WAYS_IN: Readonly<Record<Standing, string>> = {
  guest: 'as guest: quotes are delayed where the exchange wants it',
  widget: 'with the widget token',
  login: 'with a login token',
}

function unusedCookie({ token, sessionid }: Credentials): string {
  return token !== undefined && sessionid !== undefined ? '; it wins over the cookie, which is not used' : ''
}

/**
 * One packet a message, as the page does. No quote_set_fields: a session that never sends it gets every field
 * (two real captures, 1.5).
 */
function subscription(
  token: string,
  quotes: string,
  symbols: readonly string[],
  isForced: boolean,
): readonly SessionStep[] {
  const flags = isForced ? [{ flags: ['force_permission'] }] : []
  return [
    call('set_auth_token', [token]),
    call('set_locale', ['en', 'US']),
    call('quote_create_session', [quotes]),
    call('quote_add_symbols', [quotes, ...symbols, ...flags]),
    call('quote_fast_symbols', [quotes, ...symbols]),
  ]
}

function call(m: string, p: readonly unknown[]): SessionStep {
  return { kind: 'send', text: framePacket(JSON.stringify({ m, p })) }
}
