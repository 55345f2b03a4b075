import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { createRecordView, summaryLines } from '../../src/cli/record-view.ts'
import type { Progress, RecordSummary } from '../../src/record/index.ts'

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

const STATUS: Progress = {
  kind: 'status',
  at: 12_000_000,
  state: 'connected',
  connections: 2,
  framesReceived: 1345,
  quotes: 1,
  symbols: [SYMBOL, { ...SYMBOL, name: 'A:B', last: undefined, pricedAt: undefined }],
}

const SUMMARY: RecordSummary = {
  ending: { kind: 'time' },
  elapsed: 60_000_000,
  connections: 2,
  failures: 1,
  gaps: [{ from: 10_000_000, to: 13_500_000 }],
  standing: 'guest',
  framesReceived: 7,
  framesRecorded: 7,
  framesSent: 5,
  entries: 20,
  written: 20,
  sealed: 20,
  bytes: 4_096,
  parts: 1,
  isGone: false,
  quotes: 3,
  unwatched: 0,
  symbols: [SYMBOL],
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
  expect(summaryLines(SUMMARY)).toEqual([
    'time is up after 1 m 00 s: 2 connections, as guest, 1 attempt failed',
    'without a connection for 3.5 s: 3.5 s at 10 s',
    '3 quote updates of 1 symbol',
  ])
  expect(summaryLines({ ...SUMMARY, ending: { kind: 'stopped' }, gaps: [], failures: 0, quotes: 0 })).toEqual(
    ['stopped after 1 m 00 s: 2 connections, as guest'],
  )
})
