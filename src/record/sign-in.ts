import type { Credentials, Refusal, TokenExchange } from '../feeds/index.ts'
import type { EpochMicros } from '../model/time.ts'
import { type Failure, failureOf, retryAfterOf } from './failure.ts'
import type { Recording } from './recording.ts'

const PATIENCE_MS = 15_000

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
  const result = exchange.read(response.status, body)
  if ('credentials' in result) learnCredentials(recording, result.credentials)
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

type Answer = { readonly response: Response; readonly body: string } | { readonly error: unknown }

async function ask(exchange: TokenExchange, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(exchange.url, {
      method: exchange.method,
      headers: exchange.headers.map(([name, value]): [string, string] => [name, value]),
      // A redirect would carry the cookie along.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    })
    return { response, body: await response.text() }
  } catch (error) {
    return { error }
  }
}

export function learnCredentials(recording: Recording, credentials: Credentials): void {
  for (const [key, value] of Object.entries(credentials)) {
    recording.redactor.learn({ value, place: `credential ${key}` })
  }
}
