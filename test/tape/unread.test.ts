import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Entry, fromLine, type Header } from '../../src/tape/index.ts'
import { checkBytes, DAMAGE_HEADER, EVERY_KIND, isEntry, tapeLines } from './damage.ts'
import { HEADER, readAll, tapeText } from './tapes.ts'

const LINES = tapeLines(EVERY_KIND)
const TAPE = LINES.join('')
const SIZE = Buffer.byteLength(TAPE)
const ID = '00112233445566778899aabbccddeeff'
const OTHER_LINES = tapeLines(EVERY_KIND.slice(0, 9), 6, { ...DAMAGE_HEADER, id: ID })
const OTHER = OTHER_LINES.join('')
const OTHER_SIZE = Buffer.byteLength(OTHER)
const UNSEALED = LINES.slice(0, -1).join('')

function hashOf(lines: readonly string[]): string {
  const seal = fromLine(lines.at(-1) ?? '')
  if (seal.kind !== 'seal') throw new Error('no seal')
  return seal.hash
}

describe('behind the seal', () => {
  test.each([
    ['garbage', 'garbage', `7 bytes, not read`],
    ['a newline', '\n', '1 byte, not read'],
    ['an entry', LINES[5], 'lines of a tape'],
    ['an entry that is cut', LINES[5]?.slice(0, 40), 'lines of a tape'],
    ['a tape whose header was hit', OTHER.replace('"id":"0', '"id":"1'), 'lines of a tape'],
  ])('%s is counted and not read', async (_, behind = '', found) => {
    const { problems, entries } = await readAll(TAPE + behind)
    expect(entries).toStrictEqual(EVERY_KIND)
    expect(problems).toMatchObject([{ what: 'bytes after the seal', byteOffset: SIZE }])
    expect(problems[0]?.found).toContain(found)
    expect(problems[0]?.found).toContain(`${Buffer.byteLength(behind)} byte`)
  })

  test.each([1, 100, 4096, 1024 * 1024])(
    'another tape is named, with its place, in reads of %i bytes',
    async chunkBytes => {
      const found = (behind: number, at: number) =>
        `${behind} bytes, not read; a tape begins at byte ${at} (id ${ID}): split the file there`
      const put = async (tape: string | Buffer) => (await readAll(tape, { chunkBytes })).problems
      const one = [{ what: 'bytes after the seal', byteOffset: SIZE, line: LINES.length + 1 }]
      expect(await put(TAPE + OTHER)).toMatchObject([{ ...one[0], found: found(OTHER_SIZE, SIZE) }])
      expect(await put(`${TAPE}\n\n${OTHER}`)).toMatchObject([
        { ...one[0], found: found(OTHER_SIZE + 2, SIZE + 2) },
      ])
      const members = Buffer.concat([gzipSync(TAPE), gzipSync(OTHER)])
      expect(await put(members)).toMatchObject([{ ...one[0], found: found(OTHER_SIZE, SIZE) }])
    },
  )

  test('the next part of the recording is named as such', async () => {
    const header: Header = { ...DAMAGE_HEADER, part: 2, previousHash: hashOf(LINES) }
    const { problems } = await readAll(TAPE + tapeLines([], 6, header).join(''))
    expect(problems[0]?.found).toContain(`(id ${DAMAGE_HEADER.id}, part 2): split the file there`)
  })

  test('nothing counts as bytes of the tape, wherever the reads end', async () => {
    const check = await checkBytes(Buffer.from(TAPE + OTHER))
    expect(check).toMatchObject({ sizeBytes: SIZE, entries: 16, problemCount: 1, unprovenCount: 0 })
  })
})

describe('a header without a seal before it', () => {
  test.each([
    ['of another recording', UNSEALED + OTHER],
    ['of another recording, and it was hit', UNSEALED + OTHER.replace('linux', 'Linux')],
    ['of another recording, and its id was hit', UNSEALED + OTHER.replace('"id":"0', '"id":"\u0001')],
    ['of another recording, and it was cut', `${UNSEALED}${OTHER.slice(0, 60)}\n`],
    ['of another recording, behind a line that was cut', UNSEALED.slice(0, -30) + OTHER],
    [
      'of a tape that was made from this one',
      UNSEALED + tapeText([...EVERY_KIND], { ...DAMAGE_HEADER, derived: 'cut' }),
    ],
    ['of an earlier part', tapeText([], { ...HEADER, part: 3 }).split(/(?<=\n)/)[0] + tapeText([], HEADER)],
  ])('ends the tape: %s', async (_, text) => {
    const { entries, problems, isSealed } = await readAll(text)
    expect(entries).toStrictEqual(EVERY_KIND.slice(0, entries.length))
    expect(isSealed).toBe(false)
    expect(problems.slice(-2).map(({ what }) => what)).toStrictEqual(['another tape', 'not sealed'])
  })

  test('is named, with what was not read', async () => {
    const { problems } = await readAll(UNSEALED + OTHER)
    const at = Buffer.byteLength(UNSEALED)
    const place = { line: LINES.length, byteOffset: at, entry: 17 }
    const size = `${OTHER_SIZE} bytes, not read`
    const found = `${size}; a tape begins at byte ${at} (id ${ID}): split the file there`
    expect(problems).toStrictEqual([
      { ...place, what: 'another tape', expected: `id ${DAMAGE_HEADER.id}`, found },
      { ...place, what: 'not sealed', expected: 'a seal as the last line' },
    ])
  })

  test('that was hit and names this recording does not', async () => {
    const [header = '', ...lines] = tapeLines(EVERY_KIND)
    const hit = header.replace('linux', 'Linux')
    const { entries, problems } = await readAll(
      [header, ...lines.slice(0, 4), hit, ...lines.slice(4)].join(''),
    )
    expect(entries).toStrictEqual(EVERY_KIND)
    expect(problems).toMatchObject([{ what: 'crc does not fit', entry: 5 }])
  })

  test('of the same recording does not: parts put together are read on', async () => {
    const first = tapeLines(EVERY_KIND.slice(0, 6))
    const header: Header = { ...DAMAGE_HEADER, part: 2, previousHash: hashOf(first) }
    const second = tapeLines(EVERY_KIND.slice(6) as readonly Entry[], 6, header)
    const { entries, problems, isSealed } = await readAll([...first.slice(0, -1), ...second].join(''))
    expect(entries).toStrictEqual(EVERY_KIND)
    expect(isSealed).toBe(true)
    expect(problems).toMatchObject([{ what: 'second header', entry: 7 }])
    expect([...first, ...second].filter(isEntry)).toHaveLength(16)
  })
})
