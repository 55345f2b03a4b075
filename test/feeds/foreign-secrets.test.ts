import { describe, expect, test } from 'vitest'
import { findForeignSecrets } from '../../src/feeds/foreign-secrets.ts'

/** All of them synthetic. */
const TOKEN = 'canary7Token9abc'
const BASIC = Buffer.from('canary.user:canary-pass').toString('base64')

function valuesIn(text: string): readonly string[] {
  const found = findForeignSecrets({ kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'text', text })
  return [...new Set(found.map(({ value }) => value))]
}

describe('what is no secret is left where it stands:', () => {
  test.each([
    '',
    '{"token":null,"password":"","cookie":{},"auth":true}',
    '{"password":"synthetic","token":"undefined","secret":"null"}',
    '{"type":"token","op":"login","channel":"authorization"}',
    '{"symbol":"TOKEN","ticker":"SECRET","name":"password"}',
    '{"baseToken":"ETHEREUM","token":"1INCH","quoteToken":"bitcoin-cash"}',
    '{"token":"26009","instrument_token":408065,"securityToken":"1234567","signature":"0"}',
    '{"password":"12345","username":"-123.45","phone":"0"}',
    '{"user":1,"isUser":true,"login":"success","session":"0930-1600","session_id":"regular"}',
    '{"auth":"Basic","authorization":"Bearer","Authorization":"Bearer null","tokenType":"Bearer"}',
    '{"cookie":"theme=dark; lang=en","email":"weekly","phone":"mobile"}',
    '{"symbol":"BTCUSDT","username":"BTCUSDT"}',
    '{"price":6723.25,"volume":"1234567","time":1767623400000}',
    '{"url":"https://x.example/?symbol=BTCUSDT1&token=ETHEREUM&interval=15m"}',
    'if (e) token=null; login=e.user; password=f()',
  ])('%s', text => {
    expect(valuesIn(text)).toEqual([])
  })
})

describe('a secret is found whole and by itself:', () => {
  test.each([
    [`{"Authorization":"Bearer ${TOKEN}"}`, [TOKEN]],
    [`{"authorization":"Token ${TOKEN}"}`, [TOKEN]],
    [`{"Proxy-Authorization" : "${TOKEN}"}`, [TOKEN]],
    [`{"auth":"Basic ${BASIC}"}`, [BASIC, 'canary.user', 'canary-pass']],
    [`{"cookie":"sid=${TOKEN}; theme=dark"}`, [TOKEN]],
    [`{"Set-Cookie":["a=${TOKEN}; Path=/; HttpOnly"]}`, [TOKEN]],
    [`{"url":"https://x?access_token=${TOKEN}"}`, [TOKEN]],
    [`{"url":"https:\\/\\/x\\/?a=1\\u0026accessToken=${TOKEN}\\u0026b=2"}`, [TOKEN]],
    ['{"url":"wss://canary.user:canary-pass@x/"}', ['canary.user', 'canary-pass']],
    ['{"apiSecret":"canaryword"}', ['canaryword']],
    ['{"api_secret":"canaryword"}', ['canaryword']],
    ['{"api-secret":"canaryword"}', ['canaryword']],
    ['{"clientSecret":"canaryword"}', ['canaryword']],
    ['{"CLIENT_SECRET":"canaryword"}', ['canaryword']],
    ['{"x-api-key":"canaryword"}', ['canaryword']],
    ['{"apiKey":"canaryword","passphrase":"two canaries"}', ['canaryword', 'two canaries']],
    ['{"passwd":"canary, \\"quoted\\" it"}', ['canary, \\"quoted\\" it']],
    ['{"password":"123456"}', ['123456']],
    ['{"username":"canary"}', ['canary']],
    ['{"user_name":"canary"}', ['canary']],
    ['{"userName":"canary","login":"canary2"}', ['canary', 'canary2']],
    ['{"phone":"+1 555 010 0199"}', ['+1 555 010 0199']],
    ['{"e-mail":"canary@localhost"}', ['canary@localhost']],
    [`{"sessionId":"${TOKEN}"}`, [TOKEN]],
    [`{"session-id":"${TOKEN}"}`, [TOKEN]],
    [`{"connect.sid":"${TOKEN}","newsId":"a1b2c3d4e5"}`, [TOKEN]],
    [`{'clientSecret': '${TOKEN}'}`, [TOKEN]],
    [JSON.stringify({ data: `{"clientSecret":"${TOKEN}","a":1}` }), [TOKEN]],
    [JSON.stringify({ data: JSON.stringify({ data: `{"userName":"canary"}` }) }), ['canary']],
    [`{"accessToken":"${TOKEN}`, [TOKEN]],
    [`grant=x&password=canaryword&user_name=canary`, ['canaryword', 'canary']],
    [`hello, Bearer ${TOKEN}`, [TOKEN]],
  ])('%s', (text, values) => {
    expect([...valuesIn(text)].sort()).toEqual([...values].sort())
  })
})

const MANY = 16 * 1024 * 1024

describe('a message that was made to be slow', () => {
  test.each([
    ['quotes', '"'],
    ['backslashes', '\\'],
    ['escaped quotes', '\\"'],
    ['letters', 'a'],
    ['names', 'token_'],
    ['blanks', ' '],
    ['names of nothing', '"token" :        '],
    ['values that nobody closes', `"password":'`],
    ['levels of values', `"password":"\\"secret\\":\\"\\\\\\"password\\\\\\":\\\\\\"`],
    ['equals signs', 'token='],
    ['schemes', 'Bearer Basic '],
    ['at signs', 'a@a.'],
    ['addresses', 'wss://'],
    ['heads of tokens', 'eyJa'],
  ])(
    '16 MiB of %s neither throw nor take for ever',
    (_, piece) => {
      const text = piece.repeat(Math.ceil(MANY / piece.length)).slice(0, MANY)
      const started = process.cpuUsage()
      valuesIn(text)
      const { user } = process.cpuUsage(started)
      expect(user).toBeLessThan(20_000_000)
    },
    60_000,
  )
})
