import { expect, test } from 'vitest'
import type { Credentials, SessionStep } from '../../../src/feeds/feed.ts'
import { framePacket, payloadsOf } from '../../../src/feeds/tradingview-socket/framing.ts'
import { FORCE_PERMISSION, session } from '../../../src/feeds/tradingview-socket/session.ts'
import { seededRandom } from '../../../src/model/random.ts'

const HELLO =
  '{"session_id":"0.1.1_test1-charts","release":"release_208-91","protocol":"json","via":"127.0.0.1:443"}'

function start(options: { credentials?: Credentials; flags?: string[]; symbols?: string[] } = {}) {
  return session.start({
    symbols: options.symbols ?? ['CME_MINI:NQ1!'],
    credentials: options.credentials ?? {},
    random: seededRandom(7),
    flags: new Set(options.flags ?? []),
  })
}

function sent(steps: readonly SessionStep[]): unknown[] {
  return steps.flatMap(step =>
    step.kind === 'send' ? payloadsOf(step.text).map(text => JSON.parse(text)) : [],
  )
}

function answer(payload: object | string, client = start()): readonly SessionStep[] {
  return client.received(framePacket(typeof payload === 'string' ? payload : JSON.stringify(payload)))
}

test.each([
  ['no framing', '{"m":"protocol_error","p":["bad auth token"]}'],
  ['a length that is too long', '~m~900~m~~h~1'],
  ['no JSON', '~m~4~m~{"m"'],
  ['JSON that is no object', '~m~4~m~null'],
  ['a message without parameters', framePacket('{"m":"qsd"}')],
  ['parameters that are no list', framePacket('{"m":"critical_errors","p":7}')],
  ['a quote that is no object', framePacket('{"m":"qsd","p":["qs",null]}')],
  ['an unknown kind', framePacket('{"m":"quux","p":[]}')],
  ['nothing', ''],
])('%s needs no answer', (_, text) => {
  expect(start().received(text)).toEqual([])
})

test('a bad auth token is final; other protocol errors may pass', () => {
  expect(answer({ m: 'protocol_error', p: ['bad auth token'] })).toMatchObject([
    { kind: 'refused', final: true, reason: expect.stringContaining('bad auth token') },
  ])
  expect(answer({ m: 'protocol_error', p: ['wrong data'] })).toMatchObject([
    { kind: 'refused', final: false },
  ])
  expect(answer({ m: 'protocol_error', p: [] })).toMatchObject([
    { reason: 'protocol error: no reason given' },
  ])
})

test('a critical error says the venue’s words, and which flag to leave out', () => {
  const packet = {
    m: 'critical_error',
    p: ['qs_x', 'invalid_parameters', 'method: quote_add_symbols. args: "[]"'],
  }
  expect(answer(packet, start({ flags: [FORCE_PERMISSION] }))).toMatchObject([
    { final: true, next: expect.stringContaining('--force-permission') },
  ])
  expect(answer(packet)).toMatchObject([{ final: true, next: expect.stringContaining('--symbol') }])
  expect(answer({ m: 'critical_error', p: ['qs_x', 'internal'] })).toMatchObject([{ final: false }])
})

test('an unknown symbol is said once, a missing permission with its alternative', () => {
  const client = start()
  const unknown = { m: 'qsd', p: ['qs', { n: 'X:NOPE', s: 'error', errmsg: 'no_such_symbol', v: {} }] }
  expect(answer(unknown, client)).toEqual([{ kind: 'note', text: 'no such symbol: "X:NOPE"' }])
  expect(answer(unknown, client)).toEqual([])
  const denied = { m: 'qsd', p: ['qs', { n: 'A:B', s: 'permission_denied', v: { alternative: 'A:B_DLY' } }] }
  expect(answer(denied, client)).toEqual([
    { kind: 'note', text: 'no permission for "A:B"; the venue offers "A:B_DLY" instead' },
  ])
})

test('a heartbeat is echoed as it came, and what stands beside it is read too', () => {
  const text = ['{"m":"qsd","p":["qs",{"n":"A:B","s":"ok","v":{"lp":1}}]}', '~h~9', HELLO, '~h~10']
  expect(start().received(text.map(framePacket).join(''))).toEqual([
    { kind: 'send', text: '~m~4~m~~h~9' },
    { kind: 'accepted' },
    { kind: 'note', text: 'hello: "release_208-91", protocol "json"' },
    { kind: 'send', text: '~m~5~m~~h~10' },
  ])
})

test('a guest asks for quotes without fields and without flags, one packet a message', () => {
  const client = start({ symbols: ['CME_MINI:NQ1!', '={"symbol":"NSE:JUNIPER"}'] })
  const steps = client.opened()
  const [token, locale, create, add, fast] = sent(steps) as { m: string; p: unknown[] }[]
  const quotes = create?.p[0]
  expect(quotes).toMatch(/^qs_[A-Za-z0-9]{12}$/)
  expect(token).toEqual({ m: 'set_auth_token', p: ['unauthorized_user_token'] })
  expect(locale).toEqual({ m: 'set_locale', p: ['en', 'US'] })
  const p = [quotes, 'CME_MINI:NQ1!', '={"symbol":"NSE:JUNIPER"}']
  expect([add, fast]).toEqual([
    { m: 'quote_add_symbols', p },
    { m: 'quote_fast_symbols', p },
  ])
  expect(steps.filter(step => step.kind === 'send')).toHaveLength(5)
  expect(client).toMatchObject({
    standing: 'guest',
    url: 'wss://data.tradingview.com/socket.io/websocket',
    headers: { Origin: 'https://www.tradingview.com' },
    silence: 60_000_000,
  })
})

test('force_permission stands last where it is asked for', () => {
  const packets = sent(start({ flags: [FORCE_PERMISSION] }).opened()) as { m: string; p: unknown[] }[]
  expect(packets.find(packet => packet.m === 'quote_add_symbols')?.p.at(-1)).toEqual({
    flags: ['force_permission'],
  })
})

test('a token decides host, standing and end, and wins over a cookie', () => {
  const claims = Buffer.from(JSON.stringify({ exp: 1_795_190_400, user_id: 4711 })).toString('base64url')
  const client = start({ credentials: { token: `head.${claims}.sign`, sessionid: 'abcdefgh' } })
  expect(client).toMatchObject({
    standing: 'login',
    expires: 1_795_190_400_000_000,
    url: 'wss://prodata.tradingview.com/socket.io/websocket',
  })
  const notes = client.opened().filter(step => step.kind === 'note')
  expect(notes).toEqual([
    { kind: 'note', text: 'signing in with a login token; it wins over the cookie, which is not used' },
  ])
  expect(start({ credentials: { token: 'widget_user_token' } }).standing).toBe('widget')
  expect(start({ credentials: { token: 'no.json.here' } }).expires).toBeUndefined()
})

test('each attempt has a quote session of its own', () => {
  const random = seededRandom(1)
  const ids = [1, 2].map(() => {
    const client = session.start({ symbols: ['A:B'], credentials: {}, random })
    return (sent(client.opened())[2] as { p: string[] }).p[0]
  })
  expect(new Set(ids).size).toBe(2)
})
