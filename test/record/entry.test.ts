import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { systemClock } from '../../src/model/clock.ts'
import { isWhole, Recording } from '../../src/record/index.ts'
import { chainParts, type Entry, partPath, TapeReader } from '../../src/tape/index.ts'
import { EVEN, folder, NQ, ofKind, startScene } from './scene.ts'
import { HELLO, quote } from './venue.ts'

const FRAMES = 300

test('a listener that fails hears no more, and the recording goes on to its end', async () => {
  const heard: Entry[] = []
  const scene = await startScene({
    entry: entry => {
      heard.push(entry)
      if (entry.kind === 'open') throw new Error('planted')
    },
  })
  const client = await scene.venue.client()
  await client.hears('quote_fast_symbols')
  client.says(HELLO)
  await scene.noted(/whoever listens failed at entry \d+ \(planted\): it hears no more, recording goes on/)
  expect(isWhole(await scene.stop())).toBe(true)
  const entries = await scene.entries()
  expect(heard).toEqual(entries.slice(0, heard.length))
  expect(ofKind(entries, 'mark').some(({ note }) => note.includes('whoever listens failed'))).toBe(true)
})

test('who listens hears what a replay of the tape reads: in order, numbered, without secrets', async () => {
  const heard: Entry[] = []
  const scene = await startScene({ entry: entry => heard.push(entry), limits: { frames: FRAMES + 2 } })
  const client = await scene.venue.client()
  await client.hears('quote_fast_symbols')
  client.says(HELLO)
  client.socket.ping('are you there')
  for (let n = 0; n < FRAMES; n += 1) client.says(quote(NQ, { lp: n, via: '203.0.113.77:443' }))
  expect(isWhole(await scene.ended)).toBe(true)
  expect(heard).toEqual(await scene.entries())
  expect(ofKind(heard, 'frame').filter(({ dir }) => dir === 'in')).toHaveLength(FRAMES + 2)
  expect(JSON.stringify(heard)).not.toContain('203.0.113.77')
})

test('who listens to a rotated recording hears what a replay of its parts in a row reads', async () => {
  const path = join(await folder(), 'a.tape.jsonl')
  const recording = await Recording.create({
    path,
    feeds: [tradingviewSocket],
    clock: systemClock,
    random: EVEN,
    version: '0.0.0-test',
    rotate: { bytes: 2_000 },
  })
  const heard: Entry[] = []
  recording.listen(entry => heard.push(entry))
  const conn = recording.nextConnection(tradingviewSocket)
  recording.append({ kind: 'open', conn, feed: tradingviewSocket.name, url: 'ws://127.0.0.1/' })
  for (let n = 0; n < FRAMES; n += 1) {
    recording.append({ kind: 'frame', conn, dir: 'in', op: 'text', text: `frame ${n}` })
  }
  await recording.seal()
  expect(recording.parts).toBeGreaterThan(3)
  expect(heard).toEqual(await chained(path, recording.parts))
})

async function chained(path: string, count: number): Promise<readonly Entry[]> {
  const paths = Array.from({ length: count }, (_, index) => partPath(path, index + 1))
  const readers = await Promise.all(paths.map(part => TapeReader.open(part)))
  const [chain] = chainParts(readers)
  if (chain === undefined) throw new Error('no parts')
  onTestFinished(() => chain.close())
  const entries: Entry[] = []
  for await (const entry of chain) entries.push(entry)
  expect(chain.isWhole).toBe(true)
  return entries
}
