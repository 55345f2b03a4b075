import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeWithSamples, readSampleFrames } from '../samples.ts'
import { imported } from './hars.ts'

describeWithSamples('the real Chrome HAR of December 2025', samples => {
  const folder = join(samples, 'tradingview-socket')
  const har = readFileSync(join(folder, '01_prodata_2025-12-18.har'), 'utf8')
  const frames = readSampleFrames(join(folder, '01_prodata_2025-12-18.frames.jsonl'))

  test('gives its 92 messages with their own microseconds', async () => {
    const { entries, report, tape } = await imported(har)
    expect(report).toMatchObject({
      connections: 1,
      exchanges: 1,
      frames: { in: 32, out: 60 },
      leftOut: [],
      notes: [],
    })
    expect(tape.isWhole).toBe(true)
    expect(report.duration).toBe(90_172_681)
    const start = Date.parse('2025-12-18T04:10:47.088Z') * 1000
    const onTape = entries.filter(entry => entry.kind === 'frame')
    expect(onTape.map(({ at, dir }) => [at + start, dir])).toEqual(
      frames.map(({ time = 0, dir }) => [Math.round(time * 1e6), dir]),
    )
  })

  test('differs from the capture only where the tape says so', async () => {
    const { entries } = await imported(har)
    const onTape = entries.flatMap(entry => (entry.kind === 'frame' && 'text' in entry ? [entry] : []))
    for (const [index, { text, redacted = [] }] of onTape.entries()) {
      let original = frames[index]?.data ?? ''
      for (const [offset, length] of redacted) {
        original =
          original.slice(0, offset) + text.slice(offset, offset + length) + original.slice(offset + length)
      }
      expect(text === original, `message ${index}`).toBe(true)
    }
    expect(onTape.flatMap(({ redacted = [] }) => redacted.map(([, , place]) => place))).toEqual([
      'text#hello-via',
      'text#set_auth_token',
    ])
  })
})
