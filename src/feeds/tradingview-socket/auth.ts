import type { EpochMicros } from '../../model/time.ts'
import type { Standing } from '../../tape/entry.ts'
import type { CredentialSpec, Credentials, Refusal, TokenExchange } from '../feed.ts'

export const GUEST_TOKEN = 'unauthorized_user_token'
export const WIDGET_TOKEN = 'widget_user_token'

const CHART_PAGE = 'https://www.tradingview.com/chart/'

export const CREDENTIALS: readonly CredentialSpec[] = [
  {
    key: 'sessionid',
    variable: 'FEEDTAPE_TRADINGVIEW_SESSIONID',
    meaning: 'the cookie sessionid of a logged-in browser; it is exchanged for a token',
  },
  {
    key: 'sessionidSign',
    variable: 'FEEDTAPE_TRADINGVIEW_SESSIONID_SIGN',
    meaning: 'the cookie sessionid_sign that goes with it',
  },
  {
    key: 'token',
    variable: 'FEEDTAPE_TRADINGVIEW_TOKEN',
    meaning: 'the socket’s own token (auth_token); it wins over a cookie and lives about 4 hours',
  },
]

/**
 * A cookie alone changes nothing on the socket. The chart page, asked for with it, carries the socket's token in
 * its `user` JSON; the older /quote_token/ is gone (imxeno/tradingview-scraper issue 10, 2023).
 */
export function tokenExchange(credentials: Credentials): TokenExchange | undefined {
  const { sessionid, sessionidSign, token } = credentials
  if (token !== undefined || sessionid === undefined) return undefined
  const cookies = [`sessionid=${sessionid}`]
  if (sessionidSign !== undefined) cookies.push(`sessionid_sign=${sessionidSign}`)
  return {
    method: 'GET',
    url: CHART_PAGE,
    headers: [
      ['Cookie', cookies.join('; ')],
      ['Accept', 'text/html'],
    ],
    omitted: 'the page holds the account’s token and name',
    read: (status, body) => readPage(status, body, credentials),
  }
}

function readPage(
  status: number,
  body: string,
  credentials: Credentials,
): { readonly credentials: Credentials } | Refusal {
  if (status !== 200) return pageRefusal(status)
  // "user":{…,"auth_token":"eyJ…",…}: also where the JSON stands escaped in a script.
  const token = unescaped(AUTH_TOKEN.exec(body)?.[1] ?? '')
  if (token !== '' && token !== GUEST_TOKEN && token !== WIDGET_TOKEN) {
    return isToken(token) ? { credentials: { token } } : NO_TOKEN
  }
  const signHint = credentials['sessionidSign'] === undefined ? ' (sessionid_sign is missing)' : ''
  return {
    reason: `the chart page takes us for a guest: the cookie is expired or wrong${signHint}`,
    next: 'copy sessionid and sessionid_sign from a logged-in browser again, or give neither and record as guest',
  }
}

const AUTH_TOKEN =
  /\\{0,4}"auth_token\\{0,4}"\s{0,9}:\s{0,9}\\{0,4}"((?:[^"\\]|\\{1,4}(?:\/|u00[0-9a-fA-F]{2})){1,8192})\\{0,4}"/

/** `\/` and `\u002f`, as PHP and careful servers write them into a page. */
function unescaped(text: string): string {
  return text
    .replace(/\\+\//g, '/')
    .replace(/\\+u00([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** What can be sent, and be found again wherever the venue repeats it: shorter values would eat ordinary text. */
function isToken(token: string): boolean {
  return /^[\x21-\x7e]{6,}$/.test(token) && /[A-Za-z0-9]/.test(token)
}

const NO_TOKEN: Refusal = {
  reason:
    'what the chart page gives as auth_token is no token: shorter than 6 characters, or not printable ASCII',
  next: 'the page may have changed; give FEEDTAPE_TRADINGVIEW_TOKEN instead, or record as guest',
}

function pageRefusal(status: number): Refusal {
  if (status === 429) {
    return {
      reason: 'the chart page answers 429: too many requests',
      next: 'wait some minutes, then try again',
    }
  }
  if (status === 403) {
    return {
      reason: 'the chart page answers 403: it does not serve this address or client',
      next: 'give FEEDTAPE_TRADINGVIEW_TOKEN from a logged-in browser instead, or record as guest',
    }
  }
  if (status >= 300 && status < 400) {
    return {
      reason: `the chart page answers ${status}: it sends us elsewhere, most likely to the login`,
      next: 'copy sessionid and sessionid_sign from a logged-in browser again',
    }
  }
  return { reason: `the chart page answers ${status}`, next: 'try again later, or record as guest' }
}

export interface TokenFacts {
  readonly standing: Standing
  readonly expires?: EpochMicros
}

/** What a token says about itself. Only its end is read: no claim of it is ever shown. */
export function readToken(token: string): TokenFacts {
  if (token === GUEST_TOKEN) return { standing: 'guest' }
  if (token === WIDGET_TOKEN) return { standing: 'widget' }
  const expires = expiryOf(token)
  return expires === undefined ? { standing: 'login' } : { standing: 'login', expires }
}

function expiryOf(token: string): EpochMicros | undefined {
  const payload = token.split('.')[1]
  if (payload === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    const exp = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined
    return typeof exp === 'number' && Number.isFinite(exp) ? Math.round(exp * 1_000_000) : undefined
  } catch {
    return undefined
  }
}
