import { expect, test } from 'vitest'
import { readToken, tokenExchange } from '../../../src/feeds/tradingview-socket/auth.ts'

const COOKIES = { sessionid: 'synthetic0session0id', sessionidSign: 'v3:synthetic+sign=' }

function readPage(status: number, body: string) {
  return tokenExchange(COOKIES)?.read(status, body, 0)
}

test.each([
  [403, '<html>blocked</html>', /403/, /FEEDTAPE_TRADINGVIEW_TOKEN/],
  [429, '', /too many/, /wait/],
  [302, '', /sends us elsewhere/, /again/],
  [500, '', /500/, /later/],
  [200, '<html></html>', /expired or wrong/, /guest/],
  [200, '"user":{"auth_token":"unauthorized_user_token"}', /takes us for a guest/, /logged-in browser/],
])('status %i with %j is a refusal that says what to do', (status, body, reason, next) => {
  expect(readPage(status, body)).toEqual({
    reason: expect.stringMatching(reason),
    next: expect.stringMatching(next),
  })
})

test('a missing sessionid_sign is named when the cookie does not work', () => {
  expect(tokenExchange({ sessionid: COOKIES.sessionid })?.read(200, '', 0)).toMatchObject({
    reason: expect.stringContaining('sessionid_sign is missing'),
  })
})

test.each([
  '<script>var user = {"id":1,"auth_token":"eyJ.synthetic.token","x":2}</script>',
  '{"user": {"auth_token" : "eyJ.synthetic.token"}}',
  String.raw`JSON.parse("{\"auth_token\":\"eyJ.synthetic.token\"}")`,
])('the token is found in %j', body => {
  expect(readPage(200, body)).toEqual({ credentials: { token: 'eyJ.synthetic.token' } })
})

test.each([
  String.raw`"auth_token":"eyJ\/synthetic\u002ftoken"`,
  String.raw`JSON.parse("{\"auth_token\":\"eyJ\\/synthetic\\u002Ftoken\"}")`,
])('escapes in %j are the page’s, not the token’s', body => {
  expect(readPage(200, body)).toEqual({ credentials: { token: 'eyJ/synthetic/token' } })
})

test.each(['a1b2c', '--..--', 'token with spaces'])(
  '%j is no token: what cannot be found again must not be sent',
  token => {
    expect(readPage(200, `"auth_token":"${token}"`)).toMatchObject({
      reason: expect.stringContaining('no token'),
    })
  },
)

test('only a cookie without a token needs the exchange, and goes along as a cookie', () => {
  expect(tokenExchange({})).toBeUndefined()
  expect(tokenExchange({ sessionidSign: 'alone' })).toBeUndefined()
  expect(tokenExchange({ ...COOKIES, token: 'eyJ.x.y' })).toBeUndefined()
  expect(tokenExchange(COOKIES)).toMatchObject({
    method: 'GET',
    url: 'https://www.tradingview.com/chart/',
    headers: [
      ['Cookie', 'sessionid=synthetic0session0id; sessionid_sign=v3:synthetic+sign='],
      ['Accept', 'text/html'],
    ],
  })
})

test.each(['a.!!!.c', 'a.bnVsbA.c', 'a.eyJleHAiOiJ4In0.c', 'nodots', 'a..c'])(
  'the token %j has no end that it tells',
  token => {
    expect(readToken(token)).toEqual({ standing: 'login' })
  },
)
