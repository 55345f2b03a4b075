import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Inspection, inspectTape } from '../../src/inspect/index.ts'
import { TapeReader } from '../../src/tape/reader.ts'
import { describeWithSamples, readSampleFrames, type SampleFrame, tapeOfFrames } from '../samples.ts'

/** Computed from the captures by an independent program. */
interface Expected {
  readonly messages: number
  readonly packets: number
  readonly packet_kinds: Readonly<Record<string, number>>
}

async function inspectFrames(frames: readonly SampleFrame[]): Promise<Inspection> {
  return inspectTape(await TapeReader.open(await tapeOfFrames(frames)))
}

function kindsOf({ packets }: Inspection): Readonly<Record<string, number>> {
  return Object.fromEntries(
    packets.kinds.map(({ dir, kind, counts }) => [
      `${dir}:${kind}`,
      Object.values(counts).reduce((sum, count) => sum + count, 0),
    ]),
  )
}

describeWithSamples('real captures of TradingView’s socket', samples => {
  const folder = join(samples, 'tradingview-socket')
  const expected: Readonly<Record<string, Expected>> = JSON.parse(
    readFileSync(join(folder, 'EXPECTED.json'), 'utf8'),
  )
  const files = { '01': '01_prodata_2025-12-18', '06': '06_btcusdt_2025-07-06' }

  test.each(Object.entries(files))(
    '%s: messages, packets and kinds are as expected, and all add up',
    async (id, file) => {
      const frames = readSampleFrames(join(folder, `${file}.frames.jsonl`))
      const inspection = await inspectFrames(frames)
      const { packets } = inspection
      expect(packets.messages.in + packets.messages.out).toBe(expected[id]?.messages)
      expect(packets.packets).toBe(expected[id]?.packets)
      expect(kindsOf(inspection)).toEqual(expected[id]?.packet_kinds)
      expect(packets.dispositions).toMatchObject({ unknown: 0, malformed: 0, error: 0 })
      expect(packets.lengths.messages).toBe(frames.reduce((sum, { data }) => sum + data.length, 0))
      expect(packets.addsUp).toBe(true)
      expect(inspection.ending.isWhole).toBe(true)
    },
  )

  test('a kind that is invented in a copy is unknown, with a sample', async () => {
    const frames = readSampleFrames(join(folder, `${files['01']}.frames.jsonl`))
    const copy = frames.map(frame => ({
      ...frame,
      data: frame.data.replace('"quote_completed"', '"quote_completeX"'),
    }))
    const { packets } = await inspectFrames(copy)
    expect(packets.dispositions.unknown).toBeGreaterThan(0)
    expect(packets.troubles).toMatchObject([
      { disposition: 'unknown', kind: 'quote_completeX', sample: expect.stringContaining('quote_completeX') },
    ])
    expect(packets.addsUp).toBe(true)
  })

  test('01: the update of NSE:CNX500 after its removal is applied and counted', async () => {
    const { afterRemoval, symbols } = await inspectFrames(
      readSampleFrames(join(folder, `${files['01']}.frames.jsonl`)),
    )
    // Message 64; the opening is entry 1, message 0 entry 2.
    expect(afterRemoval).toMatchObject({ count: 1, first: [{ seq: 66, name: 'NSE:CNX500' }] })
    expect(symbols.find(({ symbol }) => symbol === 'NSE:CNX500')).toMatchObject({
      updates: 3,
      last: '23418.6',
    })
  })

  test('01: the older quote of NSE:JUNIPER in message 55, packet 27, is found', async () => {
    const { olderQuotes } = await inspectFrames(readSampleFrames(join(folder, `${files['01']}.frames.jsonl`)))
    expect(olderQuotes).toMatchObject({ count: 1, first: [{ seq: 57, packet: 27, name: 'NSE:JUNIPER' }] })
  })

  test('01: the change of −5.15 in message 27, packet 6, where the prices give −5.13, is found', async () => {
    const { otherChanges } = await inspectFrames(
      readSampleFrames(join(folder, `${files['01']}.frames.jsonl`)),
    )
    expect(otherChanges.first[0]).toMatchObject({ seq: 29, packet: 6, change: '-5.15', byPrices: '-5.13' })
  })

  test('01: the one delayed instrument is XETR:SAP, by 900 s', async () => {
    const { symbols } = await inspectFrames(readSampleFrames(join(folder, `${files['01']}.frames.jsonl`)))
    const delayed = symbols.filter(({ delay }) => delay !== 0)
    expect(delayed.map(({ symbol, delay }) => [symbol, delay])).toEqual([['XETR:SAP', 900]])
  })
})
