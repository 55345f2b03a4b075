import type {
  CredentialSpec,
  Credentials,
  Feed,
  Postponed,
  Refusal,
  SignedIn,
  TokenExchange,
} from '../feeds/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import { type HeaderList, MIN_SECRET_LENGTH } from '../tape/index.ts'
import { type Agents, ask } from './ask.ts'
import { readBody } from './body.ts'
import { Deadline } from './deadline.ts'
import { type Failure, failureOf, retryAfterOf } from './failure.ts'
import { headerPairs } from './payload.ts'
import type { Recording } from './recording.ts'

const PATIENCE: Micros = 15_000_000
/** What is longer is no page with a token in it. */
const MOST_BYTES = 8 * 1024 * 1024

export type SignIn =
  | ({ readonly kind: 'signed-in' } & SignedIn)
  /** The answer is "no", and it will stay so. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** A penalty, to be waited out. */
  | ({ readonly kind: 'postponed' } & Postponed)
  /** No answer, or one that passes (429, 5xx): worth another try. */
  | ({ readonly kind: 'failed' } & Failure)

export interface SignInDoors {
  readonly recording: Recording
  readonly feed: Feed
  readonly agents: Agents
  readonly timers: Timers
  readonly now: () => EpochMicros
  readonly signal: AbortSignal
  readonly shared: SharedAnswers
}

/**
 * What was answered to each exchange, and to whom: two feeds of one account sign in once, since each login may end
 * another session. Lives as long as the recording.
 */
export type SharedAnswers = Map<string, SharedAnswer>

interface SharedAnswer {
  readonly answer: Promise<Answer | FailedAnswer>
  readonly users: Set<SignInDoors>
}

type FailedAnswer = Extract<SignIn, { kind: 'failed' }>

/**
 * Turns credentials into others over HTTP, and keeps the exchange on the tape without its bodies.
 */
export async function signIn(doors: SignInDoors, exchange: TokenExchange): Promise<SignIn> {
  const { method, url, headers, body } = exchange
  const key = JSON.stringify([method, url, headers, body])
  const earlier = doors.shared.get(key)
  if (earlier !== undefined && !earlier.users.has(doors)) {
    earlier.users.add(doors)
    const answer = await earlier.answer
    const result = answer.kind === 'failed' ? answer : meaningOf(doors, exchange, answer)
    if (result.kind !== 'failed' && !isOver(result, doors.now())) return result
  }
  const { promise, resolve } = Promise.withResolvers<Answer | FailedAnswer>()
  doors.shared.set(key, { answer: promise, users: new Set([doors]) })
  return await signInAnew(doors, exchange, resolve)
}

function isOver(result: SignIn, now: EpochMicros): boolean {
  return result.kind === 'signed-in' && result.expires !== undefined && result.expires <= now
}

async function signInAnew(
  doors: SignInDoors,
  exchange: TokenExchange,
  onAnswer: (answer: Answer | FailedAnswer) => void,
): Promise<SignIn> {
  const { feed, recording } = doors
  const ids = { conn: recording.nextConnection(feed), exchange: recording.nextExchange() }
  const { body, method, omitted, url } = exchange
  const answer = await answerTo(doors, exchange, headers => {
    const request = { kind: 'request', ...ids, feed: feed.name, method, url, headers } as const
    recording.append(body === undefined ? request : { ...request, omitted })
  })
  onAnswer(answer)
  if (answer.kind === 'failed') {
    const { cause, reason } = answer
    recording.append({ kind: 'fail', conn: ids.conn, feed: feed.name, url, cause, reason })
    return answer
  }
  const { headers, status } = answer
  const result = meaningOf(doors, exchange, answer)
  recording.append({ kind: 'response', ...ids, status, headers, omitted })
  return result
}

/** Learned by the redactor before anything else sees it. */
function meaningOf({ feed, now, recording }: SignInDoors, exchange: TokenExchange, answer: Answer): SignIn {
  const { body, status } = answer
  const read = body === undefined ? BEYOND : exchange.read(status, body, now())
  const result = resultOf(recording, feed, read)
  if ('credentials' in result) return { kind: 'signed-in', ...result }
  if ('wait' in result) return { kind: 'postponed', ...result }
  if (status !== 429 && status < 500) return { kind: 'refused', refusal: result }
  const retryAfter = retryAfterOf(answer.retryAfter, now())
  const until = retryAfter === undefined ? {} : { retryAfter }
  return { kind: 'failed', cause: 'rejected', reason: result.reason, status, ...until }
}

/** Learned, or refused where it could not be hidden. */
function resultOf(recording: Recording, feed: Feed, read: ReturnType<TokenExchange['read']>): typeof read {
  if (!('credentials' in read)) return read
  try {
    learnCredentials(recording, feed.session.credentials, read.credentials)
    return read
  } catch (thrown) {
    if (!(thrown instanceof FeedtapeError)) throw thrown
    return { reason: `what was given for the credentials is no token: ${thrown.expected}`, next: BEYOND.next }
  }
}

const BEYOND: Refusal = {
  reason: `the page that should give a token is beyond ${MOST_BYTES / 1024 / 1024} MiB`,
  next: 'give the token itself instead, or record as guest',
}

interface Answer {
  readonly kind: 'answered'
  readonly status: number
  readonly headers: HeaderList
  readonly retryAfter: string | undefined
  /** `undefined` where it is beyond what is read. */
  readonly body: string | undefined
}

async function answerTo(
  { agents, recording, signal, timers }: SignInDoors,
  exchange: TokenExchange,
  onSent: (headers: HeaderList) => void,
): Promise<Answer | FailedAnswer> {
  const { host } = new URL(exchange.url)
  const deadline = new Deadline(timers, PATIENCE, signal)
  try {
    const { userAgent } = recording
    const response = await ask({ request: exchange, agents, userAgent, signal: deadline.signal, onSent })
    const { bytes, cut } = await readBody(response, MOST_BYTES)
    if (cut?.kind === 'ended') return { kind: 'failed', ...failureOf(cut.error, host) }
    if (cut?.kind === 'broken') return { kind: 'failed', cause: 'other', reason: cut.reason }
    return {
      kind: 'answered',
      status: response.statusCode ?? 0,
      headers: headerPairs(response.rawHeaders),
      retryAfter: response.headers['retry-after'],
      body: cut === undefined ? bytes.toString('utf8') : undefined,
    }
  } catch (error) {
    return { kind: 'failed', ...failureOf(error, host) }
  } finally {
    deadline.end()
  }
}

/** Throws where a secret could not be hidden on the tape: it must not be sent. */
export function learnCredentials(
  recording: Recording,
  specs: readonly CredentialSpec[],
  credentials: Credentials,
): void {
  for (const [key, value] of Object.entries(credentials)) {
    const isName = specs.some(spec => spec.key === key && spec.isName)
    if (recording.learn({ value, place: `credential ${key}` }) || isName) continue
    throw new FeedtapeError('bad-config', 'this credential cannot be hidden on the tape', {
      where: key,
      expected: `at least ${MIN_SECRET_LENGTH} characters, a letter or digit among them`,
      next: 'copy the value again, or record as guest',
    })
  }
}
