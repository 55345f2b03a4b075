import { describe, expect, test } from 'vitest'
import { readTolerance } from '../../src/diff/index.ts'
import { diffLines } from '../../src/report/diff.ts'
import { last, pairOf, quarter, report, type Said, tapeOf, walk } from './tapes.ts'

const MOVES = walk(300)
const CONFIG = new Map([['CME_MINI:ES1!', { tickSize: { mantissa: 25, scale: 2 } }]])
const LAST = MOVES.map(({ at, ticks }) => ({ ...last(at, ticks), name: 'CME_MINI:ES1!' }))

/** Trade Manager's DATA: the last trade hits the bid in every other step and the ask in the others. */
const sides = (wide = 2, shift = 0): readonly Said[] =>
  MOVES.map(({ at, ticks }, step) => {
    const bid = ticks + shift - (step % 2 === 0 ? 0 : wide)
    return {
      at: shift === 0 ? at + 0.2 : at,
      name: 'ES1!',
      fields: { bid: quarter(bid), ask: quarter(bid + wide) },
    }
  })

const tapes = async (said: readonly Said[]) =>
  [await tapeOf(LAST, { ends: 600 }), await tapeOf(said, { feed: 'trade-manager', ends: 600 })] as const

describe('last-trade marks against marks by bid and ask', () => {
  test('are explained: other marks, not other prices', async () => {
    const { band, explanations, fields, only, verdict } = await pairOf(...(await tapes(sides())), {
      config: CONFIG,
    })
    expect(fields).toEqual([])
    expect(only).toEqual({ a: ['last'], b: ['bid', 'ask'] })
    expect(band).toMatchObject({ lastOf: 'a', below: 0, above: 0 })
    expect(band?.inside).toBe(band?.settled)
    expect(band?.overBid?.mean).toBeCloseTo(1, 1)
    expect(band?.underAsk?.mean).toBeCloseTo(1, 1)
    expect(explanations).toHaveLength(1)
    expect(explanations[0]?.text).toMatch(
      /^other marks, not other prices: a gives the last trade, b bid and ask; the last lies between them 100.0% of the time. By b’s bid a long marks 1.0\d ticks lower/,
    )
    expect(verdict).toMatchObject({ isCompared: true, isWithin: true })
  })

  test('are the same seen from the other side', async () => {
    const [a, b] = await tapes(sides())
    const [own, mirror] = [await pairOf(a, b, { config: CONFIG }), await pairOf(b, a, { config: CONFIG })]
    expect(mirror.band).toMatchObject({ lastOf: 'b', overBid: own.band?.overBid, inside: own.band?.inside })
  })

  test('a last price outside is measured, and judged where a limit is given', async () => {
    const said = sides(2, 7)
    const [a, b] = await tapes(said)
    const { band } = await pairOf(a, b, { config: CONFIG })
    expect(band).toMatchObject({ inside: 0, above: 0, worst: { distance: -7 } })
    const within = async (tolerance: string) =>
      (await report(a, b, { config: CONFIG, tolerances: new Map([readTolerance(tolerance)]) })).verdict
        .isWithin
    expect([await within('last=0'), await within('band=7ticks'), await within('band=6ticks')]).toEqual([
      true,
      true,
      false,
    ])
  })

  test('are told in words', async () => {
    const lines = diffLines(await report(...(await tapes(sides())), { config: CONFIG }))
    expect(lines.join('\n')).toContain('last of a against bid and ask of b\n    inside         100%')
  })
})
