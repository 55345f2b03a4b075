import { describe, expect, test } from 'vitest'
import { type DiffOptions, diffTapes, type SideChoice } from '../../src/diff/index.ts'
import { PartChain, partPath, TapeReader, TapeWriter } from '../../src/tape/index.ts'
import { last, QUARTER_TICK, tapeOf, walk } from './tapes.ts'

const MOVES = walk(200)

/** The same tape in parts of so many bytes; the paths of all. */
async function rotated(path: string, bytes: number): Promise<readonly string[]> {
  const tape = await TapeReader.open(path)
  const to = path.replace('.tape.jsonl', '-night.tape.jsonl')
  const writer = await TapeWriter.create(to, tape.header, { rotate: { bytes } })
  for await (const { seq: _, ...draft } of tape) writer.append(draft)
  await writer.seal(tape.seal?.at ?? 0)
  return Array.from({ length: writer.parts }, (_, index) => partPath(to, index + 1))
}

const choice = ([path = '', ...parts]: readonly string[]): SideChoice => ({
  path,
  ...(parts.length === 0 ? {} : { parts }),
  key: { kind: 'all' },
  text: path,
})

async function held(a: SideChoice, b: SideChoice) {
  const options: Omit<DiffOptions, 'a' | 'b'> = {
    open: path => TapeReader.open(path),
    config: new Map(),
    map: new Map(),
    tolerances: new Map(),
  }
  return await diffTapes({ ...options, a, b })
}

async function tapes() {
  const a = await tapeOf(
    MOVES.map(({ at, ticks }) => last(at, ticks)),
    { facts: QUARTER_TICK },
  )
  const b = await tapeOf(
    MOVES.map(({ at, ticks }) => last(at + 0.25, ticks)),
    { facts: QUARTER_TICK, id: 'b' },
  )
  return { a, b }
}

describe('a side in parts', () => {
  test('of two recordings is refused', async () => {
    const { a, b } = await tapes()
    await expect(held(choice([a, b]), choice([b]))).rejects.toThrow('these are not parts of one recording')
  })

  test('is the tape that it was before, on either side and on both', async () => {
    const { a, b } = await tapes()
    const [partsA, partsB] = [await rotated(a, 6_000), await rotated(b, 9_000)]
    expect(Math.min(partsA.length, partsB.length)).toBeGreaterThan(2)
    const whole = (await held(choice([a]), choice([b]))).report
    expect(whole.verdict.isWithin).toBe(true)
    for (const [one, other] of [
      [partsA, [b]],
      [[a], partsB],
      [partsA, partsB],
    ] as const) {
      const { report, tapes: read } = await held(choice(one), choice(other))
      expect(
        report.pairs.map(({ fields, lag }) => [lag, fields.map(({ changes, times }) => [changes, times])]),
      ).toEqual(
        whole.pairs.map(({ fields, lag }) => [lag, fields.map(({ changes, times }) => [changes, times])]),
      )
      expect(read.every(tape => tape.isWhole)).toBe(true)
      expect(read.map(tape => tape instanceof PartChain)).toEqual([one.length > 1, other.length > 1])
    }
  })

  test('without one of its middle parts says so', async () => {
    const { a, b } = await tapes()
    const parts = await rotated(a, 6_000)
    const { tapes: read } = await held(choice(parts.filter((_, index) => index !== 1)), choice([b]))
    expect(read[0]?.problems.map(({ what }) => what)).toEqual(['parts do not follow'])
  })
})
