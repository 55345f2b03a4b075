import { expect, test } from 'vitest'
import { type Entry, type EntrySupply, everyEntry } from '../../src/tape/index.ts'

const mark = (seq: number): Entry => ({ kind: 'mark', seq, at: seq, note: '' })

/** Entries at hand between two fills; says how often it was closed. */
function supply(blocks: readonly (readonly number[])[]) {
  let hand = [...(blocks[0] ?? [])]
  let filled = 1
  const closed = { times: 0 }
  const source: EntrySupply = {
    next() {
      const seq = hand.shift()
      return seq === undefined ? undefined : mark(seq)
    },
    async fill() {
      const block = blocks[filled]
      filled += 1
      hand = [...(block ?? [])]
      return block !== undefined
    },
    async close() {
      closed.times += 1
    },
  }
  return { closed, source }
}

test('a reader that throws, or has had enough, leaves it closed', async () => {
  const thrown = supply([[1, 2]])
  const reading = (async () => {
    for await (const _ of everyEntry(thrown.source)) throw new Error('enough')
  })()
  await expect(reading).rejects.toThrow('enough')
  expect(thrown.closed.times).toBe(1)

  const left = supply([[1, 2]])
  for await (const _ of everyEntry(left.source)) break
  expect(left.closed.times).toBe(1)
})

test('all of every block come in order, empty ones between them too, and it is closed once behind them', async () => {
  const { closed, source } = supply([[], [1, 2], [], [3]])
  const seqs: number[] = []
  for await (const { seq } of everyEntry(source)) {
    expect(closed.times).toBe(0)
    seqs.push(seq)
  }
  expect({ seqs, closed }).toEqual({ seqs: [1, 2, 3], closed: { times: 1 } })
})
