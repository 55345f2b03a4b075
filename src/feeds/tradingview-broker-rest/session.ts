import { FeedtapeError } from '../../model/errors.ts'
import type { HeaderList } from '../../tape/entry.ts'
import type { HttpAnswer, HttpSession, HttpSessionPlan, HttpStep, HttpTurn } from '../http-plan.ts'
import type { CredentialSpec } from '../sign-in.ts'
import type { OptionSpec, SessionOptions } from '../socket-plan.ts'
import { createReception, notes } from '../tradingview/reception.ts'
import { peaceAskedFor } from '../tradingview/retry-after.ts'
import { USER_AGENT } from '../tradingview/user-agent.ts'
import { readAnswer } from './read-answer.ts'
import { ENDPOINTS, readRequest } from './request.ts'

/** A stream beats every 5 s where the broker's specification is new; older ones are as silent as their market. */
const PATIENCE = 60_000_000
const PACE = 1_000_000
const FASTEST = 200_000

/** Names in one request of /quotes, where the user names none. */
const MOST_NAMES = 100

const CREDENTIALS: readonly CredentialSpec[] = [
  {
    key: 'token',
    variable: 'FEEDTAPE_BROKER_TOKEN',
    meaning: 'the broker’s own access token, sent as Authorization: Bearer',
  },
  {
    key: 'accountId',
    variable: 'FEEDTAPE_BROKER_ACCOUNT_ID',
    meaning: 'the account that a broker wants named in /quotes',
    isName: true,
  },
]

const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'mode',
    meaning: 'stream for /streaming, quotes to ask /quotes again and again',
    value: 'stream',
    refuse: value => (value === 'stream' || value === 'quotes' ? undefined : 'expected stream or quotes'),
  },
  {
    name: 'group',
    meaning: 'only this group of /symbol_info; empty asks for all',
    value: '',
    refuse: value => (/^[\w.-]{0,60}$/.test(value) ? undefined : 'a group is letters, digits and _ . -'),
  },
]

export const session: HttpSessionPlan = {
  credentials: CREDENTIALS,
  options: OPTIONS,
  needsSymbols: false,
  pace: PACE,
  fastest: FASTEST,
  start: startSession,
}

/** First what there is, then what it does: a stream of all of it, or polls of what is named. */
function startSession({ credentials, options, symbols, url }: SessionOptions): HttpSession {
  const base = baseOf(url)
  const { accountId, token } = credentials
  const headers: HeaderList = [
    USER_AGENT,
    ['Accept', 'application/json'],
    ...(token ? [['Authorization', `Bearer ${token}`] as const] : []),
  ]
  const isPolling = options?.['mode'] === 'quotes'
  const reception = createReception()
  let known: readonly string[] | undefined

  function turn(endpoint: string, query: Readonly<Record<string, string>>): HttpTurn {
    const search = new URLSearchParams(query).toString()
    const address = `${base}/${endpoint}${search === '' ? '' : `?${search}`}`
    return { request: { method: 'GET', url: address, headers } }
  }

  function next(): HttpTurn | undefined {
    const group = options?.['group'] ?? ''
    if (known === undefined) {
      return { ...turn('symbol_info', group === '' ? {} : { group }), pause: FASTEST }
    }
    if (!isPolling) return { ...turn('streaming', {}), isStream: true }
    const names = symbols.length > 0 ? symbols : known.slice(0, MOST_NAMES)
    if (names.length === 0) return undefined
    const account = accountId ? { accountId } : {}
    return turn('quotes', { locale: 'en', ...account, symbols: names.join(',') })
  }

  function answered(answer: HttpAnswer, { request }: HttpTurn): readonly HttpStep[] {
    const { body: text = '', headers: said, status } = answer
    const asked = readRequest(request.url)
    const read = readAnswer({ status, text }, asked)
    const [{ disposition, kind, reason = '' }] = read.findings
    if (kind === 'too many requests') {
      return notes([`the broker answers 429, too many requests${peaceAskedFor(said)}`])
    }
    const isGood = disposition === 'read' || disposition === 'status' || read.observations.length > 0
    if (!isGood) return reception.bad(`the broker’s answer cannot be used: ${reason}`, NEXT)
    const steps = reception.good()
    const flaws = disposition === 'malformed' ? [`not all of the answer could be used: ${reason}`] : []
    if (asked.kind !== 'symbol_info') return [...steps, ...notes(flaws)]
    known = read.observations.map(({ name }) => name)
    const strangers = symbols.filter(name => known?.includes(name) === false)
    const missing = strangers.length === 0 ? [] : [`the broker lists no ${strangers.slice(0, 5).join(', ')}`]
    return [...steps, ...notes([...flaws, ...missing])]
  }

  return { url: base, standing: token ? 'login' : 'guest', patience: PATIENCE, next, answered }
}

const NEXT = 'look at the address, and at the token: the broker wants one where it answers 401'

/** With what a broker puts in front of its endpoints, without an endpoint of it. Throws `usage`. */
function baseOf(url: string | undefined): string {
  const parsed = URL.parse(url ?? '')
  if (parsed === null) {
    throw new FeedtapeError('usage', 'this wire has no address of its own: each broker has one', {
      where: 'tradingview-broker-rest',
      next: 'name the broker’s address with --url',
    })
  }
  const path = parsed.pathname.replace(/\/+$/, '')
  const endpoint = ENDPOINTS.find(one => path.endsWith(`/${one}`))
  return `${parsed.origin}${endpoint === undefined ? path : path.slice(0, -endpoint.length - 1)}`
}
