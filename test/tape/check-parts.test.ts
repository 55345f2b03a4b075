import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  checkParts,
  checkTape,
  type Entry,
  fromLine,
  type Header,
  partPath,
  type TapeCheck,
  TapeWriter,
} from '../../src/tape/index.ts'
import { DAMAGE_HEADER, EVERY_KIND, memorySource, tapeLines } from './damage.ts'
import { temporaryFolder } from './tapes.ts'

const folder = temporaryFolder()

function hashOf(lines: readonly string[]): string {
  const seal = fromLine(lines.at(-1) ?? '')
  if (seal.kind !== 'seal') throw new Error('no seal')
  return seal.hash
}

async function check(lines: readonly string[]): Promise<TapeCheck> {
  return checkTape(memorySource(Buffer.from(lines.join(''))))
}

function partOf(
  part: number,
  before: readonly string[],
  entries: readonly Entry[],
  change: Partial<Header> = {},
) {
  return tapeLines(entries, 6, { ...DAMAGE_HEADER, part, previousHash: hashOf(before), ...change })
}

const FIRST = tapeLines(EVERY_KIND.slice(0, 6))
const SECOND = partOf(2, FIRST, EVERY_KIND.slice(6, 11))
const THIRD = partOf(3, SECOND, EVERY_KIND.slice(11))

async function together(...tapes: readonly (readonly string[])[]) {
  const checks = checkParts(await Promise.all(tapes.map(check)))
  return checks.map(({ problems }) => problems.map(({ what, expected, found }) => [what, expected, found]))
}

describe('parts that do not follow one another', () => {
  const wrong = 'parts do not follow'
  test.each([
    ['a part between them is missing', [wrong, 'part 2', 'part 3'], [FIRST, THIRD]],
    ['one is there twice', [wrong, 'part 3', 'part 2'], [SECOND, SECOND]],
  ])('%s', async (_, second, tapes) => {
    expect(await together(...tapes)).toStrictEqual([[], [second]])
  })

  test('an entry was left out between them', async () => {
    const second = partOf(2, FIRST, EVERY_KIND.slice(7, 11))
    expect(await together(FIRST, second)).toStrictEqual([[], [[wrong, 'seq 7', 'seq 8']]])
  })

  test('another first part was put before it', async () => {
    const other = tapeLines(EVERY_KIND.slice(0, 6).map(entry => ({ ...entry, at: 1 })))
    expect(await together(other, SECOND)).toStrictEqual([
      [],
      [[wrong, expect.stringContaining('previousHash'), expect.any(String)]],
    ])
  })

  test('its previousHash was changed together with its CRC: its own chain does not fit either', async () => {
    const [, ...lines] = SECOND
    const [header = ''] = partOf(2, THIRD, EVERY_KIND.slice(6, 11))
    const [, problems] = await together(FIRST, [header, ...lines])
    expect(problems?.map(([what]) => what)).toStrictEqual([wrong, 'hash does not fit'])
  })

  test('its time goes back behind that of the part before', async () => {
    const second = partOf(
      2,
      FIRST,
      EVERY_KIND.slice(6, 11).map(entry => ({ ...entry, at: 3 })),
    )
    expect(await together(FIRST, second)).toStrictEqual([[], [[wrong, 'at 4 or later', 'at 3']]])
  })

  test('it began at another time', async () => {
    const start = '2025-12-18T04:10:47.302671Z'
    const second = partOf(2, FIRST, EVERY_KIND.slice(6, 11), { start })
    expect(await together(FIRST, second)).toStrictEqual([
      [],
      [[wrong, `start ${DAMAGE_HEADER.start}`, `start ${start}`]],
    ])
  })
})

describe('parts before the first that was given', () => {
  const lacking = async (...tapes: readonly (readonly string[])[]) =>
    checkParts(await Promise.all(tapes.map(check))).map(({ lacksPartsTo, isWhole }) => [
      lacksPartsTo,
      isWhole,
    ])

  test('are named there, once, and are no damage', async () => {
    expect(await lacking(THIRD)).toStrictEqual([[2, true]])
    expect(await lacking(SECOND)).toStrictEqual([[1, true]])
    expect(await lacking(THIRD, SECOND)).toStrictEqual([
      [undefined, true],
      [1, true],
    ])
  })

  test('are there where the first is, and are not asked of what was derived', async () => {
    const derived = partOf(2, FIRST, EVERY_KIND.slice(6, 11), { derived: 'cut' })
    expect(await lacking(FIRST, SECOND, THIRD)).toStrictEqual(Array(3).fill([undefined, true]))
    expect((await lacking(derived))[0]?.[0]).toBeUndefined()
    expect(await lacking(tapeLines(EVERY_KIND))).toStrictEqual([[undefined, true]])
  })

  test('are those of each recording by itself', async () => {
    const other = partOf(4, FIRST, EVERY_KIND.slice(6, 11), { id: 'b'.repeat(32) })
    expect(await lacking(FIRST, other, SECOND)).toStrictEqual([
      [undefined, true],
      [3, true],
      [undefined, true],
    ])
  })
})

describe('parts that follow one another', () => {
  test('are whole, alone, two by two and in any order', async () => {
    for (const tapes of [[FIRST], [SECOND], [THIRD], [SECOND, THIRD], [THIRD, FIRST, SECOND]]) {
      expect(await together(...tapes)).toStrictEqual(tapes.map(() => []))
      for (const tape of tapes) expect((await check(tape)).isWhole).toBe(true)
    }
  })

  test('are what the recorder rotates, plain and gzip', async () => {
    for (const ending of ['', '.gz']) {
      const path = join(folder, `night.tape.jsonl${ending}`)
      const tape = await TapeWriter.create(path, DAMAGE_HEADER, { rotate: { bytes: 2000 } })
      tape.append({ kind: 'open', at: 1, conn: 1, feed: 'tradingview-socket', url: 'wss://a' })
      for (let at = 2; at < 60; at++) {
        tape.append({ kind: 'frame', at, conn: 1, dir: 'in', op: 'text', text: `frame ${at}` })
      }
      await tape.seal(99)
      const parts = await Promise.all([1, 2, 3].map(part => checkTape(partPath(path, part))))
      expect(checkParts(parts).map(({ isWhole }) => isWhole)).toStrictEqual([true, true, true])
    }
  })

  test('may hold nothing', async () => {
    const empty = tapeLines([], 6, { ...DAMAGE_HEADER, part: 2, previousHash: hashOf(FIRST) })
    expect(await together(FIRST, empty)).toStrictEqual([[], []])
  })

  test('are not asked of tapes of other recordings, nor of tapes that were derived', async () => {
    const other = tapeLines(EVERY_KIND.slice(8), 6, {
      ...DAMAGE_HEADER,
      part: 4,
      previousHash: 'a'.repeat(64),
      id: 'b'.repeat(32),
    })
    const derived = tapeLines(EVERY_KIND.slice(0, 3), 6, { ...DAMAGE_HEADER, derived: 'cut' })
    expect(
      (await together(FIRST, other, derived, SECOND)).every(
        (problems, index) => index === 2 || problems.length === 0,
      ),
    ).toBe(true)
  })
})
