import { FeedtapeError } from '../../model/errors.ts'
import type {
  ClientSession,
  CredentialSpec,
  Credentials,
  OptionSpec,
  SessionOptions,
  SessionPlan,
  SessionStep,
} from '../feed.ts'
import { createReplies } from './replies.ts'

export const URL_OF_VENUE = 'wss://trademanagergroup.com:5000/ws'

const CREDENTIALS: readonly CredentialSpec[] = [
  {
    key: 'user',
    variable: 'FEEDTAPE_TRADE_MANAGER_USER',
    meaning: 'the user of the page’s AUTH message (browser tools, network, ws, the first message sent)',
    isName: true,
  },
  { key: 'token', variable: 'FEEDTAPE_TRADE_MANAGER_TOKEN', meaning: 'the token of the same message' },
]

const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'account',
    meaning:
      'the number of an account to set up (ACCSETUP) behind the greeting; the page does so on connections of its own',
    value: '',
    refuse: value => (/^\d{0,15}$/.test(value) ? undefined : 'an account is a number of up to 15 digits'),
  },
]

/** Of the page: `{"type":"PING"}`, to which no answer is known. */
const PING_EVERY = 25_000_000

/**
 * The venue has no heartbeat that is known, and a closed market is silent. A dead line is noticed all the same: a
 * PING that is not acknowledged ends the socket within this time (tcp_retries2), so that it is the bound here too.
 */
const SILENCE = 900_000_000

export const session: SessionPlan = {
  credentials: CREDENTIALS,
  options: OPTIONS,
  // No message of a client names what it wants to be told.
  needsSymbols: false,
  exchange: refuseNothing,
  start: startSession,
}

/** There is nothing to exchange; who has set nothing is told before anybody connects. */
function refuseNothing({ user, token }: Credentials): undefined {
  if (user !== undefined || token !== undefined) return
  throw new FeedtapeError('bad-config', 'Trade Manager takes nobody in without a user and a token', {
    where: 'trade-manager',
    expected: `${USER_VARIABLE} and ${TOKEN_VARIABLE}`,
    found: 'neither',
    next: HOW_TO_SET,
  })
}

const USER_VARIABLE = 'FEEDTAPE_TRADE_MANAGER_USER'
const TOKEN_VARIABLE = 'FEEDTAPE_TRADE_MANAGER_TOKEN'
const HOW_TO_SET = `set ${USER_VARIABLE} and ${TOKEN_VARIABLE} to user and token of the page’s own AUTH message`

function startSession({ symbols, credentials, url, options }: SessionOptions): ClientSession {
  const { user, token } = credentials
  const account = options?.['account'] ?? ''
  const replies = createReplies(user, account)
  return {
    url: url ?? URL_OF_VENUE,
    headers: {},
    standing: 'login',
    warning:
      'this signs in as you: the venue may end your browser’s session (“Logged in from another location”), and ' +
      'the browser may end this one',
    silence: SILENCE,
    beat: { every: PING_EVERY, send: () => [{ kind: 'send', text: '{"type":"PING"}' }] },
    opened() {
      if (!user || !token) return [incomplete(user)]
      const auth: SessionStep = { kind: 'send', text: JSON.stringify({ type: 'AUTH', user, token }) }
      return [...noteOf(symbols), auth]
    },
    received: replies.to,
  }
}

function incomplete(user: string | undefined): SessionStep {
  const missing = user ? TOKEN_VARIABLE : USER_VARIABLE
  return { kind: 'refused', final: true, reason: `${missing} is not set: nothing was sent`, next: HOW_TO_SET }
}

function noteOf(symbols: readonly string[]): readonly SessionStep[] {
  if (symbols.length === 0) return []
  const text = `this wire sends what the account watches: ${symbols.join(', ')} cannot be asked for`
  return [{ kind: 'note', text }]
}
