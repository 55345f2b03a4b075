import type { Credentials, Refusal, TokenExchange } from '../feeds/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import type { EpochMicros } from '../model/time.ts'
import { MIN_SECRET_LENGTH } from '../tape/index.ts'
import { type Failure, failureOf, retryAfterOf } from './failure.ts'
import type { Recording } from './recording.ts'

const PATIENCE_MS = 15_000
/** What is longer is no page with a token in it. */
const MOST_BYTES = 8 * 1024 * 1024

export type SignIn =
  | { readonly kind: 'signed-in'; readonly credentials: Credentials }
  /** The answer is "no", and it will stay so. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** No answer, or one that passes (429, 5xx): worth another try. */
  | ({ readonly kind: 'failed' } & Failure)

/**
 * Turns one credential into another over HTTP, and keeps the exchange on the tape without its body.
 * What comes of it is learned by the redactor before anything else sees it.
 */
export async function signIn(
  recording: Recording,
  exchange: TokenExchange,
  now: () => EpochMicros,
  signal: AbortSignal,
): Promise<SignIn> {
  const ids = { conn: recording.nextConnection(), exchange: recording.nextExchange() }
  const { method, url, headers } = exchange
  const feed = recording.feed.name
  recording.append({ kind: 'request', ...ids, feed, method, url, headers })
  const answer = await ask(exchange, signal)
  if ('error' in answer) {
    const failure = failureOf(answer.error, new URL(url).host)
    recording.append({
      kind: 'fail',
      conn: ids.conn,
      feed,
      url,
      cause: failure.cause,
      reason: failure.reason,
    })
    return { kind: 'failed', ...failure }
  }
  const { response, body } = answer
  const result = resultOf(recording, body === undefined ? BEYOND : exchange.read(response.status, body))
  recording.append({
    kind: 'response',
    ...ids,
    status: response.status,
    headers: [...response.headers],
    omitted: exchange.omitted,
  })
  if ('credentials' in result) return { kind: 'signed-in', credentials: result.credentials }
  if (response.status !== 429 && response.status < 500) return { kind: 'refused', refusal: result }
  const retryAfter = retryAfterOf(response.headers.get('retry-after'), now())
  return {
    kind: 'failed',
    cause: 'rejected',
    reason: result.reason,
    status: response.status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
}

/** Learned, or refused where it could not be hidden. */
function resultOf(recording: Recording, read: ReturnType<TokenExchange['read']>): typeof read {
  if (!('credentials' in read)) return read
  try {
    learnCredentials(recording, read.credentials)
    return read
  } catch (thrown) {
    if (!(thrown instanceof FeedtapeError)) throw thrown
    return { reason: `what was given for the cookie is no token: ${thrown.expected}`, next: BEYOND.next }
  }
}

const BEYOND: Refusal = {
  reason: `the page that should give a token is beyond ${MOST_BYTES / 1024 / 1024} MiB`,
  next: 'give the token itself instead, or record as guest',
}

type Answer = { readonly response: Response; readonly body: string | undefined } | { readonly error: unknown }

/** The body is `undefined` where it is beyond what is read. */
async function ask(exchange: TokenExchange, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(exchange.url, {
      method: exchange.method,
      headers: exchange.headers.map(([name, value]): [string, string] => [name, value]),
      // A redirect would carry the cookie along.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    })
    return { response, body: await textOf(response) }
  } catch (error) {
    return { error }
  }
}

async function textOf(response: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    // Leaving the loop calls the rest off.
    if (size > MOST_BYTES) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Throws where one could not be hidden on the tape: it must not be sent. */
export function learnCredentials(recording: Recording, credentials: Credentials): void {
  for (const [key, value] of Object.entries(credentials)) {
    if (recording.learn({ value, place: `credential ${key}` })) continue
    throw new FeedtapeError('bad-config', 'this credential cannot be hidden on the tape', {
      where: key,
      expected: `at least ${MIN_SECRET_LENGTH} characters, a letter or digit among them`,
      next: 'copy the value again, or record as guest',
    })
  }
}
