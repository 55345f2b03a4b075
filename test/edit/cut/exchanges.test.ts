import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type CutOptions, cutTape } from '../../../src/edit/cut/index.ts'
import { exchangeDrafts } from '../../../src/feeds/index.ts'
import { decimalText } from '../../../src/model/decimal.ts'
import { Normalizer } from '../../../src/normalize/index.ts'
import { checkTape, type Entry, type EntryDraft, TapeReader, TapeWriter } from '../../../src/tape/index.ts'
import { HEADER } from '../../tape/tapes.ts'

const folder = mkdtempSync(join(tmpdir(), 'feedtape-cut-polled-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SECOND = 1_000_000
const FEED = 'tradingview-scanner'
const URL_OF_SCAN = 'https://scanner.tradingview.com/global/scan'

function scan(exchange: number, name: string, price: number): readonly EntryDraft[] {
  const body = JSON.stringify({ symbols: { tickers: [name] }, columns: ['close', 'volume'] })
  const answer = JSON.stringify({ totalCount: 1, data: [{ s: name, d: [price, exchange] }] })
  return exchangeDrafts(
    {
      request: { method: 'POST', url: URL_OF_SCAN, headers: [], body },
      answer: { status: 200, headers: [], body: answer },
    },
    { feed: FEED, conn: 1, exchange, at: exchange * SECOND },
  )
}

/** Polls of two instruments in turn, a second each; the request of the third is 0.5 s earlier than its answer. */
const DRAFTS: readonly EntryDraft[] = Array.from({ length: 6 }, (_, index) => {
  const exchange = index + 1
  const [request, response] = scan(exchange, index % 2 === 0 ? 'X:NQ' : 'X:ES', 100 + exchange)
  return [request, response].flatMap(draft => (draft === undefined ? [] : [draft]))
})
  .flat()
  .map(draft =>
    draft.kind === 'request' && draft.exchange === 3 ? { ...draft, at: draft.at - SECOND / 2 } : draft,
  )

async function cut(options: Partial<CutOptions> & { from?: number; to?: number }, drafts = DRAFTS) {
  const path = join(folder, 'polls.tape.jsonl')
  const writer = await TapeWriter.create(
    path,
    { ...HEADER, feeds: [FEED], synthetic: true },
    { overwrite: true },
  )
  for (const draft of drafts) writer.append(draft)
  await writer.seal(7 * SECOND)
  const output = join(folder, 'slice.tape.jsonl')
  const { from = 0, to = Number.POSITIVE_INFINITY, ...others } = options
  const report = await cutTape(path, {
    derived: 'cut',
    ...others,
    output,
    overwrite: true,
    window: () => ({ from, to }),
  })
  const entries: Entry[] = []
  for await (const entry of await TapeReader.open(output)) entries.push(entry)
  expect((await checkTape(output)).isWhole).toBe(true)
  return {
    report,
    entries,
    kept: entries.map(entry => `${entry.kind} ${'exchange' in entry ? entry.exchange : ''}`),
    quotes: quotesOf(entries),
  }
}

function quotesOf(entries: readonly Entry[]): readonly string[] {
  const quotes: string[] = []
  const normalizer = new Normalizer({
    observation(observation) {
      if (observation.kind !== 'quote') return
      const { last } = observation.fields
      quotes.push(`${observation.name} ${last === undefined || last === null ? 'none' : decimalText(last)}`)
    },
  })
  for (const entry of entries) normalizer.apply(entry)
  return quotes
}

const pair = (exchange: number): readonly string[] => [`request ${exchange}`, `response ${exchange}`]

describe('cutting polled connections', () => {
  it('refuses what is in no exchange', async () => {
    await expect(cut({ symbols: ['NONE'] })).rejects.toThrow('nothing on the tape is of NONE')
  })

  it('keeps with each answer the request that holds its columns, and no other', async () => {
    const { kept, quotes, report } = await cut({ symbols: ['X:ES'] })
    expect(kept).toEqual([2, 4, 6].flatMap(pair))
    expect(quotes).toEqual(['X:ES 102', 'X:ES 104', 'X:ES 106'])
    expect(report).toMatchObject({ lead: 0, connections: 1, frames: 6 })
  })

  it('keeps answers by their kind with their requests, and requests by theirs with their answers', async () => {
    const all = [1, 2, 3, 4, 5, 6].flatMap(pair)
    expect((await cut({ kinds: ['in:rows'] })).kept).toEqual(all)
    expect((await cut({ kinds: ['out:scan'] })).kept).toEqual(all)
  })

  it('leads with the exchanges that the quotes at the cut rest on', async () => {
    const { kept, quotes } = await cut({ from: 5.2 * SECOND })
    // The first that was heard of each name, the quotes that stand, and what follows.
    expect(kept).toEqual([1, 2, 4, 5, 6].flatMap(pair))
    expect(quotes).toEqual(['X:NQ 101', 'X:ES 102', 'X:ES 104', 'X:NQ 105', 'X:ES 106'])
  })

  it('brings the request of an answer that comes behind the cut, by time alone and by content', async () => {
    const from = 2.7 * SECOND
    const byTime = await cut({ from })
    expect(byTime.kept).toEqual([...pair(1), ...pair(2), ...pair(3), ...pair(4), ...pair(5), ...pair(6)])
    expect(byTime.quotes.slice(2)).toEqual(['X:NQ 103', 'X:ES 104', 'X:NQ 105', 'X:ES 106'])
    const byContent = await cut({ from, symbols: ['X:NQ'] })
    expect(byContent.quotes).toEqual(['X:NQ 101', 'X:NQ 103', 'X:NQ 105'])
    expect(byContent.kept).toEqual([1, 3, 5].flatMap(pair))
  })

  it('counts bodies in the window', async () => {
    const { report } = await cut({ from: 4.5 * SECOND })
    expect(report.frames).toBe(4)
  })

  it('keeps a stream’s request and answer for the chunks that are taken', async () => {
    const line = (id: string, price: number) =>
      `${JSON.stringify({ f: 't', id, p: price, s: 1, t: 1_772_463_600 })}\n`
    const drafts = exchangeDrafts(
      {
        request: { method: 'GET', url: 'https://broker.example/streaming?symbols=A%2CB', headers: [] },
        answer: { status: 200, headers: [] },
        chunks: [line('A', 1), line('B', 2), line('A', 3), line('B', 4)],
      },
      { feed: 'tradingview-broker-rest', conn: 1, exchange: 1, at: 0 },
    ).map((draft, index) => ({ ...draft, at: index * SECOND }))
    const byContent = await cut({ symbols: ['A'] }, drafts)
    expect(byContent.kept).toEqual(['request 1', 'response 1', 'frame ', 'frame '])
    const byTime = await cut({ from: 3.5 * SECOND }, drafts)
    expect(byTime.kept.slice(0, 2)).toEqual(['request 1', 'response 1'])
    expect(byTime.kept.at(-1)).toBe('frame ')
  })
})
