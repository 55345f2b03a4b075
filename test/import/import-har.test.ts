import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { frameMessage } from '../../src/feeds/tradingview-socket/framing.ts'
import { importHar } from '../../src/import/index.ts'
import { FeedtapeError } from '../../src/model/errors.ts'
import { seededRandom } from '../../src/model/random.ts'
import { beat, exchange, har, header, imported, SOCKET_URL, START, socket, temporaryFolder } from './hars.ts'

async function refusal(content: object | string, all = false): Promise<FeedtapeError> {
  const thrown: unknown = await imported(content, all).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof FeedtapeError) return thrown
  throw new Error(`no refusal, but ${String(thrown)}`)
}

describe('what is no HAR is refused, with its place', () => {
  test.each([
    ['an empty file', '', 'an empty file'],
    ['text', 'hello', 'readable up to'],
    ['a HAR that was cut short', JSON.stringify(har([socket([])])).slice(0, 200), '200 characters'],
    ['a zip', 'PK\u0003\u0004rest', undefined],
  ])('%s', async (_, content, found) => {
    const error = await refusal(content)
    expect(error.code).toBe('bad-capture')
    expect(error.where).toContain('session.har')
    if (found !== undefined) expect(error.found).toContain(found)
    expect(error.next).toBeDefined()
  })

  test('other JSON', async () => {
    const error = await refusal({ frames: [] })
    expect(error.message).toBe('this is not a HAR')
  })

  test('an entry of the wrong type, by its index', async () => {
    const error = await refusal(har([socket([]), socket([], { startedDateTime: 'yesterday' })]))
    expect(error.where).toMatch(/session\.har log\.entries\[1\]\.startedDateTime$/)
    expect(error.expected).toBe('ISO 8601 with an offset')
  })

  test('a status that is no status, by its index, and leaves no half a tape', async () => {
    const error = await refusal(har([socket([], { response: { status: 200.5, headers: [] } })]))
    expect(error.where).toMatch(/log\.entries\[0\]\.response\.status$/)
  })

  test('broken JSON does not put what stands there into the error', async () => {
    const text = JSON.stringify(har([socket([])])).replace(
      '"entries"',
      '"Cookie: sessionid=abc123def456" "entries"',
    )
    expect((await refusal(text)).explain()).not.toContain('abc123')
  })

  test('a HAR without anything that a feed reads, with its hosts and the way to take them', async () => {
    const error = await refusal(har([exchange({ url: 'https://example.org/a?token=geheim123' })]))
    expect(error.found).toBe('1 entries, 0 of them sockets, of example.org')
    expect(error.next).toContain('--all')
    expect(error.explain()).not.toContain('geheim')
  })

  test('a HAR without entries, even with --all', async () => {
    expect((await refusal(har([]), true)).found).toBe('no entries at all')
  })

  test('the capture itself is never replaced', async () => {
    const path = join(await temporaryFolder(), 'session.har')
    await writeFile(path, JSON.stringify(har([socket([])])))
    const options = { path, output: path, overwrite: true, random: seededRandom(1), version: '0' }
    await expect(importHar(options)).rejects.toMatchObject({ code: 'usage' })
    expect(JSON.parse(await readFile(path, 'utf8'))).toHaveProperty('log')
  })
})

describe('a socket of Chrome', () => {
  test('becomes its upgrade, its opening and its frames, to the microsecond', async () => {
    const { entries, report, tape } = await imported(
      har([
        socket([
          { type: 'send', time: START + 0.100001, data: 'out' },
          { type: 'receive', time: START + 0.25, data: '' },
          { type: 'receive', time: START + 0.300002, opcode: 2, data: '/wA=' },
        ]),
      ]),
    )
    expect(entries).toMatchObject([
      { kind: 'request', seq: 1, at: 0, conn: 1, exchange: 1, feed: 'tradingview-socket', url: SOCKET_URL },
      { kind: 'response', at: 0, conn: 1, exchange: 1, status: 101 },
      { kind: 'open', at: 0, conn: 1, feed: 'tradingview-socket', url: SOCKET_URL },
      { kind: 'frame', at: 100_001, conn: 1, dir: 'out', op: 'text', text: 'out' },
      { kind: 'frame', at: 250_000, conn: 1, dir: 'in', op: 'text', text: '' },
      { kind: 'frame', at: 300_002, conn: 1, dir: 'in', op: 'binary', base64: '/wA=' },
    ])
    expect(tape.header).toMatchObject({
      start: '2026-01-05T14:30:00.000000Z',
      feeds: ['tradingview-socket'],
      clock: 'imported',
      source: { format: 'har', name: 'session.har' },
    })
    expect(tape.isWhole).toBe(true)
    expect(tape.seal?.at).toBe(300_002)
    expect(report).toMatchObject({
      connections: 1,
      exchanges: 1,
      failures: 0,
      frames: { in: 2, out: 1 },
      notes: [],
    })
  })

  test('keeps text as it is: digits, surrogate halves, exponents', async () => {
    const data = '{"lp":2647.1000000000004,"v":1e+100,"open":529.0,"x":"\ud800"}'
    const { entries } = await imported(har([socket([{ time: START, data }])]))
    expect(entries.at(-1)).toMatchObject({ text: data })
  })

  test('that the venue refused is kept as an answer and a failure, without an opening', async () => {
    const { entries, report } = await imported(
      har([socket(undefined, { response: { status: 403, headers: [] } })]),
    )
    expect(entries.map(({ kind }) => kind)).toEqual(['request', 'response', 'fail'])
    expect(entries.at(-1)).toMatchObject({ cause: 'rejected', reason: 'HTTP 403' })
    expect(report).toMatchObject({ connections: 0, failures: 1 })
  })

  test.each([
    ['net::ERR_NAME_NOT_RESOLVED', 'dns'],
    ['net::ERR_CONNECTION_REFUSED', 'refused'],
    ['net::ERR_CERT_AUTHORITY_INVALID', 'tls'],
    ['net::ERR_TIMED_OUT', 'timeout'],
    ['net::ERR_ABORTED', 'other'],
  ])('that did not come about says why: %s', async (_error, cause) => {
    const { entries } = await imported(
      har([socket(undefined, { response: { status: 0, headers: [], _error } })]),
    )
    expect(entries.map(({ kind }) => kind)).toEqual(['request', 'fail'])
    expect(entries.at(-1)).toMatchObject({ kind: 'fail', cause, reason: _error })
  })

  test('without messages is said', async () => {
    const { report } = await imported(har([socket(undefined)]))
    expect(report.notes).toEqual(['the socket to data.tradingview.com has no messages in this HAR'])
  })

  test('may speak of an error of the browser, which becomes a note', async () => {
    const { entries } = await imported(
      har([socket([{ type: 'error', opcode: -1, time: START + 1, data: 'gone' }])]),
    )
    expect(entries.at(-1)).toMatchObject({
      kind: 'mark',
      conn: 1,
      note: 'the browser says of this socket: gone',
    })
  })
})

describe('what is odd costs no more than itself', () => {
  test('an entry of somebody else may be of any shape', async () => {
    const odd = { request: { url: 'chrome-extension://x/y.js' }, _webSocketMessages: 7 }
    const { report } = await imported(har([odd, ['nothing'], socket([{ time: START }])]))
    expect(report).toMatchObject({ connections: 1, frames: { in: 1, out: 0 } })
    expect(report.leftOut.reduce((sum, { exchanges }) => sum + exchanges, 0)).toBe(2)
  })

  test.each([
    ['a time that is no number', { time: 'now' }, '"time":"now"'],
    ['an opcode that no frame has', { opcode: 8, data: 'A+k=' }, 'opcode 8'],
    ['binary that is not base64', { opcode: 2, data: '~~~' }, '~~~'],
  ])('a message with %s stands on the tape as a mark, between its neighbours', async (_, wrong, words) => {
    const messages = [{ type: 'receive', time: START, opcode: 1, data: beat(1), ...wrong }]
    const one = {
      ...socket([]),
      _webSocketMessages: [...messages, { type: 'receive', time: START, opcode: 1, data: beat(2) }],
    }
    const { report, entries } = await imported(har([one]))
    expect(report.frames.in).toBe(1)
    expect(report.notes.join()).toContain('1 socket messages are no frames')
    const mark = entries.find(entry => entry.kind === 'mark' && entry.conn === 1)
    expect(JSON.stringify(mark)).toContain(JSON.stringify(words).slice(1, -1))
  })

  test('a time beyond the year 2200 is no wall time, and no crash', async () => {
    const { report } = await imported(har([socket([{ time: 9.9e10 }, { time: 1e300 }])]))
    expect(report.notes.join()).toContain('2 socket messages have no wall time')
  })
})

describe('a socket of Playwright', () => {
  const playwright = (version: string) => ({ name: 'Playwright', version })

  test('has its times in milliseconds, and that is said', async () => {
    const messages = [{ time: START * 1000 + 100.25 }, { time: START * 1000 + 3_000.5 }]
    const { entries, report } = await imported(har([socket(messages)], playwright('1.62.0')))
    expect(entries.slice(3).map(({ at }) => at)).toEqual([100_250, 3_000_500])
    expect(report.notes).toEqual([
      '2 socket messages have their time in milliseconds, as Playwright writes it',
    ])
  })

  test('of the release that wrote them 1,000 times too close is told on the tape', async () => {
    const { entries } = await imported(har([socket([{ time: START * 1000 + 3 }])], playwright('1.61.0')))
    expect(entries[0]).toMatchObject({
      kind: 'mark',
      at: 0,
      note: expect.stringContaining('1,000 times too close'),
    })
  })

  test('without times keeps its order at the time of its start', async () => {
    const messages = [1, 2, 3].map(number => ({ time: -1, data: beat(number) }))
    const { entries, report } = await imported(har([socket(messages)], playwright('1.62.0')))
    expect(entries.slice(4)).toMatchObject(messages.map(({ data }) => ({ at: 0, text: data })))
    expect(report.notes[0]).toContain('3 socket messages have no wall time')
  })

  test('that never came about has status −1 and its reason', async () => {
    const response = { status: -1, headers: [], _failureText: 'net::ERR_CONNECTION_REFUSED' }
    const { entries } = await imported(har([socket(undefined, { response })]))
    expect(entries.at(-1)).toMatchObject({ kind: 'fail', cause: 'refused' })
  })

  test('may have its messages in a file beside the HAR', async () => {
    const folder = await temporaryFolder()
    const lines = [{ type: 'receive', time: START * 1000, opcode: 1, data: 'attached' }]
    await writeFile(join(folder, 'abc123.jsonl'), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
    const response = { status: 101, headers: [], content: { size: -1, _file: 'abc123.jsonl' } }
    const { entries } = await imported(har([socket(undefined, { response })]), false, folder)
    expect(entries.at(-1)).toMatchObject({ kind: 'frame', text: 'attached' })
  })

  test('whose file is missing, or lies elsewhere, is said', async () => {
    for (const _file of ['abc123.jsonl', '../abc123.jsonl']) {
      const response = { status: 101, headers: [], content: { size: -1, _file } }
      const { report } = await imported(har([socket(undefined, { response })]))
      expect(report.notes).toContain('1 bodies stand in files that are not beside the HAR')
    }
  })
})

describe('times', () => {
  test('that go back within a connection are held, and the original is kept', async () => {
    const { entries, report } = await imported(
      har([socket([{ time: START + 2 }, { time: START + 1 }, { time: START + 3 }])]),
    )
    expect(entries.slice(3)).toMatchObject([
      { at: 2_000_000 },
      { at: 2_000_000, original: 1_000_000 },
      { at: 3_000_000 },
    ])
    expect(entries.slice(3).map(entry => 'original' in entry)).toEqual([false, true, false])
    expect(report.notes[0]).toContain('1 entries came with an earlier time')
  })

  test('before the upgrade’s start move the tape’s start', async () => {
    const { entries, tape } = await imported(har([socket([{ time: START - 0.5 }])]))
    expect(tape.header.start).toBe('2026-01-05T14:29:59.500000Z')
    expect(entries.at(-1)).toMatchObject({ at: 500_000, original: 0 })
  })

  test('make one order over all connections; where they are equal, the HAR’s', async () => {
    const { entries } = await imported(
      har([
        socket([
          { time: START + 1, data: 'a1' },
          { time: START + 3, data: 'a3' },
        ]),
        socket([
          { time: START + 1, data: 'b1' },
          { time: START + 2, data: 'b2' },
        ]),
      ]),
    )
    const frames = entries.flatMap(entry => (entry.kind === 'frame' && 'text' in entry ? [entry.text] : []))
    expect(frames).toEqual(['a1', 'b1', 'b2', 'a3'])
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
  })

  test('number connections as they began', async () => {
    const later = socket([], { startedDateTime: '2026-01-05T15:30:01.000+01:00' })
    const { entries } = await imported(har([later, socket([])]))
    expect(entries.flatMap(entry => (entry.kind === 'open' ? [[entry.conn, entry.at]] : []))).toEqual([
      [1, 0],
      [2, 1_000_000],
    ])
  })
})

describe('hosts that no feed lives on', () => {
  const entries = [
    socket([{ time: START }]),
    socket([{ time: START, data: 'x' }], {
      request: { method: 'GET', url: 'wss://stream.example.org/', headers: [] },
    }),
    exchange({ url: 'https://example.org/a' }),
    exchange({ url: 'https://example.org/b' }),
  ]

  test('are left out and counted', async () => {
    const { report, tape } = await imported(har(entries))
    expect(report.leftOut).toEqual([
      { host: 'stream.example.org', connections: 1, exchanges: 0 },
      { host: 'example.org', connections: 0, exchanges: 2 },
    ])
    expect(tape.header.feeds).toEqual(['tradingview-socket'])
  })

  test('are taken with --all, as unknown', async () => {
    const { report, entries: taken, tape } = await imported(har(entries), true)
    expect(report).toMatchObject({ connections: 2, exchanges: 4, leftOut: [] })
    expect(tape.header.feeds).toEqual(['tradingview-socket', 'unknown'])
    expect(taken.filter(entry => entry.kind === 'open').map(({ feed }) => feed)).toEqual([
      'tradingview-socket',
      'unknown',
    ])
  })
})

describe('an exchange', () => {
  const only = async (request: object, response: object) =>
    (await imported(har([exchange({ url: 'https://example.org/', ...request }, { ...response })]), true))
      .entries

  test('that failed has no answer', async () => {
    const entries = await only({}, { status: 0, _error: 'net::ERR_CONNECTION_REFUSED' })
    expect(entries.map(({ kind }) => kind)).toEqual(['request', 'fail'])
  })

  test('keeps both bodies, headers and status; its answer stands at its end', async () => {
    const entries = await only(
      { method: 'POST', headers: [header('Accept', 'a')], postData: { mimeType: 'text/plain', text: 'ask' } },
      {
        status: 429,
        headers: [header('Content-Encoding', 'gzip'), header('Retry-After', '5')],
        content: { size: 5, text: 'later' },
      },
    )
    expect(entries).toMatchObject([
      { kind: 'request', at: 0, method: 'POST', headers: [['Accept', 'a']], text: 'ask' },
      { kind: 'response', at: 250_500, status: 429, decoded: 'gzip', text: 'later' },
    ])
  })

  test.each([
    ['base64', { size: 2, text: '/wA=', encoding: 'base64' }, { base64: '/wA=' }],
    ['a body that was dropped', { size: 10 }, { omitted: 'the capture does not hold this body' }],
    ['no body', { size: 0 }, {}],
  ])('tells apart: %s', async (_, content, expected) => {
    const answer = (await only({}, { content })).at(-1) ?? {}
    const body = Object.fromEntries(Object.entries(answer).filter(([key]) => /text|base64|omitted/.test(key)))
    expect(body).toEqual(expected)
  })
})

describe('secrets never reach the tape', () => {
  const token = 'eyJhbGciOiJSUzI1NiJ9.eyJ1c2VyX2lkIjo0Mn0.c2lnbmF0dXJlLXN5bnRoZXRpYw'

  test('also not those that stand before the entry that gives them away', async () => {
    const secret = 'k3j4h5g6f7d8s9a0'
    const early = frameMessage([`{"m":"note","p":["${secret}"]}`])
    const cookie = socket([{ time: START, data: early }], {
      response: { status: 101, headers: [header('Set-Cookie', `sessionid=${secret}; Path=/`)] },
    })
    const login = socket([
      { type: 'send', time: START + 9, data: frameMessage([`{"m":"set_auth_token","p":["${token}"]}`]) },
    ])
    const { entries, tape } = await imported(har([cookie, login]))
    const text = JSON.stringify(entries)
    expect(text).not.toContain(secret)
    expect(text).not.toContain(token)
    expect(tape.header.redaction).toBe('hmac-sha256')
    const auth = entries.at(-1)
    expect(auth).toMatchObject({ redacted: [[expect.any(Number), token.length, 'text#set_auth_token']] })
  })

  test('nor those of hosts that no feed knows', async () => {
    const url = 'https://user:p4ssw0rd@example.org/login?api_key=k1e2y3v4a5l6u7e8&lang=ethereum'
    const values = ['p4ssw0rd', 'k1e2y3v4a5l6u7e8', 'c0okie-value-1', 'b3arer-value-2', token, 'f0rm-token-3']
    const { entries } = await imported(
      har([
        exchange(
          {
            url,
            method: 'POST',
            headers: [
              header('Cookie', 'id=c0okie-value-1; theme=dark'),
              header('Authorization', 'Bearer b3arer-value-2'),
            ],
            postData: { mimeType: 'x', text: 'lang=en&access_token=f0rm-token-3' },
          },
          {
            content: {
              size: 9,
              text: `{"session":"regular","jwt":"${token}","theme":"dark","sure":"c0okie-value-1"}`,
            },
          },
        ),
      ]),
      true,
    )
    const text = JSON.stringify(entries)
    for (const value of values) expect(text).not.toContain(value)
    for (const ordinary of ['regular', 'dark', 'lang=en', 'ethereum']) expect(text).toContain(ordinary)
  })
})
