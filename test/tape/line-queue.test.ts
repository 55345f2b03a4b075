import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPlainFrame } from '../../src/tape/frame-stem.ts'
import type { Entry } from '../../src/tape/index.ts'
import { bodyByTable, fromBytes } from '../../src/tape/line.ts'
import { LineQueue } from '../../src/tape/line-queue.ts'
import { anyEntry, HEADER } from './tapes.ts'

function add(queue: LineQueue, entry: Entry): void {
  if (isPlainFrame(entry)) queue.addSoon(entry)
  else queue.add(entry)
}

function frame(seq: number, text: string): Entry {
  return { kind: 'frame', seq, at: seq * 10, conn: 1, dir: 'in', op: 'text', text }
}

/** Takes until there is nothing more; the next batch is only taken when the one before has been copied. */
function drain(queue: LineQueue): string {
  const parts: Buffer[] = []
  for (let batch = queue.take(); batch !== undefined; batch = queue.take())
    parts.push(Buffer.from(batch.bytes))
  return Buffer.concat(parts).toString()
}

describe('lines on their way to the disk', () => {
  test('are none where nothing was added', () => {
    expect(new LineQueue().take()).toBeUndefined()
  })

  test('are those of the table, in their order, whether made at once or later', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 20 }), entries => {
        const queue = new LineQueue()
        for (const entry of entries) add(queue, entry)
        const bodies = drain(queue)
          .split('\n')
          .slice(0, -1)
          .map(line => line.replace(/,"crc":"[0-9a-f]{8}"}$/, ''))
        expect(bodies).toStrictEqual(entries.map(bodyByTable))
      }),
      { numRuns: 500 },
    )
  })

  const { MAX_SAFE_INTEGER } = Number
  const billion = 1_000_000_000
  test.each([
    0,
    9,
    10,
    99_999,
    billion - 1,
    billion,
    billion + 7,
    2 ** 31,
    2 ** 32,
    9_007_198 * billion,
    9_007_199 * billion - 1,
    MAX_SAFE_INTEGER,
  ])('have the number %d in all its digits', value => {
    const queue = new LineQueue()
    const entry: Entry = {
      kind: 'frame',
      seq: value,
      at: value,
      conn: value,
      dir: 'out',
      op: 'chunk',
      text: '',
    }
    add(queue, entry)
    expect(drain(queue)).toContain(`${bodyByTable(entry)},"crc"`)
  })

  test('are counted before they are made, an empty frame too', () => {
    const queue = new LineQueue()
    const before = queue.bytes
    add(queue, frame(1, ''))
    expect(queue.bytes).toBeGreaterThan(before)
    const { length } = drain(queue)
    expect(queue.bytes).toBe(length)
  })

  test('have a checkpoint behind the 1024th, with its time and not that of those that wait', () => {
    const queue = new LineQueue()
    queue.add(HEADER)
    for (let seq = 1; seq <= 1100; seq++) add(queue, frame(seq, 'x'))
    const lines = drain(queue).split('\n')
    expect(fromBytes(Buffer.from(lines[1025] ?? ''))).toMatchObject({
      kind: 'checkpoint',
      at: 10_240,
      count: 1024,
    })
    expect(lines).toHaveLength(1 + 1100 + 1 + 1)
  })
})

describe('a batch', () => {
  test.each([100, 5_000, 300_000])(
    'of lines with %d characters stays as it was until the next is taken',
    size => {
      const queue = new LineQueue()
      const parts: Buffer[] = []
      let seq = 0
      for (let turn = 0; turn < 40; turn++) {
        const batch = queue.take()
        const asTaken = batch === undefined ? undefined : Buffer.from(batch.bytes)
        // Up to more than two buffers' worth while it is being written.
        for (let added = 0; added < (turn % 4) * 200_000; added += size) {
          seq += 1
          add(queue, frame(seq, String(seq % 10).repeat(size)))
        }
        if (batch === undefined || asTaken === undefined) continue
        expect(asTaken.equals(batch.bytes)).toBe(true)
        parts.push(asTaken)
      }
      const text = Buffer.concat(parts).toString() + drain(queue)
      const entries = text.split('\n').filter(line => line.startsWith('{"kind":"frame"'))
      expect(entries).toHaveLength(seq)
      for (const [index, line] of entries.entries()) {
        const expected = frame(index + 1, String((index + 1) % 10).repeat(size))
        expect(fromBytes(Buffer.from(line))).toStrictEqual(expected)
      }
    },
  )
})
