import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRedactor, type EntryDraft, MIN_SECRET_LENGTH } from '../../src/tape/index.ts'
import { standInFor } from '../../src/tape/stand-in.ts'

const KEY = Buffer.alloc(32, 7)
const TOKEN = 'eyJhbGciOiJSUzUxMiJ9.eyJ1c2VyX2lkIjo0MjQyfQ.c2lnbmF0dXJl-_w'

function knowing(...values: string[]) {
  const redactor = createRedactor(KEY)
  for (const value of values) redactor.learn({ value, place: 'token' })
  return redactor
}

function classes(text: string): string {
  return text
    .replace(/[0-9]/g, '0')
    .replace(/[a-z]/g, 'a')
    .replace(/[A-Z]/g, 'A')
    .replace(/(?![aA])\p{L}/gu, 'L')
}

describe('what is not learned', () => {
  test('is a value so short that it stands in ordinary text', () => {
    const redactor = createRedactor(KEY)
    expect(redactor.learn({ value: 'a'.repeat(MIN_SECRET_LENGTH - 1), place: 'token' })).toBe(false)
    expect(redactor.learn({ value: '', place: 'token' })).toBe(false)
    expect(redactor.redactText('aaaaaaaaaa').spans).toStrictEqual([])
    expect(redactor.learn({ value: 'a'.repeat(MIN_SECRET_LENGTH), place: 'token' })).toBe(true)
  })

  test('is a value without a character that could be replaced', () => {
    expect(createRedactor(KEY).learn({ value: '--------', place: 'token' })).toBe(false)
  })

  test('leaves text and draft alone, the very objects', () => {
    const draft: EntryDraft = { kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'text', text: 'nothing here' }
    expect(createRedactor().redactDraft(draft)).toBe(draft)
    expect(knowing(TOKEN).redactDraft(draft)).toBe(draft)
    expect(knowing(TOKEN).redactText('nothing here')).toStrictEqual({ text: 'nothing here', spans: [] })
  })
})

describe('a stand-in', () => {
  test('has the length in UTF-16 units and in UTF-8 bytes, and the class of each character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), value => {
        const standIn = standInFor(value, KEY)
        expect(standIn).toHaveLength(value.length)
        expect(Buffer.byteLength(standIn)).toBe(Buffer.byteLength(value))
        expect(classes(standIn)).toBe(classes(value))
      }),
      { numRuns: 1000 },
    )
    expect(classes(standInFor('Zoë-株式-𝒳/9', KEY))).toBe('AaL-LL-L/0')
  })

  test('is never the secret itself, if there is but one digit to replace', () => {
    for (let n = 0; n < 10; n++) {
      for (let key = 0; key < 20; key++) {
        expect(standInFor(`-${n}.%%%//`, Buffer.from([key]))).not.toBe(`-${n}.%%%//`)
      }
    }
  })

  test('of a long secret does not repeat itself', () => {
    const standIn = standInFor('a'.repeat(96), KEY)
    expect(new Set([standIn.slice(0, 32), standIn.slice(32, 64), standIn.slice(64)]).size).toBe(3)
  })

  test('keeps the dots of a JWT', () => {
    const parts = (text: string) => text.split('.').map(part => part.length)
    expect(parts(standInFor(TOKEN, KEY))).toStrictEqual(parts(TOKEN))
    expect(standInFor(TOKEN, KEY)).not.toContain('eyJ')
  })

  test('is the same for the same secret in one recording, and another in the next', () => {
    expect(standInFor(TOKEN, KEY)).toBe(standInFor(TOKEN, KEY))
    expect(standInFor(TOKEN, KEY)).not.toBe(standInFor(TOKEN, Buffer.alloc(32, 8)))
    expect(createRedactor().standIn(TOKEN)).not.toBe(createRedactor().standIn(TOKEN))
    expect(knowing(TOKEN).standIn(TOKEN)).toBe(standInFor(TOKEN, KEY))
  })

  test('leaves framing by length right', () => {
    const frame = (token: string) => {
      const body = JSON.stringify({ m: 'set_auth_token', p: [token] })
      return `~m~${body.length}~m~${body}`
    }
    const { text, spans } = knowing(TOKEN).redactText(frame(TOKEN))
    expect(text).toBe(frame(standInFor(TOKEN, KEY)))
    expect(spans).toStrictEqual([[text.indexOf('["') + 2, TOKEN.length, 'token']])
  })
})

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

const SPELLINGS: readonly (readonly [name: string, write: (value: string) => string])[] = [
  ['as it is', value => `x${value}y`],
  ['in JSON', value => JSON.stringify({ a: [value] })],
  ['in JSON in JSON', value => JSON.stringify(JSON.stringify({ a: [value] }))],
  ['in JSON with escaped slashes', value => JSON.stringify(value).replaceAll('/', '\\/')],
  ['in JSON that is all ASCII', value => JSON.stringify(value).replace(/[^\x20-\x7e]/g, escaped)],
  ['in a URL', value => `/?auth=${encodeURIComponent(value)}&x=1`],
  ['in a URL with small hex', value => encodeURIComponent(value).replace(/%../g, code => code.toLowerCase())],
  ['in a form', value => new URLSearchParams({ a: value }).toString()],
  ['in JSON as codes alone', value => value.replace(/[\s\S]/g, escaped)],
  ['in a URL as codes alone', value => Buffer.from(value).toString('hex').replace(/../g, '%$&')],
  ['in base64', value => Buffer.from(value).toString('base64')],
  ['in base64 behind one byte', value => Buffer.from(`u${value}:rest of it`).toString('base64')],
  ['in base64 behind a name', value => `Basic ${Buffer.from(`jo:${value}`).toString('base64')}`],
  ['in base64 behind two bytes', value => Buffer.from(`a:${value}!`).toString('base64')],
  ['in base64url', value => Buffer.from(`{"t":"${value}"}`).toString('base64url')],
  ['in hex', value => Buffer.from(value).toString('hex')],
  ['in capital hex', value => Buffer.from(value).toString('hex').toUpperCase()],
]

describe('a known secret is found', () => {
  test.each(SPELLINGS)('%s', (_, write) => {
    for (const secret of [TOKEN, 'p4ss w/rd "q" \\é+?~ÿ>']) {
      const written = write(secret)
      const { text, spans } = knowing(secret).redactText(written)
      expect(spans, written).toHaveLength(1)
      expect(text).toHaveLength(written.length)
      for (const [offset, length, place] of spans) {
        expect(place).toBe('token')
        expect(text.slice(0, offset)).toBe(written.slice(0, offset))
        expect(text.slice(offset + length)).toBe(written.slice(offset + length))
        expect(text.slice(offset, offset + length)).not.toBe(written.slice(offset, offset + length))
      }
      const decoded = Buffer.from(text.replace('Basic ', ''), 'base64').toString('latin1')
      expect(decoded).not.toContain(Buffer.from(secret).toString('latin1').slice(1, -1))
      expect(knowing(secret).redactText(text).spans).toStrictEqual([])
    }
  })

  test('whatever it is, in every spelling, and nothing of the spelling is left', () => {
    const secret = fc.string({ unit: fc.constantFrom(...'aZ09/+ "\\é株-_.=%'), minLength: 8, maxLength: 40 })
    fc.assert(
      fc.property(secret, fc.constantFrom(...SPELLINGS.slice(0, 7)), (value, [, write]) => {
        fc.pre(/[a-z0-9]/i.test(value))
        const written = write(value)
        const { text, spans } = knowing(value).redactText(written)
        expect(spans.length).toBeGreaterThan(0)
        expect(text).toHaveLength(written.length)
        expect(Buffer.byteLength(text)).toBe(Buffer.byteLength(written))
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['a URL', 'a%2Bb%2Fc-9secret', 'a+b/c-9secret'],
    ['a JSON string', String.raw`a\/b\u002fc-9secret`, 'a/b/c-9secret'],
    ['a JSON string in another', String.raw`a\\/b-9secret`, 'a/b-9secret'],
  ])('also plain, where it was learned as %s writes it, with one stand-in for both', (_, written, plain) => {
    const redactor = knowing(written)
    const [one, other] = [written, plain].map(value => redactor.redactText(`<${value}>`))
    expect(one?.spans).toHaveLength(1)
    expect(other?.spans).toHaveLength(1)
    expect(redactor.redactText(Buffer.from(plain).toString('hex')).spans).toHaveLength(1)
    expect(one?.text).toHaveLength(written.length + 2)
  })

  test('among a thousand others, learned one after another, without a search that grows with them', () => {
    const redactor = createRedactor(KEY)
    const values = Array.from({ length: 1000 }, (_, n) => `cookie-${n}-of-the-thousand`)
    for (const value of values) redactor.learn({ value, place: 'cookie' })
    for (const value of values)
      expect(redactor.redactText(value).spans).toStrictEqual([[0, value.length, 'cookie']])
    redactor.learn({ value: 'one that comes late', place: 'late' })
    expect(redactor.redactText('one that comes late').spans).toHaveLength(1)
  })

  test('every time that it stands there, beside others, the longest first', () => {
    const redactor = knowing('secret-one', 'secret-one-and-more')
    const { text, spans } = redactor.redactText('secret-one secret-one-and-more secret-one')
    expect(spans.map(([at, length]) => [at, length])).toStrictEqual([
      [0, 10],
      [11, 19],
      [31, 10],
    ])
    expect(text.slice(0, 10)).toBe(text.slice(31))
  })

  test('where it holds characters that mean something in a pattern', () => {
    for (const value of ['a.b*c+d?e', '(ab)[cd]{2}', 'ab|cd|ef', '^abcdef$', 'ab\\cd\\ef']) {
      expect(knowing(value).redactText(`<${value}>`).spans).toStrictEqual([[1, value.length, 'token']])
      expect(knowing(value).redactText('abcdefgh').spans).toStrictEqual([])
    }
  })
})

describe('a draft', () => {
  const standIn = standInFor(TOKEN, KEY)

  test('has stand-ins wherever foreign text stands, and says where', () => {
    const headers = [
      ['accept', '*/*'],
      ['cookie', `sessionid=${TOKEN}; b=${TOKEN}`],
    ] as const
    const url = `https://x/?auth=${TOKEN}`
    const request: EntryDraft = {
      kind: 'request',
      at: 1,
      conn: 1,
      feed: 'tradingview',
      exchange: 1,
      method: 'GET',
      url,
      headers,
      text: TOKEN,
    }
    expect(knowing(TOKEN).redactDraft(request)).toStrictEqual({
      ...request,
      url: `https://x/?auth=${standIn}`,
      headers: [
        ['accept', '*/*'],
        ['cookie', `sessionid=${standIn}; b=${standIn}`],
      ],
      text: standIn,
      redacted: [
        [16, TOKEN.length, 'url#token'],
        [10, TOKEN.length, 'headers.1#token'],
        [14 + TOKEN.length, TOKEN.length, 'headers.1#token'],
        [0, TOKEN.length, 'text#token'],
      ],
    })
  })

  test.each([
    ['an open', { kind: 'open', at: 0, conn: 1, feed: 'x', url: TOKEN }, 'url#token'],
    ['a close', { kind: 'close', at: 0, conn: 1, by: 'them', reason: TOKEN }, 'reason#token'],
    [
      'a fail',
      { kind: 'fail', at: 0, conn: 1, feed: 'x', url: '', cause: 'other', reason: TOKEN },
      'reason#token',
    ],
    ['a mark', { kind: 'mark', at: 0, note: TOKEN }, 'note#token'],
    [
      'a response',
      { kind: 'response', at: 0, conn: 1, exchange: 1, status: 200, headers: [], omitted: TOKEN },
      'omitted#token',
    ],
  ] as const)('of %s too', (_, draft, place) => {
    const safe = knowing(TOKEN).redactDraft<EntryDraft>(draft)
    expect(JSON.stringify(safe)).not.toContain(TOKEN)
    expect(safe).toMatchObject({ redacted: [[0, TOKEN.length, place]] })
  })

  test('of bytes is searched as bytes, and its spans count bytes', () => {
    const before = Buffer.from([0xff, 0x00, 0xc3])
    const secret = 'clé-株-9secret'
    const base64 = Buffer.concat([before, Buffer.from(secret), before]).toString('base64')
    const draft: EntryDraft = { kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'binary', base64 }
    const safe = knowing(secret).redactDraft(draft)
    const bytes = Buffer.concat([before, Buffer.from(standInFor(secret, KEY)), before])
    expect(safe).toStrictEqual({
      ...draft,
      base64: bytes.toString('base64'),
      redacted: [[3, Buffer.byteLength(secret), 'base64#token']],
    })
  })

  test('has none in a header’s name, in a method, nor in the words that name a place', () => {
    const redactor = createRedactor(KEY)
    redactor.learn({ value: TOKEN, place: `cookie ${TOKEN}` })
    const request: EntryDraft = {
      kind: 'request',
      at: 1,
      conn: 1,
      feed: 'x',
      exchange: 1,
      method: TOKEN,
      url: '',
      headers: [[TOKEN, '']],
    }
    const safe = redactor.redactDraft<EntryDraft>(request)
    expect(JSON.stringify(safe)).not.toContain(TOKEN)
    expect(safe).toMatchObject({
      redacted: [
        [0, TOKEN.length, `method#cookie ${standIn}`],
        [0, TOKEN.length, `headers.0.name#cookie ${standIn}`],
      ],
    })
  })

  test('keeps the redactions that it came with', () => {
    const draft: EntryDraft = { kind: 'mark', at: 0, note: `x ${TOKEN}`, redacted: [[0, 1, 'note#name']] }
    const { redacted } = { redacted: [], ...knowing(TOKEN).redactDraft(draft) }
    expect(redacted).toStrictEqual([
      [0, 1, 'note#name'],
      [2, TOKEN.length, 'note#token'],
    ])
  })
})

describe('secrets that overlap', () => {
  test('a value that the venue made us take for one does not uncover the real one', () => {
    const redactor = createRedactor()
    const token = 'eyJhbGciOi.eyJzdWIiOjE.c2lnbmF0dXJl'
    redactor.learn({ value: token, place: 'given' })
    redactor.learn({ value: `zz${token.slice(0, 6)}`, place: 'said' })
    const { text, spans } = redactor.redactText(`a zz${token} b`)
    for (let at = 0; at + 6 <= token.length; at += 1) expect(text).not.toContain(token.slice(at, at + 6))
    expect(text).toHaveLength(`a zz${token} b`.length)
    expect(spans.map(([offset, length]) => [offset, length])).toEqual([
      [2, 8],
      [10, token.length - 6],
    ])
  })
})
