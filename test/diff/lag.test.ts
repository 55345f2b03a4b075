import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/model/random.ts'
import { last, NAME, pairOf, QUARTER_TICK, report, tapeOf, walk } from './tapes.ts'

const MOVES = walk(400)
const A = MOVES.map(({ at, ticks }) => last(at, ticks))
const later = (seconds: (step: number) => number, declared?: number) =>
  MOVES.map(({ at, ticks }, step) => {
    const mode = declared === undefined ? {} : { mode: `delayed_streaming_${declared}`, delay: declared }
    return last(at + seconds(step), ticks, step === 0 ? mode : {})
  })

async function lagOf(seconds: (step: number) => number, declared?: number, ends = 2_000) {
  const a = await tapeOf(A, { facts: QUARTER_TICK, ends })
  const b = await tapeOf(later(seconds, declared), { facts: QUARTER_TICK, id: 'b', ends })
  return { ...(await pairOf(a, b)), mirror: await pairOf(b, a) }
}

describe('the lag between two wires', () => {
  test('is not made up where no value is on both sides', async () => {
    const a = await tapeOf(A)
    const b = await tapeOf(MOVES.map(({ at, ticks }) => last(at, ticks + 1_000)))
    const { lag, verdict } = await pairOf(a, b, { maxLag: 1_000_000 })
    expect(lag).toEqual({ taken: 0, takenFrom: 'nothing' })
    expect(verdict.judgements.find(({ what }) => what === 'lag')).toMatchObject({ isWithin: false })
  })

  test('of 600 seconds is found, and named by the side that declares it', async () => {
    const { explanations, field, lag, mirror } = await lagOf(() => 600.2, 600)
    expect(lag.spread).toMatchObject({ p10: 600_200_000, median: 600_200_000, p99: 600_200_000, count: 399 })
    expect(explanations).toEqual([{ kind: 'lag', text: 'lag 600.2 s (declared delayed_streaming_600 on b)' }])
    expect(field('last')).toMatchObject({ agreement: 1, coverage: 1 })
    expect(mirror.explanations[0]?.text).toBe('lag 600.2 s (declared delayed_streaming_600 on a)')
  })

  test.each([600, 900])('of %d seconds is found where nobody declares it', async seconds => {
    const { explanations } = await lagOf(() => seconds + 1)
    expect(explanations[0]?.text).toBe(
      `lag ${seconds + 1} s: b comes by a ${seconds} s delay that it does not declare`,
    )
  })

  test('that is declared and not there is said', async () => {
    const { explanations, mirror } = await lagOf(() => 0.5, 600)
    expect(explanations[0]?.text).toBe('b declares delayed_streaming_600, but b is 0.5 s behind a')
    expect(mirror.explanations[0]?.text).toBe('a declares delayed_streaming_600, but b is -0.5 s behind a')
  })

  test('of a moment is measured and explains nothing', async () => {
    const { explanations, lag } = await lagOf(() => 0.25)
    expect(lag.spread?.median).toBe(250_000)
    expect(explanations).toEqual([])
  })

  test('that is uneven shows its distribution, and no value differs', async () => {
    const random = seededRandom(3)
    const { field, lag, verdict } = await lagOf(() => 0.1 + 0.2 * random.next())
    expect(lag.spread?.p10).toBeGreaterThan(100_000)
    expect(lag.spread?.p10).toBeLessThan(150_000)
    expect(lag.spread?.p90).toBeGreaterThan(250_000)
    expect(lag.spread?.p90).toBeLessThan(300_000)
    expect(field('last').agreement).toBe(1)
    expect(verdict.isWithin).toBe(true)
  })

  test('of two clocks that drift apart is followed', async () => {
    const { field, lag } = await lagOf(step => 0.1 + step * 0.002)
    expect(lag.drift).toBeGreaterThan(650_000)
    expect(lag.drift).toBeLessThan(800_000)
    expect(field('last').agreement).toBe(1)
  })

  test('is found where one tape begins long before the other', async () => {
    const a = await tapeOf(walk(400, { from: 0 }).map(({ at, ticks }) => last(at, ticks)))
    const half = walk(400).slice(200)
    const b = await tapeOf(
      half.map(({ at, ticks }) => last(at + 3, ticks)),
      { begins: 403, id: 'b' },
    )
    const { field, lag } = await pairOf(a, b)
    expect(lag.spread?.median).toBe(3_000_000)
    expect(field('last')).toMatchObject({ agreement: 1, coverage: 1 })
  })

  test('of one instrument is taken for another that hardly moves', async () => {
    const quiet = { at: 1, name: 'COMEX:GC1!', fields: { last: '2650.1' } }
    const a = await tapeOf([quiet, ...A.slice(1)], { ends: 1_500 })
    const b = await tapeOf([...later(() => 600).slice(1), { ...quiet, at: 1_450 }], { id: 'b', ends: 1_500 })
    const { pairs } = await report(a, b)
    expect(pairs.find(({ instrument }) => instrument !== NAME)?.lag).toMatchObject({
      taken: 600_000_000,
      takenFrom: 'others',
    })
  })

  test('is judged only where a limit is given, on both sides of it', async () => {
    const a = await tapeOf(A)
    const b = await tapeOf(
      later(() => 0.5),
      { id: 'b' },
    )
    const within = async (maxLag?: number) =>
      (await report(a, b, maxLag === undefined ? {} : { maxLag })).verdict.isWithin
    expect([await within(), await within(500_000), await within(499_999)]).toEqual([true, true, false])
  })
})

describe('a lag that runs away', () => {
  /** A quarter of a second more with each second, from the middle on. */
  const grows = (step: number): number => 0.2 + Math.max(0, step - 200) * 0.5

  test('is said with what it was and what it has become, from either side, and not followed', async () => {
    const { explanations, lag, mirror, verdict } = await lagOf(grows)
    expect(explanations[0]).toEqual({
      kind: 'growth',
      text: 'the lag changes by 98 s: b is 0.2 s behind at first, b is 98.2 s behind at the end; it is not followed',
    })
    expect(lag.growth).toEqual({ first: 200_000, last: 98_200_000 })
    expect(mirror.lag.growth).toEqual({ first: -200_000, last: -98_200_000 })
    expect(verdict.isWithin).toBe(false)
  })

  test('is beyond what is allowed where its end is', async () => {
    const a = await tapeOf(A, { ends: 2_000 })
    const b = await tapeOf(later(grows), { id: 'b', ends: 2_000 })
    const { verdict } = await pairOf(a, b, { maxLag: 30_000_000 })
    expect(verdict.judgements.find(({ what }) => what === 'lag')).toMatchObject({
      isWithin: false,
      found: expect.stringMatching(/at the end$/),
    })
  })

  test('is none where it is uneven only', async () => {
    const random = seededRandom(3)
    const { lag } = await lagOf(() => 0.2 + random.next() * 0.8)
    expect(lag.growth).toBeUndefined()
  })
})
