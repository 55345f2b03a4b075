import type { HttpAnswer, HttpRequest } from '../../src/feeds/index.ts'
import { type Random, randomInteger } from '../../src/model/random.ts'
import { hostileJson, pick, retoldJson, woundedText, woundedUrl } from './fuzz-hostile.ts'

export const STATUSES = [100, 200, 204, 301, 400, 401, 403, 404, 408, 423, 429, 500, 503, 599]
const HEADER_NAMES = [
  'content-type',
  'Retry-After',
  'set-cookie',
  'cookie',
  'authorization',
  '__proto__',
  '',
  'x',
]

export function hostileHeaders(random: Random): readonly (readonly [string, string])[] {
  return Array.from({ length: randomInteger(random, 0, 3) }, () => [
    pick(random, HEADER_NAMES),
    pick(random, [
      '',
      '1e999',
      '-5',
      'text/html',
      'application/json',
      '\ud800',
      ';;=;',
      'Bearer',
      hostileJson(random),
    ]),
  ])
}

export function hostileRequest(
  random: Random,
  { method, url, headers, body = '' }: HttpRequest,
): HttpRequest {
  return {
    method: random.next() < 0.8 ? method : pick(random, ['GET', 'POST'] as const),
    url: random.next() < 0.5 ? url : woundedUrl(random, url),
    headers: random.next() < 0.5 ? headers : hostileHeaders(random),
    ...(random.next() < 0.2 ? {} : { body: hostileText(random, body) }),
  }
}

export function hostileAnswer(random: Random, { status, headers, body = '' }: HttpAnswer): HttpAnswer {
  return {
    status: random.next() < 0.5 ? status : pick(random, STATUSES),
    headers: random.next() < 0.5 ? headers : hostileHeaders(random),
    ...(random.next() < 0.1 ? {} : { body: hostileText(random, body) }),
  }
}

/** Of one body, retold, wounded or another. */
export function hostileText(random: Random, text: string): string {
  const draw = random.next()
  if (draw < 0.6) return retoldJson(random, text)
  return draw < 0.85 ? woundedText(random, text, text) : hostileJson(random)
}
