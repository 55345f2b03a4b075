import { expect, test } from 'vitest'
import { framePacket } from '../../../src/feeds/tradingview-socket/framing.ts'
import { secrets } from '../../../src/feeds/tradingview-socket/secrets.ts'
import type { EntryDraft, HeaderList } from '../../../src/tape/entry.ts'

const TOKEN = 'eyJhbGciOiJSUzUxMiJ9.eyJzeW50aGV0aWMiOnRydWV9.c3ludGhldGlj'

const MANY = 16 * 1024 * 1024

function frame(text: string, dir: 'in' | 'out' = 'out'): EntryDraft {
  return { kind: 'frame', at: 0, conn: 1, dir, op: 'text', text }
}

function request(url: string, headers: HeaderList = []): EntryDraft {
  return {
    kind: 'request',
    at: 0,
    conn: 1,
    feed: 'tradingview-socket',
    exchange: 1,
    method: 'GET',
    url,
    headers,
  }
}

function values(draft: EntryDraft): string[] {
  return secrets.find(draft).map(secret => secret.value)
}

test.each([
  framePacket('{"m":"set_auth_token","p":["unauthorized_user_token"]}'),
  framePacket('{"m":"set_auth_token","p":["widget_user_token"]}'),
  '"via":"127.0.0.1:443"',
  '"via":"unknown"',
  framePacket('{"m":"qsd","p":["qs_x",{"n":"A:B","s":"ok","v":{"lp":25650.25}}]}'),
  '"channel":"private_feed"',
])('%j holds no secret', text => {
  expect(values(frame(text))).toEqual([])
})

test.each([
  ['well framed', framePacket(`{"m":"set_auth_token","p":["${TOKEN}"]}`)],
  ['with a wrong length', `~m~3~m~{"m":"set_auth_token","p":["${TOKEN}"]}`],
  ['without framing', `{"m" : "set_auth_token", "p" : [ "${TOKEN}" ]}`],
  ['with its keys in the other order', framePacket(`{"p":["${TOKEN}"],"m":"set_auth_token"}`)],
  ['cut off', `~m~900~m~{"m":"set_auth_token","p":["${TOKEN}`],
])('the token in a set_auth_token %s is found', (_, text) => {
  expect(values(frame(text))).toEqual([TOKEN])
})

test.each([
  ['escaped slashes', String.raw`{"m":"set_auth_token","p":["ab\/cd\/ef-9"]}`, String.raw`ab\/cd\/ef-9`],
  ['a name of the page', '{"authToken":"plain-token-9"}', 'plain-token-9'],
  ['an error that quotes it', `{"m":"protocol_error","p":["bad auth token ${TOKEN}"]}`, TOKEN],
  ['a via that is cut off', '{"via":"109.61.45.186:4', '109.61.45.186'],
])('%s is no hiding place', (_, text, value) => {
  expect(values(frame(text))).toEqual([value])
})

test.each([
  ['a value without end', `"token":"${'a'.repeat(MANY)}`],
  ['escapes without end', `"token":"${String.raw`\/`.repeat(MANY / 2)}`],
  ['backslashes', `token${'\\'.repeat(MANY)}`],
  ['beginnings of a JWT', 'eyJaaaa.'.repeat(MANY / 8)],
  ['an address without end', `"via":"${'1.'.repeat(MANY / 2)}`],
])('16 MiB of %s neither throw nor take for ever', (_, text) => {
  expect(values(frame(text)).length).toBeLessThan(3)
})

test('a token in bytes is found as well', () => {
  const base64 = Buffer.from(`\u00ff{"m":"set_auth_token","p":["${TOKEN}"]}`, 'latin1').toString('base64')
  expect(values({ kind: 'frame', at: 0, conn: 1, dir: 'out', op: 'binary', base64 })).toEqual([TOKEN])
})

test('the address of the hello’s server is found, with version 6 and without its port', () => {
  expect(secrets.find(frame('{"via":"109.61.45.186:443"}', 'in'))).toEqual([
    { value: '109.61.45.186', place: 'hello-via' },
  ])
  expect(values(frame('{"via":"[2001:db8::7:1]:443"}', 'in'))).toEqual(['2001:db8::7:1'])
})

test('cookies, authorization and set-cookie give their values', () => {
  const headers: HeaderList = [
    [
      'Cookie',
      'theme=dark; sessionid=abcdefgh12345678; sessionid_sign=v3:xyz=; _t=1766031047; cookie_id=ab12cd34ef',
    ],
    ['authorization', `Bearer ${TOKEN}`],
    ['Set-Cookie', 'device_t=ZZZZ1111; Path=/; Domain=.tradingview.com'],
    ['Accept', '*/*'],
  ]
  const found = ['abcdefgh12345678', 'v3:xyz=', 'ab12cd34ef', TOKEN, 'ZZZZ1111']
  expect(values(request('https://www.tradingview.com/chart/', headers))).toEqual(found)
})

test('parameters of an address and ids of private channels are found', () => {
  expect(
    values(request('wss://data.tradingview.com/socket.io/websocket?from=x&auth=s3cr3tvalue&type=chart')),
  ).toEqual(['s3cr3tvalue'])
  const url = 'wss://pushstream.tradingview.com/message-pipe-ws/private_AbCdEf123456789'
  expect(values({ kind: 'open', at: 0, conn: 1, feed: 'x', url })).toEqual(['AbCdEf123456789'])
  expect(
    values({ kind: 'open', at: 0, conn: 1, feed: 'x', url: 'wss://h/message-pipe-ws/private_feed' }),
  ).toEqual([])
})

test('bodies give their auth_token and sessionid, also escaped in a script', () => {
  const text = String.raw`{"user":"{\"auth_token\":\"${TOKEN}\"}","sessionid":"abcdefgh12345678"}`
  const response: EntryDraft = {
    kind: 'response',
    at: 0,
    conn: 1,
    exchange: 1,
    status: 200,
    headers: [],
    text,
  }
  expect(values(response)).toEqual([TOKEN, 'abcdefgh12345678'])
})

test('session ids, the catalogue’s hash and the hello’s id are harmless', () => {
  const texts = [
    'qs_multiplexer_full_AbCdEf123456',
    'cs_AbCdEf123456',
    `"studies_metadata_hash":"${'a1'.repeat(20)}"`,
    '"session_id":"0.20711.1830_mum1-charts-pro-4-tvbs-x4ur6-3"',
  ]
  for (const text of texts)
    expect(
      secrets.harmless.some(({ pattern }) => pattern.test(text)),
      text,
    ).toBe(true)
})
