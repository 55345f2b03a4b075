import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { importCapture } from '../../src/import/index.ts'
import { partsOf } from '../../src/import/json-parts.ts'
import { readForeign } from '../../src/import/read-foreign.ts'
import { seededRandom } from '../../src/model/random.ts'
import type { Entry } from '../../src/tape/entry.ts'
import { TapeReader } from '../../src/tape/reader.ts'
import { har, START, socket, temporaryFolder } from './hars.ts'

async function imported(content: string, options: { readonly feed?: string; readonly name?: string } = {}) {
  const folder = await temporaryFolder()
  const path = join(folder, options.name ?? 'capture.json')
  await writeFile(path, content)
  const output = join(folder, 'x.tape.jsonl')
  const feed = options.feed === undefined ? {} : { feed: options.feed }
  const report = await importCapture({ path, output, random: seededRandom(7), version: '0.0.0', ...feed })
  const tape = await TapeReader.open(output)
  const entries: Entry[] = []
  for await (const entry of tape) entries.push(entry)
  const marks = entries.flatMap(entry => (entry.kind === 'mark' ? [entry.note] : []))
  return { report, entries, marks, tape, bytes: await readFile(output, 'utf8') }
}

const lines = (...records: readonly unknown[]): string =>
  records.map(record => JSON.stringify(record)).join('\n')
const framesOf = (entries: readonly Entry[]) =>
  entries.flatMap(entry => (entry.kind === 'frame' && 'text' in entry ? [entry] : []))

const BEAT = '~m~4~m~~h~1'
const QUOTE =
  '{"type": "DATA", "data": {"ticker": "ES1!", "prices": {"ask": 6723.25, "bid": 6723.0}, "tickinfo": {"step": 0.25}}}'

describe('a file that is no capture', () => {
  test.each([
    ['', 'an empty file'],
    ['  \n\n', 'an empty file'],
    ['# a page\nof words', '17 characters of something else'],
    ['a,b\n1,2\n', '8 characters of something else'],
    ['7', '1 characters of something else'],
  ])('%j is refused, and its words are not shown', async (content, found) => {
    await expect(imported(content)).rejects.toMatchObject({ code: 'bad-capture', found })
  })

  test('is not replaced by its tape', async () => {
    const path = join(await temporaryFolder(), 'x.json')
    const options = { path, output: path, random: seededRandom(7), version: '0' }
    await expect(importCapture(options)).rejects.toMatchObject({ code: 'usage' })
  })
})

describe('recognising the shape of a file', () => {
  test('frames with direction and time, by seconds, milliseconds and ISO 8601', async () => {
    const { report, entries, tape } = await imported(
      lines(
        { i: 0, dir: 'out', time: START, opcode: 1, data: BEAT },
        { direction: 'received', timestamp: (START + 1) * 1000, data: BEAT },
        { direction: 'in', ts: '2026-01-05T14:30:02.5Z', payload: BEAT },
      ),
    )
    expect(report.format).toBe('JSON Lines of records')
    expect(report.recognised[0]).toMatchObject({ feed: 'tradingview-socket', confidence: 'certain' })
    expect(framesOf(entries).map(({ at, dir }) => [at, dir])).toEqual([
      [0, 'out'],
      [1_000_000, 'in'],
      [2_500_000, 'in'],
    ])
    expect(tape.header).toMatchObject({
      clock: 'imported',
      start: '2026-01-05T14:30:00.000000Z',
      source: { format: 'json-lines' },
    })
  })

  test('binary frames, and lines that are no records, which are counted', async () => {
    const { entries, report } = await imported(
      lines({ dir: 'in', data: BEAT }, { dir: 'in', opcode: 2, data: 'fn4=' }, { about: 'this session' }),
    )
    expect(entries).toContainEqual(expect.objectContaining({ op: 'binary', base64: 'fn4=' }))
    expect(report.notes).toContain(
      '1 pieces of the file are no records of messages; they are left out (the first is the 3.)',
    )
    expect(report.lost).toBe(1)
  })

  test('times that count from the beginning, and none at all: the tape says what it does not know', async () => {
    const relative = await imported(lines({ t: 1.5, frame: BEAT }, { t: 2.25, frame: BEAT }))
    expect(framesOf(relative.entries).map(({ at }) => at)).toEqual([0, 750_000])
    expect(relative.marks.join()).toContain('times count from the beginning of the capture')
    const none = await imported(`${BEAT}\n${BEAT}\n`)
    expect(none.tape.header.clock).toBe('none')
    expect(none.marks).toEqual([
      'imported: tradingview-socket, certain: framed as ~m~LENGTH~m~',
      'imported: 2 of 2 messages have no time: they stand at the time of the one before',
      'imported: 2 of 2 messages have no direction: they are taken for the venue’s',
      'imported: the address is not in the capture: wss://data.tradingview.com/socket.io/websocket stands for it',
    ])
  })

  test('a browser’s sessions, each a connection with its end', async () => {
    const at = (seconds: number) => `2026-01-05T14:30:0${seconds}.000Z`
    const session = (events: readonly object[]) => ({
      url: 'wss://trademanagergroup.com:5000/ws',
      messages: [
        { type: 'sent', data: '{"type":"PING"}', timestamp: at(1) },
        { type: 'received', data: QUOTE, timestamp: at(2) },
      ],
      events: [{ type: 'open', timestamp: at(0) }, ...events],
    })
    const closed = { type: 'close', code: 1005, reason: '', timestamp: at(3) }
    const { entries, report } = await imported(JSON.stringify([session([closed]), session([])], undefined, 1))
    expect(report).toMatchObject({ format: 'browser sessions', connections: 2, frames: { in: 2, out: 2 } })
    expect(entries.filter(({ kind }) => kind === 'open')).toHaveLength(2)
    expect(entries.filter(({ kind }) => kind === 'close')).toMatchObject([
      { conn: 1, by: 'unknown', code: 1005, at: 3_000_000 },
    ])
  })

  test('messages in a pretty-printed array, each letter for letter', async () => {
    const { entries, report } = await imported(`[\n ${QUOTE},\n {"type":"LOGS","data":"x, [y] \\"z\\" {"}\n]`)
    expect(report).toMatchObject({
      format: 'a JSON array',
      recognised: [{ feed: 'trade-manager' }, { feed: 'json-socket' }],
    })
    expect(framesOf(entries).map(({ text }) => text)).toEqual([
      QUOTE,
      '{"type":"LOGS","data":"x, [y] \\"z\\" {"}',
    ])
  })

  test('messages without their frames, which are put back, and that is said', async () => {
    const event = { e: 'props', d: { entityType: 'fill', eventType: 'Created', entity: { id: 1 } } }
    const { entries, report, marks } = await imported(lines(event))
    expect(framesOf(entries).map(({ text }) => text)).toEqual([`a[${JSON.stringify(event)}]`])
    expect(report.recognised[0]).toMatchObject({ feed: 'tradovate-user-data', confidence: 'likely' })
    expect(marks.join()).toContain('the file has lost the frames of tradovate-user-data: they are put back')
  })

  test('one HTTP answer, and recorded ones with what they say of their exchange', async () => {
    const rows = '{"totalCount":1,"data":[{"s":"X:Y","d":[1.50]}]}'
    const { entries, marks, tape } = await imported(rows)
    expect(entries.filter(({ kind }) => kind !== 'mark')).toMatchObject([
      { kind: 'request', method: 'GET', omitted: 'the capture does not hold this body' },
      { kind: 'response', status: 200, text: rows },
    ])
    expect(tape.header).toMatchObject({ feeds: ['tradingview-scanner'], clock: 'none' })
    expect(marks.join()).toContain('1 answers came without a status: 200 stands for it')
    const request = '{"symbols":{"tickers":["X:Y"]},"columns":["close"]}'
    const told = await imported(
      lines({ http_status: 200, endpoint: 'POST /america/scan', request, body: rows }),
    )
    expect(told.entries.filter(({ kind }) => kind !== 'mark')).toMatchObject([
      { kind: 'request', method: 'POST', url: 'https://scanner.tradingview.com/america/scan', text: request },
      { kind: 'response', text: rows },
    ])
  })

  test('a HAR, by the same command', async () => {
    const { report } = await imported(JSON.stringify(har([socket([{ time: START, data: BEAT }])])), {
      name: 'a.har',
    })
    expect(report).toMatchObject({
      format: 'HAR',
      recognised: [{ feed: 'tradingview-socket', confidence: 'certain' }],
    })
  })

  test('a HAR of a venue behind another host: a socket is known by its looks, anybody’s JSON is not taken', async () => {
    const at = (url: string, data: string) =>
      socket([{ time: START, data }], { request: { method: 'GET', url, headers: [] } })
    const foreign = JSON.stringify(
      har([at('wss://proxy.example/a', BEAT), at('wss://other.example/b', '{"price":1.5}')]),
    )
    const { report, tape } = await imported(foreign, { name: 'a.har' })
    expect(tape.header.feeds).toEqual(['tradingview-socket'])
    expect(report.leftOut).toEqual([{ host: 'other.example', connections: 1, exchanges: 0 }])
    const all = await imported(foreign, { name: 'a.har', feed: 'json-socket' })
    expect(all.tape.header.feeds).toEqual(['tradingview-socket', 'json-socket'])
    const named = await imported(foreign, { name: 'a.har', feed: 'trade-manager' })
    expect(named.tape.header.feeds).toEqual(['trade-manager'])
  })

  test.each([
    [
      'a tape without its header',
      '{"kind":"open","seq":1,"at":0,"conn":1,"feed":"x","url":"wss://x/"}\n',
      'without its header',
    ],
    ['an empty object', '{}', 'no messages'],
    ['an empty list', ' [ ]\n', 'no messages'],
  ])('%s is refused', async (_, text, message) => {
    await expect(imported(text)).rejects.toMatchObject({
      code: 'bad-capture',
      message: expect.stringContaining(message),
    })
  })

  test('JSON that nobody knows, as json-socket; another feed where the user says so', async () => {
    const text = lines({ ev: 'x', price: 1.5 }, { ev: 'x', price: 1.6 })
    const { tape, report } = await imported(text)
    expect(tape.header.feeds).toEqual(['json-socket'])
    expect(report.recognised).toMatchObject([{ feed: 'json-socket', confidence: 'possible' }])
    const forced = await imported(text, { feed: 'trade-manager' })
    expect(forced.tape.header.feeds).toEqual(['trade-manager'])
    expect(forced.marks[0]).toContain('trade-manager, as the user says; by its looks json-socket')
  })

  test('credentials are replaced on the way, whoever’s wire it is', async () => {
    const secret = 'Zx9-secret-0123456789'
    const { bytes } = await imported(
      lines(
        { dir: 'out', data: JSON.stringify({ op: 'login', token: secret }) },
        { dir: 'in', data: `{"hello":"${secret}"}` },
      ),
    )
    expect(bytes).not.toContain(secret)
    expect(bytes).toContain('json token')
  })
})

describe('the parts of a JSON text', () => {
  test('are its members letter for letter, whatever is in it', () => {
    const value = fc.jsonValue()
    fc.assert(
      fc.property(fc.array(value), fc.nat({ max: 3 }), (array, indent) => {
        const parts = partsOf(JSON.stringify(array, undefined, indent))
        expect(parts.map(({ text }) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(array)))
      }),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), object => {
        const json = JSON.stringify(object)
        const parts = partsOf(json)
        expect(parts.map(({ key }) => key)).toEqual(Object.keys(object))
        expect(parts.every(({ text }) => json.includes(text))).toBe(true)
      }),
    )
  })

  test('of what breaks off are none, and nothing runs for ever', () => {
    expect(partsOf('[1,2')).toEqual([])
    expect(partsOf('7')).toEqual([])
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[]{}",:1a\\ ') }), text => partsOf(text).length >= 0),
    )
  })

  test('no text makes the reading of a capture fail', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.array(fc.json()).map(all => all.join('\n')),
        ),
        text => {
          expect(() => readForeign(text)).not.toThrow()
        },
      ),
    )
  })
})
