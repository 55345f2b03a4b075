import { expect, test } from 'vitest'
import { last, pairOf, QUARTER_TICK, tapeOf, walk } from './tapes.ts'

test('a connection that was down explains what differs meanwhile', async () => {
  const moves = walk(300)
  const a = await tapeOf(
    moves.map(({ at, ticks }) => last(at, ticks)),
    { facts: QUARTER_TICK, ends: 600 },
  )
  const kept = moves.filter(({ at }) => at < 200 || at >= 220)
  const b = await tapeOf(
    kept.map(({ at, ticks }) => ({ ...last(at, ticks), conn: at < 200 ? 1 : 2 })),
    {
      facts: QUARTER_TICK,
      ends: 600,
      id: 'b',
      events: [{ kind: 'close', at: 199_000_000, conn: 1, by: 'unknown' }],
    },
  )
  const [own, mirror] = [await pairOf(a, b), await pairOf(b, a)]
  expect(own.kinds.slice(0, 1)).toEqual(['away b'])
  expect(own.explanations[0]?.text).toMatch(/^b was not connected \(last: \d+ times, 19.\d s\)$/)
  expect(mirror.kinds.slice(0, 1)).toEqual(['away a'])
  // It is said, and not judged: a side that was not there could not know.
  for (const pair of [own, mirror]) {
    expect(pair.field('last').worst).toBeDefined()
    expect(pair.field('last').beyond.count).toBe(0)
  }
})
