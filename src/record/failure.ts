import type { IncomingMessage } from 'node:http'
import type { Micros } from '../model/time.ts'
import type { Fail } from '../tape/index.ts'

export interface Failure {
  readonly cause: Fail['cause']
  readonly reason: string
  /** Of an HTTP answer that was no upgrade. */
  readonly status?: number
  /** How long the venue asks us to stay away. */
  readonly retryAfter?: Micros
  /** More came than is taken in. */
  readonly isTooLarge?: true
  /** The answer is "no", whatever its status. */
  readonly isRefusal?: true
}

const CAUSES: ReadonlyMap<string, Fail['cause']> = new Map([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['EAI_FAIL', 'dns'],
  ['ECONNREFUSED', 'refused'],
  ['ETIMEDOUT', 'timeout'],
  ['ESOCKETTIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['ABORT_ERR', 'timeout'],
  ['EPROTO', 'tls'],
])

/**
 * Told by its code, not by its message: that of a socket carries the peer's address, and that of a header
 * carries the header's value.
 */
export function failureOf(error: unknown, host: string): Failure {
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : ''
  const cause =
    code === undefined ? (/timed out|timeout/i.test(message) ? 'timeout' : 'other') : causeOf(code)
  const reasons: Readonly<Record<Fail['cause'], string>> = {
    dns: `no address found for ${host}`,
    refused: `${host} refuses the connection`,
    timeout: `${host} did not answer in time`,
    tls: `no safe connection to ${host}`,
    rejected: `${host} rejects us`,
    // What `ws` says about a handshake holds no address and no header of ours.
    other:
      code === undefined && /^[\w :,./'-]{1,120}$/.test(message) ? message : `connection to ${host} failed`,
  }
  return { cause, reason: code === undefined ? reasons[cause] : `${reasons[cause]} (${code})` }
}

function causeOf(code: string): Fail['cause'] {
  return CAUSES.get(code) ?? (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_/.test(code) ? 'tls' : 'other')
}

/** fetch wraps the socket's error once or twice; two addresses of one host give an AggregateError. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0])
  if ('name' in error && error.name === 'TimeoutError') return 'ETIMEDOUT'
  return 'cause' in error ? codeOf(error.cause) : undefined
}

/** An upgrade that was answered like any other request. */
export function rejectionOf(response: IncomingMessage, now: number): Failure {
  return answerFailure(response.statusCode ?? 0, response.headers['retry-after'], now)
}

/** An answer by whose status alone it is of no use. */
export function answerFailure(status: number, retryAfterHeader: string | undefined, now: number): Failure {
  const retryAfter = retryAfterOf(retryAfterHeader, now)
  const asked =
    retryAfter === undefined ? '' : `, and asks for ${Math.ceil(retryAfter / 1_000_000)} s of peace`
  return {
    cause: 'rejected',
    reason: `the venue answers ${status} ${meaningOf(status)}${asked}`,
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
}

function meaningOf(status: number): string {
  if (status === 429) return '(too many connections or requests)'
  if (status === 401 || status === 403) return '(it does not let this address, origin or credential in)'
  if (status === 404) return '(there is nothing at this address)'
  if (status >= 500) return '(it has trouble of its own)'
  if (status >= 300 && status < 400) return '(it sends us elsewhere, where we do not go)'
  return '(not what was asked for)'
}

/** No venue is waited for longer than this: whoever watches should rather decide. */
const LONGEST_WAIT = 3_600_000_000

/** Whole seconds, or a date (RFC 9110 10.2.3); a part of a second is understood as well. `now` is the wall clock in µs. */
export function retryAfterOf(value: string | null | undefined, now: number): Micros | undefined {
  if (value === undefined || value === null) return undefined
  const isDate = /^[A-Za-z]{3,9},? /.test(value)
  const date = isDate ? Date.parse(value) * 1000 - now : Number.NaN
  const wait = /^\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) * 1_000_000 : date
  return Number.isFinite(wait) ? Math.min(Math.max(Math.round(wait), 0), LONGEST_WAIT) : undefined
}
