import { expect, test } from 'vitest'
import { framePacket } from '../../src/feeds/tradingview-socket/framing.ts'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { isWhole, type RecordSummary } from '../../src/record/index.ts'
import { QuoteWatch } from '../../src/record/watch.ts'
import type { Entry } from '../../src/tape/index.ts'
import { quote } from './venue.ts'

const SECOND = 1_000_000

function framed(at: number, name: string, v: Record<string, unknown>): Entry {
  return { kind: 'frame', seq: 1, at, conn: 1, dir: 'in', op: 'text', text: framePacket(quote(name, v)) }
}

function watching(): QuoteWatch {
  const watch = new QuoteWatch(tradingviewSocket)
  watch.opened(0)
  return watch
}

test('in a flood only so many frames are looked at, and the others are counted', () => {
  const watch = watching()
  for (let n = 0; n < 6_000; n++) watch.see(framed(n * 20, 'A:B', { lp: n }))
  expect([watch.quotes, watch.unwatched, watch.oversized]).toStrictEqual([400, 5_600, 0])
})

test('at a pace that a market has, every frame is looked at', () => {
  const watch = watching()
  for (let n = 0; n < 2_000; n++) watch.see(framed(n * 1_000, 'A:B', { lp: n }))
  expect([watch.quotes, watch.unwatched]).toStrictEqual([2_000, 0])
})

test('a frame larger than any that was seen is not looked at', () => {
  const watch = watching()
  watch.see(framed(1, 'A:B', { description: 'x'.repeat(5_000_000) }))
  watch.see(framed(2, 'A:B', { lp: 1 }))
  expect([watch.quotes, watch.unwatched, watch.oversized]).toStrictEqual([1, 1, 1])
})

test('nobody is called quiet for prices that were not looked at', () => {
  const watch = watching()
  const alarms: string[] = []
  watch.see(framed(0, 'SLOW:ONE', { lp: 1, current_session: 'market' }))
  for (let at = 1_000; at < 150 * SECOND; at += 1_000) {
    if (at % SECOND === 0) alarms.push(...watch.look(at))
    for (let n = 0; n < 3; n++) watch.see(framed(at, 'FAST:ONE', { lp: at }))
    // A price every 20 s, always behind the frames that a look is spent on.
    if (at % (20 * SECOND) === 99_000) watch.see(framed(at, 'SLOW:ONE', { lp: at }))
  }
  expect(watch.unwatched).toBeGreaterThan(0)
  expect(alarms).toStrictEqual([])
})

test('a recording is whole only if received, recorded, written and sealed agree', () => {
  const summary: RecordSummary = {
    ending: { kind: 'stopped' },
    sources: [],
    elapsed: 1,
    connections: 1,
    failures: 0,
    gaps: [],
    framesReceived: 3,
    framesRecorded: 3,
    framesSent: 0,
    entries: 5,
    written: 5,
    sealed: 5,
    bytes: 1,
    parts: 1,
    harms: [],
    quotes: 0,
    unwatched: 0,
    oversized: 0,
    symbols: [],
  }
  expect(isWhole(summary)).toBe(true)
  const deleted = { kind: 'deleted', path: 'a.tape.jsonl' } as const
  for (const wrong of [{ framesRecorded: 2 }, { written: 4 }, { sealed: 4 }, { harms: [deleted] }]) {
    expect(isWhole({ ...summary, ...wrong }), JSON.stringify(wrong)).toBe(false)
  }
})
