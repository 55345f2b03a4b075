import { describe, expect, test } from 'vitest'
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

/** A market that both see, in which b loses its connection from 199 s to 220 s. */
async function broken(
  moves: ReturnType<typeof walk>,
  back: readonly ReturnType<typeof last>[],
  a: readonly ReturnType<typeof last>[] = moves.map(({ at, ticks }) => last(at, ticks)),
) {
  const before = moves.filter(({ at }) => at < 199).map(({ at, ticks }) => last(at, ticks))
  const said = [...before, ...back.map(one => ({ ...one, conn: 2 }))]
  const tapeA = await tapeOf(a, { facts: QUARTER_TICK, ends: 600 })
  const tapeB = await tapeOf(said, {
    facts: QUARTER_TICK,
    ends: 600,
    id: 'b',
    events: [{ kind: 'close', at: 199_000_000, conn: 1, by: 'unknown' }],
  })
  return { own: await pairOf(tapeA, tapeB), mirror: await pairOf(tapeB, tapeA) }
}

describe('a side that comes back', () => {
  const moves = walk(300)

  test('and says again what stood is wrong where that stood no longer', async () => {
    const until = moves.filter(({ at }) => at < 199)
    const wentOn = [...until.map(({ at, ticks }) => last(at, ticks)), last(210, 100_900)]
    const { mirror, own } = await broken(until, [last(220, until.at(-1)?.ticks ?? 0)], wentOn)
    for (const pair of [own, mirror]) {
      expect(pair.verdict.isWithin).toBe(false)
      expect(pair.field('last').beyond.count).toBe(1)
      expect(pair.field('last').beyond.first[0]?.lasted).toBe(380_000_000)
    }
    // The stretch before it came back is said apart.
    expect(own.field('last').causes.map(({ cause }) => cause)).toEqual(['silent a', 'away b'])
  })

  test('and says nothing of what it had said could not know: its subscription was not renewed', async () => {
    const { own } = await broken(moves, [])
    expect(own.field('last').causes.map(({ cause }) => cause)).toEqual(['away b'])
    expect(own.verdict.isWithin).toBe(true)
  })

  test('has missed what came meanwhile, and that is no value of its own for the other', async () => {
    const far = moves.map(({ at, ticks }) => last(at, at === 206 ? ticks + 400 : ticks))
    const { mirror, own } = await broken(
      moves,
      moves.filter(({ at }) => at >= 220).map(({ at, ticks }) => last(at, ticks)),
      far,
    )
    for (const pair of [own, mirror]) expect(pair.verdict.isWithin).toBe(true)
  })

  test('may be told sooner than the stream would have told it', async () => {
    const slow = moves.map(({ at, ticks }) => last(at + (at === 222 ? 0.4 : 0), ticks))
    const back = moves.filter(({ at }) => at >= 222).map(({ at, ticks }) => last(at, ticks))
    expect((await broken(moves, back, slow)).own.verdict.isWithin).toBe(true)
  })
})
