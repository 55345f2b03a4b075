import { describe, expect, test } from 'vitest'
import { readTolerance } from '../../src/diff/index.ts'
import {
  decimal,
  last,
  NAME,
  pairOf,
  QUARTER_TICK,
  quarter,
  report,
  type Said,
  tapeOf,
  walk,
} from './tapes.ts'

const MOVES = walk(300)
const A = MOVES.map(({ at, ticks }) => last(at, ticks))
const tolerances = (...texts: readonly string[]) => new Map(texts.map(readTolerance))
const withTick = (said: readonly Said[], id = 'a') => tapeOf(said, { facts: QUARTER_TICK, id, ends: 600 })

/** b, with one step of a off by so many ticks. */
const off = (ticks: number, step = 50) =>
  MOVES.map(({ at, ticks: own }, index) => last(at, index === step ? own + ticks : own))

describe('identical tapes', () => {
  test('differ in nothing', async () => {
    const a = await withTick(A)
    const { explanations, field, verdict } = await pairOf(a, a)
    expect(field('last')).toMatchObject({ agreement: 1, coverage: 1, worst: undefined, distance: undefined })
    expect(field('last').matched.missing).toEqual({ a: { count: 0, first: [] }, b: { count: 0, first: [] } })
    expect({ explanations, isWithin: verdict.isWithin }).toEqual({ explanations: [], isWithin: true })
  })
})

describe('a wrong price', () => {
  test('is found with its size, its length and its places', async () => {
    const [a, b] = [await withTick(A), await withTick(off(3), 'b')]
    const { field, kinds, verdict } = await pairOf(a, b)
    const { agreement, times, worst } = field('last')
    expect(worst).toMatchObject({ distance: 3, lasted: 2_000_000, placeA: { seq: 52, message: 50 } })
    expect(times.differing).toBe(1_950_000)
    expect(agreement).toBeGreaterThan(0.99)
    expect(agreement).toBeLessThan(1)
    expect(kinds).toEqual(['unexplained'])
    expect(verdict.isWithin).toBe(false)
  })

  test.each([
    ['last=3ticks', true],
    ['last=2.9ticks', false],
    ['last=0.75', true],
    ['last=0.74', false],
    ['last=0.0031%', true],
    ['last=0.0029%', false],
    ['bid=5ticks', false],
  ])('of three ticks is by %s within: %s', async (tolerance, isWithin) => {
    const [a, b] = [await withTick(A), await withTick(off(3), 'b')]
    const { verdict } = await report(a, b, { tolerances: tolerances(tolerance) })
    expect(verdict.isWithin).toBe(isWithin)
  })

  test('in ticks is not allowed where nobody knows the tick, and distances are as they stand', async () => {
    const [a, b] = [
      await tapeOf(A.map(said => ({ ...said, name: 'X:Y' }))),
      await tapeOf(off(3).map(said => ({ ...said, name: 'X:Y' }))),
    ]
    const { field, verdict } = await pairOf(a, b, { tolerances: tolerances('last=9ticks') })
    expect(field('last')).toMatchObject({ isInTicks: false, worst: { distance: 0.75 } })
    expect(verdict.judgements[0]).toMatchObject({
      isWithin: false,
      allowed: '9 ticks, but the tick is unknown: 0',
    })
  })

  test('is found in the config’s ticks', async () => {
    const [a, b] = [await tapeOf(A), await tapeOf(off(3))]
    const config = new Map([[NAME, { tickSize: decimal('0.75') }]])
    const { field, tick } = await pairOf(a, b, { config })
    expect({ tick, distance: field('last').worst?.distance }).toEqual({
      tick: { size: '0.75', source: 'config' },
      distance: 1,
    })
  })

  test('that is always off by the same is another contract', async () => {
    const b = MOVES.map(({ at, ticks }) => last(at, ticks + 49, { volume: String(at + 1) }))
    const a = MOVES.map(({ at, ticks }) => last(at, ticks, { volume: String(at + 1) }))
    const { explanations, kinds } = await pairOf(await withTick(a), await withTick(b, 'b'))
    expect(kinds).toContain('constant')
    expect(explanations.find(({ kind }) => kind === 'constant')?.text).toMatch(
      /^b is always \+49 ticks from a/,
    )
  })

  test('in a field that is not asked for is not compared', async () => {
    const [a, b] = [await withTick(A), await withTick(off(3), 'b')]
    const { isCompared, isWithin } = (await report(a, b, { fields: new Set(['bid'] as const) })).verdict
    expect({ isCompared, isWithin }).toEqual({ isCompared: false, isWithin: true })
  })
})

describe('what one side does not have', () => {
  test('a dropped change is missing on that side, and stands for what differed meanwhile', async () => {
    const dropped = A.filter((_, step) => step !== 50)
    const [a, b] = [await withTick(A), await withTick(dropped, 'b')]
    const { missing } = (await pairOf(a, b)).field('last').matched
    expect(missing.a.count).toBe(0)
    expect(missing.b).toMatchObject({ count: 1, first: [{ value: quarter(MOVES[50]?.ticks ?? 0) }] })
    expect((await pairOf(b, a)).field('last').matched.missing).toEqual({ a: missing.b, b: missing.a })
  })

  test('a side that polls every second misses what lies between, and that is said', async () => {
    const moves = walk(1_500, { every: 0.3 })
    const a = await tapeOf(
      moves.map(({ at, ticks }) => last(at, ticks)),
      { ends: 450 },
    )
    const polled = Array.from({ length: 449 }, (_, second) => {
      const standing = moves.filter(({ at }) => at <= second + 0.9).at(-1)
      return last(second + 1, standing?.ticks ?? 0)
    })
    const b = await tapeOf(polled, { feed: 'tradingview-scanner', ends: 450 })
    const { explanations, field, verdict } = await pairOf(a, b)
    expect(explanations.find(({ kind }) => kind === 'polled')?.text).toMatch(
      /^b polls every ~1 s: \d+ of \d+ changes of a/,
    )
    expect(field('last').matched.missing.b.count).toBeGreaterThan(500)
    expect(verdict.isWithin).toBe(true)
  })

  test('a wrong value of a side that polls is found in a market that never settles', async () => {
    const moves = walk(1_500, { every: 0.3 })
    const a = await tapeOf(
      moves.map(({ at, ticks }) => last(at, ticks)),
      { ends: 450, facts: QUARTER_TICK },
    )
    const polled = (wrong: number) =>
      Array.from({ length: 449 }, (_, second) => {
        const standing = moves.filter(({ at }) => at <= second + 0.9).at(-1)?.ticks ?? 0
        return last(second + 1, second === 200 ? standing + wrong : standing)
      })
    const b = await tapeOf(polled(100), { feed: 'tradingview-scanner', ends: 450 })
    const { field, verdict } = await pairOf(a, b)
    const { beyond, count, worst } = field('last').strays.b
    expect({ agreement: field('last').agreement, count, beyond: beyond.count }).toEqual({
      agreement: undefined,
      count: 1,
      beyond: 1,
    })
    expect(worst?.distance).toBeGreaterThan(80)
    expect(verdict.judgements[0]?.found).toMatch(/^a value \+\d+ ticks off all that the other side had$/)
    const allowed = await report(a, b, { tolerances: tolerances('last=100ticks') })
    expect([verdict.isWithin, allowed.verdict.isWithin]).toEqual([false, true])
  })

  test('a socket that passes on less is said to', async () => {
    const thinned = A.filter((_, step) => step % 3 !== 1)
    const { explanations, kinds } = await pairOf(await withTick(A), await withTick(thinned, 'b'))
    expect(kinds).toContain('conflated')
    expect(explanations.find(({ kind }) => kind === 'conflated')?.text).toMatch(
      /^b passes on less: 1\d\d of 299 changes of a are not on b$/,
    )
  })

  test('a value that was taken back costs coverage, on both sides of the limit', async () => {
    const taken = A.flatMap(said => {
      if (said.at === 300) return [{ ...said, fields: { last: null } }]
      return said.at > 300 && said.at < 360 ? [] : [said]
    })
    const [a, b] = [await withTick(A), await withTick(taken, 'b')]
    expect((await pairOf(a, b)).field('last').coverage).toBeCloseTo(0.9, 6)
    const within = async (minCoverage: number) =>
      (await report(a, b, { minCoverage, tolerances: tolerances('last=100ticks') })).verdict.isWithin
    expect([await within(0.9), await within(0.901)]).toEqual([true, false])
  })

  test('a silence while the other moves is found and explains what differs', async () => {
    const silent = A.filter(({ at }) => at < 200 || at > 260)
    const { b, explanations } = await pairOf(await withTick(A), await withTick(silent, 'b'))
    expect((b.longestSilence?.to ?? 0) - (b.longestSilence?.from ?? 0)).toBe(64_000_000)
    expect(explanations[0]).toMatchObject({ kind: 'silent b' })
  })
})

test('rounding is named: decimals that one side does not keep', async () => {
  const cents = MOVES.map(({ at, ticks }) => ({ at, fields: { last: quarter(ticks) } }))
  const rounded = (how: (ticks: number) => string) =>
    MOVES.map(({ at, ticks }) => ({ at, fields: { last: how(ticks) } }))
  const tape = (said: readonly Said[], id: string) => tapeOf(said, { facts: QUARTER_TICK, id, ends: 600 })
  const a = await tape(cents, 'a')
  const b = await tape(
    rounded(ticks => String(Math.trunc((ticks / 4) * 10) / 10)),
    'b',
  )
  const c = await tape(
    rounded(ticks => String(Math.round((ticks / 4) * 10) / 10)),
    'c',
  )
  const cut = await pairOf(a, b)
  expect(cut.kinds[0]).toBe('rounding')
  expect(cut.explanations[0]?.text).toMatch(/^rounding: b keeps 1 decimals, cut off \(last/)
  expect((await pairOf(c, a)).explanations[0]?.text).toMatch(/^rounding: a keeps 1 decimals, rounded \(last/)
  expect(cut.field('last').matched.missing.a.count).toBe(0)
})

test('a session that is over on one side explains what differs', async () => {
  const closed = (state: string) =>
    MOVES.map(({ at, ticks }, step) =>
      last(at, step < 100 || state === 'market' ? ticks : (MOVES[99]?.ticks ?? 0), {
        volume: String(step + 1),
        ...(step === 100 ? { marketState: state } : step === 0 ? { marketState: 'market' } : {}),
      }),
    )
  const { kinds } = await pairOf(
    await withTick(closed('market')),
    await withTick(closed('out_of_session'), 'b'),
  )
  expect(kinds).toContain('session')
})

test('crossed and locked markets are counted on the side that has them', async () => {
  const sides = (bid: string, ask: string, at: number): Said => ({ at, fields: { bid, ask } })
  const fair = [sides('100', '101', 1), sides('101', '102', 5), sides('100', '101', 9)]
  const odd = [sides('100', '101', 1), sides('102', '101', 5), sides('101', '101', 7), sides('100', '101', 9)]
  const { a, b } = await pairOf(await tapeOf(fair), await tapeOf(odd))
  expect([a.crossed.count, a.locked.count, b.crossed.count, b.locked.count]).toEqual([0, 0, 1, 1])
  expect(b.crossed.first[0]).toMatchObject({ seq: 3, message: 1 })
})
