import type { Random } from '../../model/random.ts'
import { randomAlphanumeric } from '../../model/random.ts'
import type { ConversationOptions, HttpAnswer, HttpConversationPlan, HttpRequest } from '../feed.ts'
import { isRecord } from './reply.ts'
import { timeToWire } from './time.ts'
import { isGoodToken } from './venue.ts'

const LOGIN = '/v1/auth/accesstokenrequest'
const RENEWAL = '/v1/auth/renewaccesstoken'

/** An hour and a half: what the documentation says, so that a client that trusts a constant is seen to be lucky. */
const TOKEN_LIFE = 90 * 60_000_000

/**
 * Logins and renewals of a venue. What it does is told by the name: `penalty…` has to wait a second, `captcha…` is
 * shown one, `nodata…` has no market data; a password that begins with `wrong` is wrong.
 */
export const loginVenue: HttpConversationPlan = {
  answers: path => path === LOGIN || path === RENEWAL,
  beatEvery: 60_000_000,
  start: options => ({
    answer: request => answer(request, options),
    moved: () => [],
    beat: () => [],
  }),
  meanings: ({ method, url }) => [`${method} ${pathOf(url)}`],
}

function pathOf(url: string): string {
  return URL.parse(url, 'http://venue.example')?.pathname ?? ''
}

function answer(request: HttpRequest, options: ConversationOptions): HttpAnswer {
  const path = pathOf(request.url)
  if (path === LOGIN && request.method === 'POST') return answerLogin(request.body ?? '', options)
  if (path === RENEWAL && request.method === 'GET') return answerRenewal(request, options)
  return { status: 404, headers: [] }
}

function answerLogin(text: string, options: ConversationOptions): HttpAnswer {
  const body = parsed(text)
  if (!isRecord(body)) return { status: 400, headers: [], body: 'Bad Request' }
  const { name, password, 'p-ticket': ticket } = body
  if (typeof name !== 'string' || typeof password !== 'string' || password.startsWith('wrong')) {
    return json({
      errorText:
        'Incorrect username or password. Please try again, noting that passwords are case-sensitive.',
    })
  }
  if (name.startsWith('captcha')) {
    return json({ 'p-ticket': drawn(options.random), 'p-time': 3600, 'p-captcha': true })
  }
  if (name.startsWith('penalty') && typeof ticket !== 'string') {
    return json({ 'p-ticket': drawn(options.random), 'p-time': 1, 'p-captcha': false })
  }
  return json(tokens(name, options))
}

function answerRenewal({ headers }: HttpRequest, options: ConversationOptions): HttpAnswer {
  const [, value = ''] = headers.find(([name]) => name.toLowerCase() === 'authorization') ?? []
  const token = value.replace(/^Bearer /, '')
  if (!isGoodToken(token)) return { status: 401, headers: [], body: 'Access is denied' }
  return json(tokens('renewed', options))
}

function tokens(name: string, { now, random }: ConversationOptions): object {
  const hasData = !name.startsWith('nodata')
  return {
    accessToken: drawn(random),
    ...(hasData ? { mdAccessToken: drawn(random) } : {}),
    expirationTime: timeToWire(now() + TOKEN_LIFE),
    userStatus: 'Active',
    userId: 1,
    name,
    hasLive: false,
    hasMarketData: hasData,
  }
}

function drawn(random: Random): string {
  return randomAlphanumeric(random, 40)
}

function json(body: object): HttpAnswer {
  return { status: 200, headers: [['content-type', 'application/json']], body: JSON.stringify(body) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
