import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { framePacket } from '../../src/feeds/tradingview-socket/framing.ts'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { LiveRun } from '../../src/live/index.ts'
import { type BookPlan, readPositions, replayToLines } from '../../src/pnl/index.ts'
import { Recording } from '../../src/record/index.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { type ManualTime, manualTime } from '../record/manual-time.ts'
import { EVEN, folder, NQ } from '../record/scene.ts'
import { HELLO, quote } from '../record/venue.ts'

const RULES = { chain: ['last'] as const, staleAfter: 2_000 }
const PLANS: readonly BookPlan[] = [
  readPositions(`{"instrument":"${NQ}","side":"buy","quantity":"1","price":"100"}`, 'fills.jsonl'),
]

interface Driven {
  readonly time: ManualTime
  readonly recording: Recording
  readonly run: LiveRun
  readonly lines: string[]
  /** A frame comes, and nothing is done about it that could wait. */
  says(packet: string): void
  replayed(): Promise<readonly string[]>
}

/** A live run whose clock the test moves. */
async function drive(): Promise<Driven> {
  const path = join(await folder(), 'a.tape.jsonl')
  const time = manualTime()
  const recording = await Recording.create({
    path,
    feeds: [tradingviewSocket],
    clock: time.clock,
    timers: time.timers,
    random: EVEN,
    version: '0.0.0-test',
  })
  const lines: string[] = []
  const run = new LiveRun(recording, PLANS, RULES, { line: line => lines.push(line) })
  run.begin()
  recording.listen(entry => run.take(entry))
  const conn = recording.nextConnection(tradingviewSocket)
  recording.append({ kind: 'open', conn, feed: tradingviewSocket.name, url: 'ws://127.0.0.1/' })
  const receiver = { conn, framed() {} }
  const says = (packet: string) => recording.receive('text', Buffer.from(framePacket(packet)), receiver)
  says(HELLO)
  return { time, recording, run, lines, says, replayed: () => replayedLines(path) }
}

async function replayedLines(path: string): Promise<readonly string[]> {
  const tape = await TapeReader.open(path)
  onTestFinished(() => tape.close())
  const lines: string[] = []
  await replayToLines([tape], PLANS, RULES, line => lines.push(line))
  return lines
}

test('what was received and waits is counted before the time in which it came is over', async () => {
  const { lines, recording, replayed, run, says, time } = await drive()
  // More than are taken one by one.
  for (let n = 0; n < 60; n += 1) says(quote(NQ, { lp: 100 }))
  time.stall(1_000)
  says(quote(NQ, { lp: 101 }))
  const taken = recording.entries
  // The first price is stale by now, the second is not: it still waits.
  time.stall(1_500)
  run.look()
  expect(recording.entries).toBeGreaterThan(taken)
  run.halt()
  const seal = await recording.seal()
  run.finish(seal?.at)
  expect(lines.some(line => line.includes('"mark":"101"'))).toBe(true)
  expect(lines).toEqual(await replayed())
})

test('behind the end of the tape nothing is due any longer', async () => {
  const { lines, recording, replayed, run, says, time } = await drive()
  says(quote(NQ, { lp: 100 }))
  time.stall(500)
  run.halt()
  const seal = await recording.seal()
  time.stall(5_000)
  run.look()
  run.finish(seal?.at)
  expect(lines.some(line => line.startsWith('{"kind":"stale"'))).toBe(false)
  expect(lines).toEqual(await replayed())
})

test('what is due without an entry comes when its time has come, and not before', async () => {
  const { lines, recording, replayed, run, says, time } = await drive()
  says(quote(NQ, { lp: 100 }))
  time.stall(2_000)
  const early = run.look()
  expect(lines.some(line => line.startsWith('{"kind":"stale"'))).toBe(false)
  time.stall(1)
  expect(run.look().at - early.at).toBe(1)
  expect(lines.at(-1)).toContain('"unpriced":"stale (last)"')
  run.halt()
  run.finish((await recording.seal())?.at)
  expect(lines).toEqual(await replayed())
})
