import type {
  CredentialSpec,
  Credentials,
  Decoder,
  HttpAnswer,
  HttpConversationPlan,
  HttpFeed,
  HttpSession,
  HttpStep,
  HttpTurn,
  TokenExchange,
} from '../../src/feeds/index.ts'
import type { Micros } from '../../src/model/time.ts'

export interface SmallFeedOptions {
  readonly pace?: Micros
  readonly fastest?: Micros
  readonly patience?: Micros
  readonly isStream?: true
  /** It has asked all that it wants after so many requests. */
  readonly requests?: number
  readonly warning?: string
  exchange?(credentials: Credentials): TokenExchange | undefined
  renew?(credentials: Credentials): TokenExchange
}

export const SMALL_CREDENTIALS: readonly CredentialSpec[] = [
  { key: 'user', variable: 'FEEDTAPE_SMALL_USER', meaning: 'the name', isName: true },
  { key: 'password', variable: 'FEEDTAPE_SMALL_PASSWORD', meaning: 'the password', isFree: true },
  { key: 'token', variable: 'FEEDTAPE_SMALL_TOKEN', meaning: 'a token' },
]

/** An HTTP feed of the tests' own, as small as one can be: `GET /price?symbol=A` gives `{"A":"1.5"}`. */
export function smallFeed(options: SmallFeedOptions = {}): HttpFeed {
  const { exchange, fastest = 1_000, pace = 5_000, renew } = options
  return {
    name: 'small',
    title: 'a feed of the tests',
    transport: 'http',
    url: 'http://127.0.0.1:9',
    matches: () => false,
    recognise: () => undefined,
    kinds: [],
    createDecoder,
    secrets: { find: () => [], harmless: [] },
    encode: { carry: () => ({ request: REQUEST }), message: () => undefined, cannot: {} },
    conversation,
    session: {
      credentials: SMALL_CREDENTIALS,
      options: [
        {
          name: 'path',
          meaning: 'what is asked',
          value: '/price',
          refuse: value => (value.startsWith('/') ? undefined : 'it begins with /'),
        },
      ],
      pace,
      fastest,
      ...(exchange === undefined ? {} : { exchange }),
      ...(renew === undefined ? {} : { renew }),
      start: ({ credentials, options: chosen = {}, symbols, url = '' }) =>
        startSession(`${url}${chosen['path']}?symbol=${symbols.join(',')}`, credentials, options),
    },
  }
}

const REQUEST = { method: 'GET', url: 'http://127.0.0.1:9/price', headers: [] } as const

function startSession(
  url: string,
  { token }: Credentials,
  { isStream, patience = 2_000_000, requests = Number.POSITIVE_INFINITY, warning }: SmallFeedOptions,
): HttpSession {
  let left = requests
  return {
    url,
    standing: token === undefined ? 'guest' : 'login',
    patience,
    ...(warning === undefined ? {} : { warning }),
    next(): HttpTurn | undefined {
      left -= 1
      if (left < 0) return undefined
      const headers = token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const]
      return { request: { method: 'GET', url, headers }, ...(isStream === undefined ? {} : { isStream }) }
    },
    answered: answer => stepsOf(answer),
  }
}

function stepsOf({ body = '{', status }: HttpAnswer): readonly HttpStep[] {
  if (status === 401) {
    return [{ kind: 'refused', final: true, reason: 'the token is not taken', next: 'take another' }]
  }
  if (status !== 200) return []
  if (body.startsWith('{')) return [{ kind: 'accepted' }]
  return [{ kind: 'refused', final: false, reason: 'a page of HTML', next: 'open it in a browser' }]
}

function createDecoder(): Decoder {
  return {
    decode(entry, sink) {
      if (entry.kind !== 'response' || !('text' in entry)) return
      const name = /"([^"]+)":"1\.5"/.exec(entry.text)?.[1]
      if (name === undefined) return
      const session = 'small'
      sink.observe({ kind: 'quote', session, name, fields: { last: { mantissa: 15, scale: 1 } } }, 0)
    },
  }
}

/** `/price` answers at once, `/stream` says how the market moves until somebody hangs up. */
const conversation: HttpConversationPlan = {
  answers: path => path === '/price' || path === '/stream',
  beatEvery: 60_000_000,
  meanings: ({ url }) => [url],
  start: () => ({
    answer({ url }) {
      const { pathname, searchParams } = new URL(url)
      const headers = [['content-type', 'application/json']] as const
      if (pathname === '/stream') return { status: 200, headers, isStream: true }
      return { status: 200, headers, body: `{"${searchParams.get('symbol')}":"1.5"}` }
    },
    moved: (name, fields) => [`${JSON.stringify({ name, fields: Object.keys(fields), é: '𝒂' })}\n`],
    beat: () => ['\n'],
  }),
}
