import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type CutOptions, cutTape } from '../../../src/edit/cut/index.ts'
import { frameMessage } from '../../../src/feeds/tradingview-socket/framing.ts'
import { Identities, InstrumentBook, identityOf } from '../../../src/instruments/index.ts'
import { decimalText } from '../../../src/model/decimal.ts'
import type { QuoteField, QuoteGroup } from '../../../src/model/quote.ts'
import { randomInteger, seededRandom } from '../../../src/model/random.ts'
import {
  ConnectionFeeds,
  type InstrumentQuote,
  Normalizer,
  type PriceGroup,
  QuoteBook,
} from '../../../src/normalize/index.ts'
import { checkTape, type Entry, type EntryDraft, TapeReader, TapeWriter } from '../../../src/tape/index.ts'
import { HEADER } from '../../tape/tapes.ts'
import { randomSession } from './sessions.ts'

const folder = mkdtempSync(join(tmpdir(), 'feedtape-cut-'))
afterAll(() => rmSync(folder, { recursive: true }))
const url = 'wss://data.tradingview.com/socket.io/websocket'
let files = 0

async function tapeOf(drafts: readonly EntryDraft[]): Promise<string> {
  files += 1
  const path = join(folder, `${files}.tape.jsonl`)
  const writer = await TapeWriter.create(path, { ...HEADER, feeds: ['tradingview-socket'], synthetic: true })
  for (const draft of drafts) writer.append(draft)
  await writer.seal((drafts.at(-1)?.at ?? 0) + 1)
  return path
}

/** The same with `--from` and `--to` in µs. */
async function cut(path: string, options: Partial<CutOptions> & { from?: number; to?: number }) {
  const { from, to, ...others } = options
  const output = `${path}.cut.tape.jsonl`
  const window = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  const report = await cutTape(path, {
    derived: 'cut',
    ...others,
    output,
    overwrite: true,
    window: () => window,
  })
  return { output, report, entries: await entriesOf(output), check: await checkTape(output) }
}

async function entriesOf(path: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of await TapeReader.open(path)) entries.push(entry)
  return entries
}

const GROUPS: readonly QuoteGroup[] = ['last', 'bid', 'ask', 'day', 'extended', 'mode']
const PRICES: readonly PriceGroup[] = ['last', 'bid', 'ask']

/** All that is known of a quote but how many updates it took, which a slice cannot know. */
function shown(quote: InstrumentQuote): unknown {
  const fields = Object.keys(quote.fields).sort()
  return {
    name: quote.name,
    fields: fields.map(field => [field, plain(quote.fields[field as QuoteField])]),
    groups: GROUPS.map(group => quote.receivedAt(group)),
    newest: PRICES.map(group => quote.newestTime(group)),
    prices: PRICES.map(group => {
      const point = quote.group(group)
      if (point === undefined) return undefined
      const { price, at, time, seq, packet, source } = point
      return [plain(price), at, time, seq, packet, source.delay]
    }),
  }
}

function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'mantissa' in value
    ? decimalText(value as Parameters<typeof decimalText>[0])
    : value
}

/** What quotes and facts are at each moment from `from` on, by number; at `from` itself under 0. */
function moments(entries: readonly Entry[], from: number, isByMeaning: boolean): Map<number, string> {
  const seen = new Map<number, string>()
  const identities = new Identities({
    date: Date.parse(HEADER.start) * 1_000,
    moved: (from, to) => {
      book.move(from, to)
      facts.move(from, to)
    },
    rolled: (from, to) => {
      book.roll()
      facts.roll(from, to)
    },
  })
  const canonical = (name: string): string => (isByMeaning ? identities.canonical(name) : identityOf(name))
  const book = new QuoteBook(canonical)
  const facts = new InstrumentBook(new Map(), canonical)
  const now = (): string =>
    JSON.stringify(
      book.quotes().map(quote => [shown(quote), facts.resolve(quote.name)]),
      (_, value: unknown) => plain(value),
    )
  const feeds = new ConnectionFeeds(HEADER.id)
  const normalizer = new Normalizer({
    observation(observation, { conn, seq, at }, packet) {
      if (observation.kind === 'instrument') {
        if (isByMeaning) identities.learn(observation, feeds.place({ conn, seq }))
        facts.learn(observation)
      }
      if (observation.kind === 'quote') book.apply(observation, { at, seq, packet }, conn)
    },
  })
  for (const entry of entries) {
    if (entry.at >= from && !seen.has(0)) seen.set(0, now())
    feeds.apply(entry)
    normalizer.apply(entry)
    if (entry.kind === 'close') book.disconnect(entry.conn)
    if (entry.at >= from) seen.set(entry.seq, now())
  }
  if (!seen.has(0)) seen.set(0, now())
  return seen
}

const frame = (at: number, ...payloads: readonly object[]): EntryDraft => ({
  kind: 'frame',
  at,
  conn: 1,
  dir: 'in',
  op: 'text',
  text: frameMessage(payloads.map(payload => JSON.stringify(payload))),
})
const qsd = (n: string, v: object, session = 'qs_a') => ({ m: 'qsd', p: [session, { n, s: 'ok', v }] })
const opened: EntryDraft = { kind: 'open', at: 0, conn: 1, feed: 'tradingview-socket', url }

describe('a cut by time', () => {
  it('refuses to begin behind the end of the tape, and to be written over it', async () => {
    const path = await tapeOf([opened, frame(10, qsd('X:Y', { lp: 1 }))])
    await expect(cut(path, { from: 1_000_000 })).rejects.toMatchObject({ code: 'usage' })
    const over = cutTape(path, { output: path, overwrite: true, derived: 'cut' })
    await expect(over).rejects.toMatchObject({ code: 'usage' })
    expect((await checkTape(path)).isWhole).toBe(true)
  })

  it('has at every moment the quotes and facts of the whole tape, whatever came before', async () => {
    let leads = 0
    for (let seed = 1; seed <= 120; seed += 1) {
      const random = seededRandom(seed)
      const drafts = randomSession(random, randomInteger(random, 10, 120))
      const end = drafts.at(-1)?.at ?? 0
      const from = randomInteger(random, 1, Math.max(end, 1))
      const path = await tapeOf(drafts)
      const whole = await entriesOf(path)
      const { entries, report, check } = await cut(path, { from })
      expect(check, `seed ${seed}`).toMatchObject({ isWhole: true })
      for (const isByMeaning of [false, true]) {
        const expected = moments(whole, from, isByMeaning)
        const found = moments(entries, from, isByMeaning)
        for (const [seq, state] of expected) {
          expect(JSON.parse(found.get(seq) ?? 'null'), `seed ${seed}, entry ${seq}`).toEqual(
            JSON.parse(state),
          )
        }
      }
      leads += report.lead
    }
    expect(leads).toBeGreaterThan(500)
  })

  it('keeps numbers, times and the bytes of each line, and says what is its lead', async () => {
    const random = seededRandom(7)
    const path = await tapeOf(randomSession(random, 200))
    const from = (await entriesOf(path))[120]?.at ?? 0
    const { output, report, entries } = await cut(path, { from, to: from + 1_000_000 })
    const before = new Set((await readFile(path, 'utf8')).split('\n'))
    const lines = (await readFile(output, 'utf8'))
      .split('\n')
      .filter(line => /^\{"kind":"(?!header|seal|checkpoint)/.test(line))
    expect(lines.length).toBe(report.entries)
    expect(lines.filter(line => !before.has(line))).toEqual([])
    const { lead = 0 } = report.header
    expect(entries.filter(({ seq }) => seq < lead).length).toBe(report.lead)
    for (const { seq, at } of entries) expect(seq < lead).toBe(at < from)
    expect(Math.max(...entries.map(({ at }) => at))).toBeLessThan(from + 1_000_000)
    expect(report.endedAt).toBe(from + 1_000_000)
  })

  /** Orders that chance seldom draws: [key, its fields], one a frame; key `a` ends before the cut. */
  const RARE: Readonly<Record<string, readonly (readonly [key: string, fields: object])[]>> = {
    'a time that came again renews nothing': [
      ['a', { lp: 100, rtc: 5 }],
      ['a', { lp: 100, lp_time: 10 }],
      ['b', { lp: 90 }],
      ['a', { lp_time: 10, bid: 1 }],
      ['b', { lp_time: 11 }],
    ],
    'a late price was renewed, and its key is gone': [
      ['b', { lp: 90, lp_time: 10 }],
      ['a', { lp: 90, lp_time: 9 }],
      ['a', { lp_time: 11 }],
    ],
    'a time could not renew another key’s price': [
      ['c', { lp: 90, lp_time: 10 }],
      ['c', { lp: 70, lp_time: 9 }],
      ['b', { lp: 90, lp_time: 9 }],
      ['b', { lp_time: 11 }],
      ['c', { lp_time: 12, bid: 1 }],
      ['b', { lp_time: 13 }],
    ],
  }
  it.each(Object.entries(RARE))('has the quotes of the whole tape where %s', async (_, said) => {
    const drafts: EntryDraft[] = [opened, { ...opened, conn: 2 }]
    for (const [n, [key, v]] of said.entries()) {
      drafts.push({ ...frame(n + 1, qsd('X:Y', v, key)), conn: key === 'a' ? 2 : 1 } as EntryDraft)
    }
    drafts.push({ kind: 'close', at: 90, conn: 2, by: 'us' }, { kind: 'mark', at: 100, note: 'the cut' })
    const path = await tapeOf(drafts)
    const { entries } = await cut(path, { from: 100 })
    expect(moments(entries, 100, false)).toEqual(moments(await entriesOf(path), 100, false))
  })

  it('needs few frames for a long state: a day of `lp_time` alone hangs on one price', async () => {
    const drafts = [opened, frame(1, qsd('X:Y', { lp: 5, lp_time: 100 }))]
    for (let n = 1; n <= 3_000; n += 1) drafts.push(frame(n, qsd('X:Y', { lp_time: 100 + n })))
    drafts.push(frame(4_000, qsd('X:Y', { volume: 1 })))
    const { entries, report } = await cut(await tapeOf(drafts), { from: 4_000 })
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3_002, 3_003])
    expect(report.lead).toBe(3)
  })

  it('brings how its connections began: upgrade, open, requests and a pause; not those that are over', async () => {
    const at = 0
    const out = (payload: string): EntryDraft => {
      return { kind: 'frame', at, conn: 2, dir: 'out', op: 'text', text: frameMessage([payload]) }
    }
    const drafts: EntryDraft[] = [
      { kind: 'open', at, conn: 1, feed: 'tradingview-socket', url },
      { kind: 'close', at, conn: 1, by: 'us' },
      {
        kind: 'request',
        at,
        conn: 2,
        feed: 'tradingview-socket',
        exchange: 1,
        method: 'GET',
        url,
        headers: [],
      },
      { kind: 'response', at, conn: 2, exchange: 1, status: 101, headers: [] },
      { kind: 'open', at, conn: 2, feed: 'tradingview-socket', url },
      out('{"m":"quote_add_symbols","p":["qs_a","X:Y"]}'),
      out('~h~1'),
      { kind: 'mark', at, conn: 2, standing: 'guest', note: 'a guest' },
      { kind: 'mark', at, note: 'a note' },
      { kind: 'pause', at, conn: 2, reason: 'synthetic' },
      { kind: 'mark', at: 50, note: 'inside' },
      { kind: 'resume', at: 60, conn: 2 },
    ]
    const { entries } = await cut(await tapeOf(drafts), { from: 50 })
    expect(entries.map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 8, 10, 11, 12])
  })

  it('of a cut is a cut again, with the same quotes', async () => {
    const path = await tapeOf(randomSession(seededRandom(11), 150))
    const whole = await entriesOf(path)
    const [first = 0, second = 0] = [whole[60]?.at, whole[110]?.at]
    const once = await cut(path, { from: first })
    const twice = await cut(once.output, { from: second })
    expect(moments(twice.entries, second, true)).toEqual(moments(whole, second, true))
    expect(twice.report.header.derived).toBe('cut; cut')
    expect(twice.check.isWhole).toBe(true)
  })
})

describe('a cut by connection, symbol or kind', () => {
  it('refuses what is not on the tape, and a name with two meanings', async () => {
    const path = await tapeOf([opened, frame(1, qsd('A:X', { lp: 1 })), frame(2, qsd('B:X', { lp: 1 }))])
    await expect(cut(path, { symbols: ['A:Y'] })).rejects.toMatchObject({ code: 'usage' })
    await expect(cut(path, { kinds: ['qsdd'] })).rejects.toMatchObject({ code: 'usage' })
    await expect(cut(path, { conns: [7] })).rejects.toMatchObject({ code: 'usage' })
    await expect(cut(path, { symbols: ['X'] })).rejects.toMatchObject({ code: 'ambiguous' })
  })

  it('by symbol keeps whole frames that mention it, by identity, and requests; its quote is the whole tape’s', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const drafts = randomSession(seededRandom(seed), 100)
      const path = await tapeOf(drafts)
      const whole = await entriesOf(path)
      const from = seed % 2 === 0 ? (whole[50]?.at ?? 0) : 0
      const { entries, check } = await cut(path, {
        symbols: ['NSE:JUNIPER'],
        ...(from === 0 ? {} : { from }),
      })
      expect(check.isWhole).toBe(true)
      const last = (list: readonly Entry[]): unknown => {
        const states: readonly [{ name: string }, unknown][] = JSON.parse(
          [...moments(list, from, false).values()].at(-1) ?? '[]',
        )
        return states.find(([{ name }]) => name === 'NSE:JUNIPER')
      }
      expect(last(entries), `seed ${seed}`).toEqual(last(whole))
      const strays = entries.filter(
        entry =>
          entry.kind === 'frame' &&
          'text' in entry &&
          entry.dir === 'in' &&
          !/NSE:JUNIPER|symbol_resolved/.test(entry.text),
      )
      expect(strays).toEqual([])
    }
  })

  it('by symbol also keeps what gives no observation and names it: an error, the end of a snapshot', async () => {
    const completed = (name: string) => ({ m: 'quote_completed', p: ['qs_a', name] })
    const drafts = [
      opened,
      frame(1, qsd('A:X', { lp: 1 })),
      frame(2, completed('A:X')),
      frame(3, completed('A:XY')),
      frame(4, completed('BA:X')),
      frame(5, { m: 'qsd', p: ['qs_a', { n: 'A:X', s: 'error', errmsg: 'invalid symbol', v: {} }] }),
    ]
    const path = await tapeOf(drafts)
    expect((await cut(path, { symbols: ['A:X'] })).entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 6])
  })

  it('by connection leaves the others out', async () => {
    const path = await tapeOf(randomSession(seededRandom(5), 200))
    const { entries } = await cut(path, { conns: [2], from: 300_000 })
    const conns = new Set(entries.flatMap(entry => ('conn' in entry ? [entry.conn] : [])))
    expect([...conns]).toEqual([2])
  })

  it('by kind keeps such packets, in the direction that is named', async () => {
    const path = await tapeOf(randomSession(seededRandom(6), 200))
    const texts = async (kinds: readonly string[]) =>
      (await cut(path, { kinds })).entries.flatMap(entry =>
        entry.kind === 'frame' && 'text' in entry ? [`${entry.dir} ${entry.text.includes('~h~')}`] : [],
      )
    const one = await texts(['in:heartbeat'])
    expect(one).toContain('in true')
    expect(one).not.toContain('out true')
    expect(one).not.toContain('in false')
    expect(await texts(['heartbeat'])).toContain('out true')
  })
})

describe('a damaged tape', () => {
  it('is cut as far as it is safe, and its reader says what was wrong', async () => {
    const path = await tapeOf(randomSession(seededRandom(9), 100))
    const lines = (await readFile(path, 'utf8')).split('\n')
    lines[40] = (lines[40] ?? '').replace('"at":', '"at" :')
    await writeFile(path, lines.slice(0, 80).join('\n'))
    const { report, check } = await cut(path, { from: 200_000 })
    expect(report.source.problemCount).toBeGreaterThan(0)
    expect(check.isWhole).toBe(true)
  })
})
