import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeWithSamples, readSampleFrames, tapeOfFrames } from '../samples.ts'
import { pairOf, report } from './tapes.ts'

describeWithSamples('diff of one tape’s keys, sample 01', folder => {
  const frames = readSampleFrames(join(folder, 'tradingview-socket/01_prodata_2025-12-18.frames.jsonl'))

  test('finds the late older quote: message 55 packet 27, against message 42', async () => {
    const tape = await tapeOfFrames(frames)
    const { explanations, late } = await pairOf(
      `${tape}#qs_multiplexer_full_*|NSE:JUNIPER`,
      `${tape}#qs_multiplexer_simple_*|NSE:JUNIPER`,
    )
    expect(late.a).toMatchObject({
      count: 1,
      first: [
        {
          field: 'last',
          value: '253.5',
          olderBy: 13_000_000,
          place: { message: 55, packet: 27 },
          newer: { value: '253.42', place: { message: 42, packet: 0 } },
        },
      ],
    })
    expect(late.b.count).toBe(0)
    expect(explanations[0]?.kind).toBe('late a')
  })

  test('by receipt the difference of 8 hundredths is there for 0.77 seconds, and explained by it', async () => {
    const tape = await tapeOfFrames(frames)
    const keys = ['full', 'simple'].map(session => `${tape}#qs_multiplexer_${session}_*|NSE:JUNIPER`)
    const { explanations, field, verdict } = await pairOf(keys[0] ?? '', keys[1] ?? '', { axis: 'receipt' })
    const { worst } = field('last')
    expect(worst).toMatchObject({ a: '253.5', b: '253.42', distance: -0.08 })
    expect(Math.round((worst?.lasted ?? 0) / 1_000)).toBe(771)
    expect(explanations.map(({ kind }) => kind)).toEqual(['late a'])
    expect(verdict.isWithin).toBe(false)
  })

  test('two long names of one share say the same at the same time', async () => {
    const tape = await tapeOfFrames(frames)
    const name = (session: string) =>
      `={"adjustment":"dividends","currency-id":"INR",${session}"symbol":"NSE:JUNIPER"}`
    const found = await report(`${tape}#|${name('')}`, `${tape}#|${name('"session":"regular",')}`)
    expect(found.pairs).toHaveLength(1)
    expect(found.verdict.isWithin).toBe(true)
  })
})
