import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { createRecordView, summaryLines } from '../../src/cli/record-view.ts'
import type { Progress, RecordFigures, RecordSummary, SourceSummary } from '../../src/record/index.ts'

function io(isTerminal: boolean): Io & { readonly written: () => string } {
  let text = ''
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      done()
    },
  })
  return { stdout: stderr, stderr, env: {}, isTerminal, isColoured: false, written: () => text }
}

const SYMBOL = {
  name: 'CME_MINI:NQ1!\u001b[31m',
  last: { mantissa: 2_565_025, scale: 2 },
  pricedAt: 11_600_000,
  mode: 'streaming',
  delay: 0,
  marketState: 'market',
}

const STATUS: Extract<Progress, { kind: 'status' }> = {
  kind: 'status',
  at: 12_000_000,
  sources: [
    {
      name: 'tradingview-socket',
      state: 'connected',
      connections: 2,
      framesReceived: 1345,
      quotes: 1,
      symbols: [SYMBOL, { ...SYMBOL, name: 'A:B', last: undefined, pricedAt: undefined }],
    },
  ],
}

const FIGURES: RecordFigures = {
  connections: 2,
  failures: 1,
  gaps: [{ from: 10_000_000, to: 13_500_000 }],
  standing: 'guest',
  framesReceived: 7,
  framesRecorded: 7,
  framesSent: 5,
  quotes: 3,
  unwatched: 0,
  oversized: 0,
  symbols: [SYMBOL],
}

function summaryOf(...figures: readonly Partial<SourceSummary>[]): RecordSummary {
  const sources = figures.map(
    (figure): SourceSummary => ({
      ...FIGURES,
      name: 'tradingview-socket',
      feed: 'tradingview-socket',
      ending: { kind: 'stopped' },
      ...figure,
    }),
  )
  return { ...SUMMARY, sources }
}

const SUMMARY: RecordSummary = {
  ...FIGURES,
  ending: { kind: 'time' },
  sources: [],
  elapsed: 60_000_000,
  entries: 20,
  written: 20,
  sealed: 20,
  bytes: 4_096,
  parts: 1,
  harms: [],
}

test('away from a terminal there are only notes, on lines of their own', () => {
  const output = io(false)
  const view = createRecordView(output)
  view.show(STATUS)
  view.show({ kind: 'note', text: 'no such symbol: "\u001b[2J"' })
  view.end()
  expect(output.written()).toBe('no such symbol: "\\u001b[2J"\n')
})

test('on a terminal one line changes, and a note stands above it; no name moves the cursor', () => {
  const output = io(true)
  const view = createRecordView(output)
  view.show(STATUS)
  const line =
    '12 s · connected (2) · 1,345 frames · 1 quote · CME_MINI:NQ1!\\u001b[31m 25650.25 400 ms ago · A:B –'
  expect(output.written()).toBe(`\r\u001b[2K${line}`)
  view.note('said')
  view.end()
  expect(output.written().split('\r\u001b[2K').slice(2)).toEqual(['said\n', line, ''])
})

test('a live line is never longer than the terminal is wide', () => {
  const output = io(true)
  Object.assign(output.stderr, { columns: 40 })
  createRecordView(output).show(STATUS)
  expect(output.written()).toBe('\r\u001b[2K12 s · connected (2) · 1,345 frames · …')
})

test('the summary says how long there was no connection', () => {
  expect(summaryLines(summaryOf({}))).toEqual([
    'time is up after 1 m 00 s: 2 connections, as guest, 1 attempt failed',
    'without a connection for 3.5 s: 3.5 s at 10 s',
    '3 quote updates of 1 symbol',
  ])
  const calm = summaryOf({ gaps: [], failures: 0, quotes: 0 })
  expect(summaryLines({ ...calm, ending: { kind: 'stopped' } })).toEqual([
    'stopped after 1 m 00 s: 2 connections, as guest',
  ])
})

test('what the count of quotes leaves out is said with its reason, and where it is', () => {
  const calm = { gaps: [], failures: 0 }
  const flood = summaryOf({ ...calm, unwatched: 7, oversized: 1 })
  expect(summaryLines(flood).slice(1)).toEqual([
    '3 quote updates of 1 symbol',
    '6 frames came too fast to be counted as quotes: the tape has them',
    '1 frame was too large to be counted as quotes: the tape has them',
  ])
  const harm = { kind: 'deleted', path: 'a.tape.jsonl' } as const
  for (const lost of [{ written: 19 }, { harms: [harm] }]) {
    expect(summaryLines({ ...flood, ...lost })[2]).toBe('6 frames came too fast to be counted as quotes')
  }
  // json-socket without a mapping: there is no count that could leave anything out.
  expect(summaryLines(summaryOf({ ...calm, quotes: 0, unwatched: 7, oversized: 1 }))).toHaveLength(1)
})

test('of several sources each has its own words, in notes, in the live line and at the end', () => {
  const output = io(true)
  const view = createRecordView(output)
  const [one] = STATUS.sources
  if (one === undefined) throw new Error('no source')
  const other = { ...one, name: 'trade-manager', state: 'waiting', connections: 0, symbols: [] } as const
  view.show({ ...STATUS, sources: [{ ...one, symbols: [] }, other] })
  view.show({ kind: 'note', source: 'trade-manager', text: 'the venue answers 503' })
  expect(output.written().split('\r\u001b[2K').slice(1, 3)).toEqual([
    '12 s | tradingview-socket · connected (2) · 1,345 frames · 1 quote | trade-manager · waiting · 1,3…',
    'trade-manager: the venue answers 503\n',
  ])
  const refused = { kind: 'refused', reason: 'no', next: 'ask' } as const
  const gone = { name: 'trade-manager', ending: refused, connections: 0, gaps: [], quotes: 0 } as const
  expect(summaryLines(summaryOf({ gaps: [], quotes: 0 }, gone))).toEqual([
    'time is up after 1 m 00 s: 2 sources',
    'tradingview-socket: 2 connections, as guest, 1 attempt failed',
    'trade-manager: refused; 0 connections, as guest, 1 attempt failed',
  ])
})
