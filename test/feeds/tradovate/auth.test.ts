import { describe, expect, it } from 'vitest'
import type { TokenExchange } from '../../../src/feeds/index.ts'
import { loginFor, renewalFor } from '../../../src/feeds/tradovate/auth.ts'
import { loginVenue } from '../../../src/feeds/tradovate/venue-http.ts'
import { seededRandom } from '../../../src/model/random.ts'

const NOW = 1_789_000_000_000_000
const LIFE = 90 * 60_000_000
const venue = loginVenue.start({
  market: { quote: () => undefined, facts: () => undefined },
  random: seededRandom(1),
  now: () => NOW,
})

function answered(exchange: TokenExchange | undefined) {
  if (exchange === undefined) throw new Error('no exchange')
  const { body, headers, method, url } = exchange
  expect(loginVenue.answers(new URL(url).pathname)).toBe(true)
  const answer = venue.answer({ method, url, headers, ...(body === undefined ? {} : { body }) })
  return exchange.read(answer.status, answer.body ?? '', NOW)
}

const login = (name: string, password = 'synthetic-password') => loginFor('mdToken', { name, password })

describe('a login', () => {
  it('is not made where the token is there, or where name or password is missing', () => {
    expect(loginFor('mdToken', { mdToken: 'abcdef', name: 'n', password: 'p' })).toBeUndefined()
    expect(loginFor('mdToken', { name: 'n' })).toBeUndefined()
    expect(loginFor('mdToken', { password: 'p' })).toBeUndefined()
    expect(loginFor('mdToken', {})).toBeUndefined()
    expect(loginFor('mdToken', { token: 'abcdef', name: 'n', password: 'p' })).toBeDefined()
  })

  it('says what it takes before it is sent, and sends only what was given', () => {
    const exchange = login('synthetic')
    expect(exchange?.warning).toMatch(/two sessions.*running bot/s)
    expect(exchange?.url).toBe('https://demo.tradovateapi.com/v1/auth/accesstokenrequest')
    expect(JSON.parse(exchange?.body ?? '')).toEqual({ name: 'synthetic', password: 'synthetic-password' })
    const live = loginFor('token', { name: 'n', password: 'p' }, { environment: 'live' })
    expect(live?.url).toBe('https://live.tradovateapi.com/v1/auth/accesstokenrequest')
  })

  it.each([
    ['a wrong password under status 200', answered(login('n', 'wrong')), /Incorrect username or password/],
    ['a captcha', answered(login('captcha')), /captcha/],
    ['no right to market data', answered(login('nodata')), /mdAccessToken/],
    ['no JSON', login('n')?.read(200, '<html>', NOW), /no JSON/],
    [
      'a token that cannot stand on a line',
      login('n')?.read(200, '{"accessToken":"a b c d e f"}', NOW),
      /no accessToken/,
    ],
    ['401', login('n')?.read(401, '', NOW), /401/],
    ['429', login('n')?.read(429, '', NOW), /429/],
    ['500', login('n')?.read(500, '', NOW), /500/],
  ])('is refused, with a next step: %s', (_, result, reason) => {
    expect(result).toEqual({ reason: expect.stringMatching(reason), next: expect.stringMatching(/\w/) })
  })

  it('gives both tokens, and their end by the answer’s own word', () => {
    const result = answered(login('synthetic'))
    expect(result).toMatchObject({
      credentials: { token: expect.stringMatching(/^\w{40}$/), mdToken: expect.stringMatching(/^\w{40}$/) },
      expires: NOW + LIFE,
    })
    const endless = login('n')?.read(200, '{"accessToken":"abcdefgh","mdAccessToken":"ijklmnop"}', NOW)
    expect(endless).toEqual({ credentials: { token: 'abcdefgh', mdToken: 'ijklmnop' } })
  })

  it('waits a penalty out and goes again with the ticket, but not for ever', () => {
    const first = answered(login('penalty'))
    if (!('wait' in first)) throw new Error('no penalty')
    expect(first.wait).toBe(1_000_000)
    expect(JSON.parse(first.afterwards.body ?? '')).toMatchObject({
      name: 'penalty',
      'p-ticket': expect.any(String),
    })
    expect(answered(first.afterwards)).toMatchObject({ expires: NOW + LIFE })
    let result = login('n')?.read(200, '{"p-ticket":"t","p-time":2}', NOW)
    let waits = 0
    while (result !== undefined && 'wait' in result) {
      waits += 1
      result = result.afterwards.read(200, '{"p-ticket":"t","p-time":2}', NOW)
    }
    expect(waits).toBe(3)
    expect(result).toMatchObject({ reason: expect.stringMatching(/penalty again/) })
  })
})

describe('a renewal', () => {
  it('is refused for a dead token', () => {
    expect(answered(renewalFor('mdToken', { token: 'expired-token' }))).toMatchObject({
      reason: expect.any(String),
    })
  })

  it('keeps the session: the old token in the header, new ones and their end in the answer', () => {
    const exchange = renewalFor('mdToken', { token: 'synthetic-token', mdToken: 'synthetic-md' })
    expect(exchange).toMatchObject({
      method: 'GET',
      url: 'https://demo.tradovateapi.com/v1/auth/renewaccesstoken',
    })
    expect(exchange.headers).toContainEqual(['Authorization', 'Bearer synthetic-token'])
    expect(exchange.warning).toBeUndefined()
    expect(answered(exchange)).toMatchObject({ expires: NOW + LIFE })
  })

  it('keeps the market data token that it had, where the answer has none', () => {
    const { read } = renewalFor('mdToken', { token: 'synthetic-token', mdToken: 'synthetic-md' })
    expect(read(200, '{"accessToken":"abcdefgh","expirationTime":"2036-06-13T00:00Z"}', NOW)).toEqual({
      credentials: { token: 'abcdefgh', mdToken: 'synthetic-md' },
      expires: Date.parse('2036-06-13T00:00:00Z') * 1000,
    })
    expect(
      renewalFor('mdToken', { token: 'synthetic-token' }).read(200, '{"accessToken":"abcdefgh"}', NOW),
    ).toMatchObject({
      reason: expect.stringMatching(/mdAccessToken/),
    })
  })
})
