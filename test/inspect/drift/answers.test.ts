import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { feedNamed } from '../../../src/feeds/index.ts'
import { compareSchemas, cutFixtures, Evidence, smallestCover } from '../../../src/inspect/drift/index.ts'
import { PacketReading } from '../../../src/inspect/schema/index.ts'
import type { Entry, Response } from '../../../src/tape/entry.ts'
import { checkTape, TapeReader, TapeWriter } from '../../../src/tape/index.ts'
import { type Session, schemaOfSession } from './session.ts'
import { SESSION_HEADER } from './sessions.ts'

const SECOND = 1_000_000
const SCAN = '{"symbols":{"tickers":["NASDAQ:SYNTH"]},"columns":["close","change"]}'

/** The scanner asked 200 times, at a pace of our own. */
function polled(
  change: (answer: Response, n: number) => Response = answer => answer,
  pace = SECOND,
): Session {
  const entries = Array.from({ length: 200 }, (_, n): readonly Entry[] => {
    const of = { conn: 1, exchange: n + 1 }
    const text = `{"totalCount":1,"data":[{"s":"NASDAQ:SYNTH","d":[${200 + (n % 8) / 4},${(n % 5) / 8}]}]}`
    const headers: Response['headers'] = [['Content-Type', 'application/json; charset=utf-8']]
    const at = n * pace
    const answer = {
      kind: 'response',
      seq: 2 * n + 2,
      at: at + 40_000,
      ...of,
      status: 200,
      headers,
      text,
    } as const
    const url = 'https://scanner.tradingview.com/america/scan'
    const request = { kind: 'request', seq: 2 * n + 1, at, ...of, feed: 'tradingview-scanner' } as const
    return [{ ...request, method: 'POST', url, headers: [], text: SCAN }, change(answer, n)]
  })
  return sessionOf('tradingview-scanner', entries.flat())
}

function sessionOf(name: string, entries: readonly Entry[]): Session {
  const feed = feedNamed(name)
  if (feed === undefined) throw new Error(`no such feed: ${name}`)
  return { feed, header: { ...SESSION_HEADER, feeds: [name] }, entries }
}

function drift(before: Session, after: Session) {
  return compareSchemas(schemaOfSession(before), schemaOfSession(after)).findings
}

function said(before: Session, after: Session): readonly string[] {
  return drift(before, after).map(({ change, kind, severity }) => `${severity} ${change} ${kind}`)
}

describe('answers', () => {
  it('that come as often as they are asked for are no other cadence, whatever our own pace', () => {
    expect(said(polled(), polled())).toEqual([])
    expect(said(polled(), polled(undefined, 3 * SECOND))).toEqual([])
  })

  it('that fail to come are another cadence, counted in requests', () => {
    const all = polled()
    const some = {
      ...all,
      entries: all.entries.filter(({ kind, seq }) => kind !== 'response' || seq % 4 === 0),
    }
    const [finding] = drift(all, some)
    expect(finding).toMatchObject({ severity: 'warning', change: 'cadence', kind: 'rows' })
    expect(finding?.now).toBe('every 2.0 requests (of 99)')
  })

  it('under another status, or of another content type, are a warning', () => {
    const other = polled((answer, n) => (n % 5 === 0 ? { ...answer, status: 203 } : answer))
    expect(drift(polled(), other)).toMatchObject([
      { severity: 'warning', change: 'status', baseline: '200 (of 200)', now: '40 of 200' },
    ])
    const plain = polled(answer => ({ ...answer, headers: [['content-type', 'text/plain']] }))
    expect(drift(polled(), plain)).toMatchObject([{ severity: 'warning', change: 'content type' }])
    const charset = polled(answer => ({ ...answer, headers: [['content-type', 'application/json']] }))
    expect(said(polled(), charset)).toEqual([])
    const once = polled((answer, n) => (n === 7 ? { ...answer, status: 203 } : answer))
    expect(said(polled(), once)).toEqual(['info status rows'])
  })

  it('that refuse are a warning where they are many, also all in a row', () => {
    const text = '{"totalCount":0,"error":"Unknown field \\"close\\"","data":null}'
    const refused = (from: number) =>
      polled((answer, n) => (n >= from ? { ...answer, status: 400, text } : answer))
    expect(said(polled(), refused(100))).toEqual(['warning kind new error'])
    expect(said(polled(), refused(198))).toEqual(['info kind new error'])
  })

  it('in which a place holds nothing any more are a warning', () => {
    const empty = polled(answer => ({
      ...answer,
      text: String(textOf(answer)).replace(/,[\d.]+\]/, ',null]'),
    }))
    expect(drift(polled(), empty)).toMatchObject([
      { severity: 'warning', change: 'type', path: 'data.*.d.1', said: 'holds nothing any more' },
    ])
  })
})

describe('a fixture', () => {
  it('has an answer with its request, and shows what was found', async () => {
    const other = polled((answer, n) => (n % 5 === 1 ? { ...answer, status: 203 } : answer))
    const fixture = await fixtureOf(polled(), other)
    expect(fixture).toMatchObject({ shows: [0], lost: [], entries: ['request', 'response'], suspicious: 0 })
  })

  it('has all chunks of a line', async () => {
    const line = '{"f":"q","id":"CME:X","ap":2.5,"bp":2.25,"t":1767623404,"brandNew":"word"}\n'
    const lines = (change: (text: string, n: number) => readonly string[]) =>
      streamed(
        Array.from({ length: 120 }, (_, n) => change(line.replace(',"brandNew":"word"', ''), n)).flat(),
      )
    const cut = lines(text => [text])
    const other = lines((text, n) =>
      n % 2 === 0 ? [text.slice(0, 30), `${text.slice(30)}{"f":"new"}\n`] : [text],
    )
    const fixture = await fixtureOf(cut, other)
    expect(fixture.lost).toEqual([])
    expect(fixture.entries).toEqual(['request', 'response', 'frame', 'frame'])
    expect(fixture.broken).toEqual([])
  })
})

function streamed(chunks: readonly string[]): Session {
  const url = 'https://broker.example/api/v1/streaming'
  const of = { conn: 1, exchange: 1, headers: [] }
  const feed = 'tradingview-broker-rest'
  return sessionOf(feed, [
    { kind: 'request', seq: 1, at: 0, ...of, feed, method: 'GET', url },
    { kind: 'response', seq: 2, at: 1, ...of, status: 200 },
    ...chunks.map((text, n): Entry => {
      return { kind: 'frame', seq: n + 3, at: n * SECOND, conn: 1, dir: 'in', op: 'chunk', text }
    }),
  ])
}

function textOf(answer: Response): string | undefined {
  return 'text' in answer ? answer.text : undefined
}

/** Cuts it, and reads it again. */
async function fixtureOf(before: Session, after: Session) {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-drift-answers-'))
  const path = join(folder, 'new.tape.jsonl')
  const writer = await TapeWriter.create(path, after.header)
  for (const { seq: _, ...draft } of after.entries) writer.append(draft)
  await writer.seal(1_000 * SECOND)
  const findings = drift(before, after)
  const shown = (await looked(path, findings)).shown
  const [fixture] = await cutFixtures(smallestCover(shown), { paths: [path], folder, overwrite: false })
  if (fixture === undefined) throw new Error('no fixture')
  expect((await checkTape(fixture.path)).isWhole).toBe(true)
  const again = await looked(fixture.path, findings)
  const shows = new Set(again.shown.flatMap(one => one.shows))
  return { ...fixture, ...again, lost: fixture.shows.filter(index => !shows.has(index)) }
}

async function looked(path: string, findings: ReturnType<typeof drift>) {
  const evidence = new Evidence(findings)
  const tape = await TapeReader.open(path)
  const reading = new PacketReading(tape.header)
  const entries: string[] = []
  const broken: string[] = []
  for await (const entry of tape) {
    const read = reading.apply(entry)
    if (read === undefined) continue
    evidence.look(read, 0)
    entries.push(entry.kind)
    for (const { packet } of read.packets) if (packet.disposition === 'malformed') broken.push(packet.kind)
  }
  return { shown: evidence.result(), entries, broken }
}
