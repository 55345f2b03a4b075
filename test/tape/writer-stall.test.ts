import { expect, test } from 'vitest'
import type { FeedtapeError } from '../../src/model/errors.ts'
import { type EntryDraft, QUEUE_BYTES, TapeWriter } from '../../src/tape/index.ts'
import { manualTime } from '../record/manual-time.ts'
import { stallingDisk } from './stalling-sink.ts'
import { HEADER, readAll } from './tapes.ts'

const MIB = 1024 * 1024

function frame(at: number, text = 'x'): EntryDraft {
  return { kind: 'frame', at, conn: 1, dir: 'in', op: 'text', text }
}

async function stalledWriter(options: { readonly fsync?: boolean } = {}) {
  const disk = stallingDisk()
  const time = manualTime()
  const pressures: boolean[] = []
  const errors: FeedtapeError[] = []
  const writer = await TapeWriter.create('stalled', HEADER, {
    ...options,
    openSink: disk.open,
    timers: time.timers,
    onPressure: isFull => pressures.push(isFull),
    onError: error => errors.push(error),
  })
  const onDisk = () => Buffer.concat(disk.files.get('stalled') ?? [])
  return { disk, time, writer, pressures, errors, onDisk }
}

test('a disk that stands still while nobody stops is an error, and neither flush nor close hangs', async () => {
  const { writer, pressures, errors } = await stalledWriter()
  const text = 'x'.repeat(MIB)
  for (let at = 0; at < 140; at++) writer.append(frame(at, text))
  expect(pressures).toStrictEqual([true])
  expect(errors).toMatchObject([
    {
      code: 'file-unwritable',
      where: 'stalled',
      expected: `at most ${2 * QUEUE_BYTES} bytes that wait for it`,
    },
  ])
  await expect(writer.flush()).rejects.toBe(errors[0])
  await expect(writer.seal(200)).rejects.toBe(errors[0])
  await writer.close()
})

test('a disk that gives up behind a stall is an error that is told once', async () => {
  const { disk, time, writer, errors, onDisk } = await stalledWriter()
  writer.append(frame(1))
  time.advance(10_000)
  await disk.step()
  writer.append(frame(2))
  time.advance(10_000)
  await disk.step(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
  await expect(writer.seal(3)).rejects.toMatchObject({ found: 'ENOSPC: the disk is full' })
  expect(errors).toHaveLength(1)
  expect((await readAll(onDisk())).entries).toMatchObject([{ seq: 1 }])
})

test('64 MiB that wait are pressure, half of them gone is none, and nothing is missing in the end', async () => {
  const { disk, time, writer, pressures, onDisk } = await stalledWriter()
  const text = 'y'.repeat(MIB - 200)
  let at = 0
  while (pressures.length === 0) writer.append(frame(at++, text))
  expect(at).toBe(65)
  expect(writer.queuedBytes).toBeGreaterThanOrEqual(QUEUE_BYTES)
  expect(writer.queuedBytes).toBeLessThan(QUEUE_BYTES + MIB)
  time.advance(10_000)
  const waitedFor: number[] = []
  while (pressures.length === 1) {
    const before = writer.queuedBytes
    await disk.step()
    waitedFor.push(before)
    // Whatever the system took is whole, and what it did not take is in the queue.
    expect(onDisk().length).toBe(writer.bytesWritten)
  }
  expect(pressures).toStrictEqual([true, false])
  expect(waitedFor.at(-1)).toBeGreaterThan(QUEUE_BYTES / 2)
  expect(writer.queuedBytes).toBeLessThanOrEqual(QUEUE_BYTES / 2)
  const sealing = writer.seal(at)
  await disk.run()
  expect(await sealing).toMatchObject({ count: 65 })
  const { entries, isWhole } = await readAll(onDisk())
  expect(isWhole).toBe(true)
  expect(entries).toHaveLength(65)
})

test('small writes are gathered for ten milliseconds, and not longer', async () => {
  const { disk, time, writer } = await stalledWriter()
  await disk.run()
  time.advance(10_000)
  await disk.run()
  expect(disk.calls).toStrictEqual(['open stalled', 'write'])
  for (let at = 0; at < 50; at++) writer.append(frame(at))
  time.advance(9_999)
  await disk.run()
  expect(writer.entriesWritten).toBe(0)
  time.advance(1)
  await disk.run()
  expect(writer.entriesWritten).toBe(50)
  expect(disk.calls).toStrictEqual(['open stalled', 'write', 'write'])
  await writer.close()
})

test('a quarter of a mebibyte is written at once', async () => {
  const { disk, writer } = await stalledWriter()
  await disk.run()
  writer.append(frame(0, 'x'.repeat(256 * 1024)))
  await disk.run()
  expect(writer.entriesWritten).toBe(1)
  await writer.close()
})

test('with fsync what was written is on the disk within 100 ms, and at the seal', async () => {
  const { disk, time, writer } = await stalledWriter({ fsync: true })
  await disk.run()
  for (let at = 0; at < 5; at++) {
    writer.append(frame(at))
    time.advance(10_000)
    await disk.run()
  }
  expect(disk.calls.filter(call => call === 'sync')).toHaveLength(0)
  time.advance(60_000)
  await disk.run()
  expect(disk.calls.filter(call => call === 'sync')).toHaveLength(1)
  time.advance(1_000_000)
  await disk.run()
  expect(disk.calls.filter(call => call === 'sync')).toHaveLength(1)
  await writer.seal(9)
  expect(disk.calls.slice(-2)).toStrictEqual(['sync', 'close'])
})
