import { expect, test } from 'vitest'
import { seededRandom } from '../../src/model/random.ts'
import { createBackoff } from '../../src/record/backoff.ts'
import { failureOf, retryAfterOf } from '../../src/record/failure.ts'
import { NOON } from './manual-time.ts'

function coded(code: string, message = 'connect 203.0.113.9:443'): Error {
  return Object.assign(new Error(message), { code })
}

test.each([
  [coded('ENOTFOUND', 'getaddrinfo ENOTFOUND nowhere'), 'dns'],
  [coded('EAI_AGAIN'), 'dns'],
  [coded('ECONNREFUSED'), 'refused'],
  [coded('ETIMEDOUT'), 'timeout'],
  [new Error('Opening handshake has timed out'), 'timeout'],
  [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls'],
  [coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls'],
  [coded('ECONNRESET'), 'other'],
  [new AggregateError([coded('ECONNREFUSED')]), 'refused'],
  [new TypeError('fetch failed', { cause: coded('ENOTFOUND') }), 'dns'],
  [undefined, 'other'],
])('%s is a failure by %s', (error, cause) => {
  const failure = failureOf(error, 'venue.example')
  expect(failure.cause).toBe(cause)
  expect(failure.reason).not.toContain('203.0.113.9')
  expect(failure.reason).not.toBe('')
})

test('what a header’s error says is not repeated, for it holds the header', () => {
  const error = new TypeError('Invalid value "sessionid=abc" for header "cookie"')
  expect(failureOf(error, 'venue.example').reason).toBe('connection to venue.example failed')
})

test.each([
  [undefined, undefined],
  ['', undefined],
  ['soon', undefined],
  ['-5', undefined],
  ['0', 0],
  ['30', 30_000_000],
  ['999999999', 3_600_000_000],
  ['Fri, 20 Nov 2026 12:00:10 GMT', 10_000_000],
  ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
])('Retry-After %j means %s µs', (value, wait) => {
  expect(retryAfterOf(value, NOON)).toBe(wait)
})

test('pauses are anywhere below 1, 2, 4 … 60 s', () => {
  const backoff = createBackoff({ next: () => 0.999999 })
  const seconds = Array.from({ length: 9 }, () => Math.round(backoff.next() / 1_000_000))
  expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
  backoff.reset()
  expect(Math.round(backoff.next() / 1_000_000)).toBe(1)
  const jittered = createBackoff(seededRandom(3))
  expect(new Set(Array.from({ length: 5 }, () => jittered.next())).size).toBe(5)
})
