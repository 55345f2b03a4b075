import type { EpochMicros } from '../../model/time.ts'
import type { HeaderList } from '../../tape/entry.ts'
import type {
  ChosenOptions,
  CredentialSpec,
  Credentials,
  Postponed,
  Refusal,
  SignedIn,
  TokenExchange,
} from '../feed.ts'
import { environmentOf, restUrl } from './environment.ts'
import { isRecord, penaltyOf, shownWords } from './reply.ts'
import { timeFromWire } from './time.ts'

/** Which of the two tokens of one login a socket wants. */
export type TokenKey = 'token' | 'mdToken'

/** An md socket wants `mdToken`, the user's socket `token`. Both feeds have the same list: one login gives both. */
export const CREDENTIALS: readonly CredentialSpec[] = [
  {
    key: 'token',
    variable: 'FEEDTAPE_TRADOVATE_TOKEN',
    meaning: 'accessToken of a login that exists: for the user socket, and to renew; it wins over a name',
  },
  {
    key: 'mdToken',
    variable: 'FEEDTAPE_TRADOVATE_MD_TOKEN',
    meaning: 'mdAccessToken of the same login: for market data; it wins over a name',
  },
  {
    key: 'name',
    variable: 'FEEDTAPE_TRADOVATE_NAME',
    meaning: 'user name, for a login of our own: it takes one of the two sessions that a user has',
    isName: true,
  },
  { key: 'password', variable: 'FEEDTAPE_TRADOVATE_PASSWORD', meaning: 'its password', isFree: true },
  {
    key: 'appId',
    variable: 'FEEDTAPE_TRADOVATE_APP_ID',
    meaning: 'name of the application that the API key was made for',
    isName: true,
  },
  {
    key: 'appVersion',
    variable: 'FEEDTAPE_TRADOVATE_APP_VERSION',
    meaning: 'its version',
    isName: true,
  },
  { key: 'cid', variable: 'FEEDTAPE_TRADOVATE_CID', meaning: 'client id of the API key', isName: true },
  { key: 'sec', variable: 'FEEDTAPE_TRADOVATE_SEC', meaning: 'secret of the API key' },
  {
    key: 'deviceId',
    variable: 'FEEDTAPE_TRADOVATE_DEVICE_ID',
    meaning: 'an id of this machine, the same each time',
    isName: true,
  },
]

const OMITTED = 'holds the password, the tokens or the user’s name'

const NEW_SESSION =
  'a new login takes one of the two sessions that Tradovate allows: a third ends the oldest, also a running bot’s; ' +
  'with FEEDTAPE_TRADOVATE_TOKEN and FEEDTAPE_TRADOVATE_MD_TOKEN of a session that exists, none is taken'

const JSON_HEADERS: HeaderList = [
  ['Content-Type', 'application/json'],
  ['Accept', 'application/json'],
]

/** More penalties than that one after another: somebody should look. */
const MOST_PENALTIES = 3

/** POST /auth/accesstokenrequest, where `wanted` was not given and a name and a password were. */
export function loginFor(
  wanted: TokenKey,
  credentials: Credentials,
  options?: ChosenOptions,
): TokenExchange | undefined {
  const { name, password } = credentials
  if (credentials[wanted] !== undefined || name === undefined || password === undefined) return undefined
  return login(wanted, loginBody(credentials), options, 0)
}

/** Only what was given: the API wants name and password, and the rest of clients with a key of their own. */
function loginBody({ name, password, appId, appVersion, cid, sec, deviceId }: Credentials): object {
  return { name, password, appId, appVersion, cid, sec, deviceId }
}

function login(
  wanted: TokenKey,
  body: object,
  options: ChosenOptions | undefined,
  penalties: number,
): TokenExchange {
  return {
    method: 'POST',
    url: `${restUrl(environmentOf(options))}/auth/accesstokenrequest`,
    headers: JSON_HEADERS,
    body: JSON.stringify(body),
    omitted: OMITTED,
    warning: NEW_SESSION,
    read: (status, text) => {
      const again = (ticket: string): TokenExchange =>
        login(wanted, { ...body, 'p-ticket': ticket }, options, penalties + 1)
      return readLogin(wanted, status, text, penalties < MOST_PENALTIES ? again : undefined)
    },
  }
}

/**
 * GET /auth/renewaccesstoken: the session stays the same one, where a new login would take another.
 * The answer's expirationTime counts; 90 minutes and 24 hours are both told of, and neither is relied on.
 */
export function renewalFor(
  wanted: TokenKey,
  credentials: Credentials,
  options?: ChosenOptions,
): TokenExchange {
  const bearer = credentials['token'] ?? credentials['mdToken'] ?? ''
  return {
    method: 'GET',
    url: `${restUrl(environmentOf(options))}/auth/renewaccesstoken`,
    headers: [
      ['Authorization', `Bearer ${bearer}`],
      ['Accept', 'application/json'],
    ],
    omitted: OMITTED,
    read(status, text) {
      const result = readLogin('token', status, text, undefined)
      if (!('credentials' in result)) return result
      // mdAccessToken is in no official schema, and a renewal may leave it out: then the one from before goes on.
      const before = credentials['mdToken']
      const kept = before === undefined ? {} : { mdToken: before }
      const tokens: Credentials = { ...kept, ...result.credentials }
      return tokens[wanted] === undefined ? missing(wanted) : { ...result, credentials: tokens }
    },
  }
}

function readLogin(
  wanted: TokenKey,
  status: number,
  text: string,
  again: ((ticket: string) => TokenExchange) | undefined,
): SignedIn | Refusal | Postponed {
  if (status !== 200) return refusalByStatus(status)
  const body = parsed(text)
  if (!isRecord(body)) return NO_ANSWER
  const penalty = penaltyOf(body)
  if (penalty !== undefined) {
    if (penalty.isCaptcha) return CAPTCHA
    if (again === undefined) return STILL_PENALISED
    const wait = Math.ceil(penalty.seconds * 1_000_000)
    const why = `Tradovate wants ${penalty.seconds} s waited out before a login (a penalty ticket)`
    return { wait, why, afterwards: again(penalty.ticket) }
  }
  const { errorText, accessToken, mdAccessToken, expirationTime } = body
  if (typeof errorText === 'string' && errorText !== '') return refusalByText(errorText)
  if (typeof accessToken !== 'string' || !isToken(accessToken)) return missing('token')
  const mdToken =
    typeof mdAccessToken === 'string' && isToken(mdAccessToken) ? { mdToken: mdAccessToken } : {}
  const tokens: Credentials = { token: accessToken, ...mdToken }
  if (tokens[wanted] === undefined) return missing(wanted)
  const expires: EpochMicros | undefined = timeFromWire(expirationTime)
  return expires === undefined ? { credentials: tokens } : { credentials: tokens, expires }
}

/** What can stand on a line of its own in a request, and be found again wherever it is repeated. */
function isToken(text: string): boolean {
  return /^[\x21-\x7e]{6,8192}$/.test(text)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const NO_ANSWER: Refusal = {
  reason: 'the login’s answer is no JSON object',
  next: 'something stands between here and Tradovate; try again later, or give the tokens of a session that exists',
}

/** `p-captcha: true` cannot be answered by another client than the official one (issue #56, FAQ). */
export const CAPTCHA: Refusal = {
  reason: 'Tradovate wants a captcha, which only its own app can show',
  next: 'log in with the official app, wait about an hour without trying, then record again',
}

const STILL_PENALISED: Refusal = {
  reason: `Tradovate answers with a penalty again, ${MOST_PENALTIES} times waited out or not`,
  next: 'wait about an hour without trying; penalties are counted per endpoint and address',
}

function missing(wanted: TokenKey): Refusal {
  if (wanted === 'token') {
    return {
      reason: 'the answer has no accessToken',
      next: 'try again later, or give FEEDTAPE_TRADOVATE_TOKEN',
    }
  }
  return {
    reason: 'the answer has no mdAccessToken: this login has no market data over the API',
    next: 'it needs the API’s market data (a paid add-on); or give FEEDTAPE_TRADOVATE_MD_TOKEN of a session that has it',
  }
}

function refusalByText(errorText: string): Refusal {
  return {
    reason: `Tradovate refuses the login: ${shownWords(errorText)}`,
    next: 'check the name, the password, the API key and whether it is the demo or the live environment; repeated wrong logins lock the account',
  }
}

function refusalByStatus(status: number): Refusal {
  if (status === 401 || status === 403) {
    return {
      reason: `Tradovate answers ${status}: the token or the key is not taken`,
      next: 'a session that was pushed out by a third login is dead: take its tokens anew, or log in again',
    }
  }
  if (status === 408 || status === 423 || status === 429) {
    return {
      reason: `Tradovate answers ${status}: too many requests, or a session that is closed`,
      next: 'wait some minutes without trying; logins are limited to 10 a minute',
    }
  }
  return { reason: `Tradovate answers ${status}`, next: 'try again later' }
}
