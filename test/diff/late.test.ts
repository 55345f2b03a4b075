import { describe, expect, test } from 'vitest'
import { last, pairOf, QUARTER_TICK, type Said, tapeOf, walk } from './tapes.ts'

const timed = (at: number, ticks: number, lastTime: number, session = 'qs_1'): Said => ({
  ...last(at, ticks, { lastTime }),
  session,
})

describe('an older quote that comes late', () => {
  const full = [timed(1, 100, 0, 'qs_full'), timed(20, 110, 14, 'qs_full')]
  const simple = [timed(15, 110, 14, 'qs_simple')]
  const said = [...full, timed(16, 105, 3, 'qs_full'), ...simple].toSorted((one, other) => one.at - other.at)

  test('is found against the other key of one tape, with both places', async () => {
    const tape = await tapeOf(said, { facts: QUARTER_TICK, ends: 30 })
    const { late } = await pairOf(`${tape}#qs_full|`, `${tape}#qs_simple|`)
    expect(late.a).toMatchObject({
      count: 1,
      first: [
        {
          field: 'last',
          value: '26.25',
          olderBy: 11_000_000,
          place: { message: 2, session: 'qs_full' },
          newer: { value: '27.5', place: { message: 1, session: 'qs_simple' } },
        },
      ],
    })
    expect(late.b.count).toBe(0)
  })

  test('is what explains the difference by receipt, and none by the wire’s time', async () => {
    const tape = await tapeOf(said, { facts: QUARTER_TICK, ends: 30 })
    const keys = [`${tape}#qs_full|`, `${tape}#qs_simple|`] as const
    expect((await pairOf(...keys, { axis: 'receipt' })).kinds).toContain('late a')
    const byWire = await pairOf(...keys)
    expect(byWire.field('last').axis).toBe('wire')
    expect(byWire.explanations[0]?.text).toContain(
      '1 late older quote on a: by the wire’s time nothing differs',
    )
  })

  test('under two names of one side is found there, and not applied', async () => {
    const tape = await tapeOf(said, { facts: QUARTER_TICK, ends: 30 })
    const other = await tapeOf([timed(1, 100, 0), timed(15, 110, 14), timed(20, 110, 14)], {
      ends: 30,
      id: 'b',
    })
    const { a, field } = await pairOf(tape, other)
    expect(a.late).toMatchObject({ count: 1, first: [{ value: '26.25', olderBy: 11_000_000 }] })
    expect(field('last').agreement).toBe(1)
  })

  test('is none where the whole wire is late by as much', async () => {
    const moves = walk(300)
    const a = await tapeOf(
      moves.map(({ at, ticks }) => timed(at + 1, ticks, at)),
      { ends: 1_500 },
    )
    const b = await tapeOf(
      moves.map(({ at, ticks }) => timed(at + 601, ticks, at)),
      { ends: 1_500, id: 'b' },
    )
    const { field, lag, late } = await pairOf(a, b)
    expect([late.a.count, late.b.count, lag.spread?.median]).toEqual([0, 0, 600_000_000])
    expect(field('last')).toMatchObject({ axis: 'wire', agreement: 1 })
  })
})

describe('the time that both go by', () => {
  const moves = walk(200)
  test('is the receipt where only one side has the wire’s, or one has it finer', async () => {
    const none = await tapeOf(moves.map(({ at, ticks }) => last(at, ticks)))
    const whole = await tapeOf(moves.map(({ at, ticks }) => timed(at, ticks, at)))
    const axis = async (a: string, b: string) => (await pairOf(a, b)).field('last').axis
    expect([await axis(none, whole), await axis(whole, whole)]).toEqual(['receipt', 'wire'])
  })

  test('is the wire’s where the receipts are bunched, and no value differs by it', async () => {
    const bunched = await tapeOf(moves.map(({ at, ticks }) => timed(Math.ceil(at / 20) * 20 + 1, ticks, at)))
    const prompt = await tapeOf(
      moves.map(({ at, ticks }) => timed(at + 0.1, ticks, at)),
      { id: 'b' },
    )
    expect((await pairOf(bunched, prompt)).field('last')).toMatchObject({ axis: 'wire', agreement: 1 })
    const byReceipt = (await pairOf(bunched, prompt, { axis: 'receipt' })).field('last')
    expect(byReceipt.axis).toBe('receipt')
  })
})
