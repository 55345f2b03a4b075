import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { isWhole, Recording } from '../../src/record/index.ts'
import type { Entry } from '../../src/tape/index.ts'
import { manualTime } from './manual-time.ts'
import { EVEN, folder, NQ, ofKind, readEntries, startScene } from './scene.ts'
import { HELLO, quote, type VenueClient } from './venue.ts'

const FRAMES = 1_000

function flood(client: VenueClient, from: number, to: number): readonly string[] {
  const packets = Array.from({ length: to - from }, (_, n) => quote(NQ, { lp: from + n }))
  for (const packet of packets) client.says(packet)
  return packets
}

function incoming(entries: readonly Entry[]): readonly string[] {
  return ofKind(entries, 'frame').flatMap(entry => {
    return entry.dir === 'in' && 'text' in entry ? [entry.text.replace(/^~m~\d+~m~/, '')] : []
  })
}

test('a flood ends at the frame that the limit names, and not one later', async () => {
  for (const limit of [FRAMES - 300, FRAMES - 1]) {
    const scene = await startScene({ limits: { frames: limit } })
    const client = await scene.venue.client()
    await client.hears('quote_fast_symbols')
    const sent = flood(client, 0, FRAMES)
    const summary = await scene.ended
    expect(summary).toMatchObject({
      ending: { kind: 'frames' },
      framesReceived: limit,
      framesRecorded: limit,
    })
    expect(isWhole(summary)).toBe(true)
    expect(incoming(await scene.entries())).toEqual(sent.slice(0, limit))
  }
})

test('what the frame at the limit says is heard before the end', async () => {
  const scene = await startScene({ limits: { frames: FRAMES } })
  const client = await scene.venue.client()
  await client.hears('quote_fast_symbols')
  flood(client, 0, FRAMES - 1)
  client.says('{"m":"protocol_error","p":["bad auth token"]}')
  const summary = await scene.ended
  expect(summary).toMatchObject({ ending: { kind: 'frames' }, framesReceived: FRAMES })
  expect(summary.sources).toMatchObject([{ ending: { kind: 'refused' } }])
})

test('whatever else is recorded stands behind the frames that had come, and the seal behind all of them', async () => {
  const path = join(await folder(), 'a.tape.jsonl')
  const { clock, timers } = manualTime()
  const feeds = [tradingviewSocket]
  const recording = await Recording.create({
    path,
    feeds,
    clock,
    timers,
    random: EVEN,
    version: '0.0.0-test',
  })
  const told: number[] = []
  const receiver = {
    conn: recording.nextConnection(tradingviewSocket),
    framed: (e: Entry) => told.push(e.seq),
  }
  const come = (): void => {
    for (let n = 0; n < 70; n += 1) recording.receive('text', Buffer.from(`${n}`), receiver)
  }
  come()
  // The first 50 are no flood yet.
  expect(recording.entries).toBe(50)
  expect(recording.append({ kind: 'mark', note: 'here' }).seq).toBe(71)
  come()
  const seal = await recording.seal()
  expect(seal?.count).toBe(141)
  const entries = await readEntries(path)
  expect(entries.map(entry => entry.seq)).toEqual(Array.from({ length: 141 }, (_, n) => n + 1))
  expect(told).toEqual(ofKind(entries, 'frame').map(entry => entry.seq))
})

test('a heartbeat in a flood is answered, and nothing that came is missing or out of its order', async () => {
  const scene = await startScene()
  const client = await scene.venue.client()
  await client.hears('quote_fast_symbols')
  client.says(HELLO)
  const before = flood(client, 0, 500)
  client.says('~h~7')
  const behind = flood(client, 500, FRAMES)
  client.says('~h~8')
  expect(await client.hears('~h~7')).toBe('~m~4~m~~h~7')
  expect(await client.hears('~h~8')).toBe('~m~4~m~~h~8')
  const summary = await scene.stop()
  expect(isWhole(summary)).toBe(true)
  const entries = await scene.entries()
  expect(incoming(entries).slice(1)).toEqual([...before, '~h~7', ...behind, '~h~8'])
  const ats = entries.map(entry => entry.at)
  expect(ats).toEqual(ats.toSorted((a, b) => a - b))
})
