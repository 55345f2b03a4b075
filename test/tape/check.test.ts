import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/model/random.ts'
import { type Entry, fromLine, toLine } from '../../src/tape/index.ts'
import { checkBytes, EVERY_KIND, flipped, isEntry, linesRead, tapeLines, wrongWith } from './damage.ts'

/** The same places in every run; `npm run soak -- damage` takes all. */
const SEED = 20251218
const LINES = tapeLines(EVERY_KIND)
const TAPE = Buffer.from(LINES.join(''))
const PACKED = gzipSync(TAPE)

/** A damaged tape, plain and compressed: nothing may be wrong with either. */
async function expectFound(lines: readonly string[], name: string): Promise<void> {
  const bytes = Buffer.from(lines.join(''))
  expect(await wrongWith(bytes, LINES, 'changed'), name).toBeUndefined()
  expect(await wrongWith(gzipSync(bytes), LINES, 'changed'), `${name}, compressed`).toBeUndefined()
}

function without(index: number): string[] {
  return LINES.filter((_, at) => at !== index)
}

async function problemsOf(lines: readonly string[]) {
  const check = await checkBytes(Buffer.from(lines.join('')))
  if (check === 'no tape') throw new Error('no tape')
  return check.problems
}

describe('a tape with every kind of entry', () => {
  test('cut at any byte gives a beginning of what was written, and is never called whole', async () => {
    for (let size = 0; size < TAPE.length; size++) {
      expect(await wrongWith(TAPE.subarray(0, size), LINES, 'cut'), `cut at byte ${size}`).toBeUndefined()
    }
  })

  test('with a flipped bit in any byte gives a subset of what was written, and is never called whole', async () => {
    const random = seededRandom(SEED)
    for (let at = 0; at < TAPE.length; at++) {
      const bit = Math.floor(random.next() * 8)
      const found = await wrongWith(flipped(TAPE, at, bit), LINES, 'changed')
      expect(found, `seed ${SEED}, byte ${at} bit ${bit}`).toBeUndefined()
    }
  })

  test('with any bit flipped in one line of each kind is never called whole', async () => {
    const random = seededRandom(SEED)
    for (const [index, line] of LINES.entries()) {
      const start = Buffer.byteLength(LINES.slice(0, index).join(''))
      for (let bit = 0; bit < 8; bit++) {
        const at = start + Math.floor(random.next() * Buffer.byteLength(line))
        const bytes = flipped(TAPE, at, bit)
        const where = `seed ${SEED}, line ${index + 1}, byte ${at} bit ${bit}`
        expect(await wrongWith(bytes, LINES, 'changed'), where).toBeUndefined()
        expect(await wrongWith(gzipSync(bytes), LINES, 'changed'), `${where}, compressed`).toBeUndefined()
      }
    }
  })

  test('with any line swapped, doubled or deleted is never called whole', async () => {
    for (const [index, line] of LINES.entries()) {
      const next = LINES[index + 1]
      const before = LINES.slice(0, index)
      await expectFound(without(index), `line ${index + 1} deleted`)
      await expectFound([...before, line, ...LINES.slice(index)], `line ${index + 1} doubled`)
      if (next === undefined) continue
      await expectFound([...before, next, line, ...LINES.slice(index + 2)], `lines from ${index + 1} swapped`)
    }
  })

  test('without its seal is not whole, however much there is of it', async () => {
    expect(await problemsOf(LINES.slice(0, -1))).toMatchObject([{ what: 'not sealed', line: 20, entry: 17 }])
  })

  test.each([
    ['a byte', ' '],
    ['a newline', '\n'],
    ['zeros', '\0\0\0\0'],
    ['an entry', toLine({ kind: 'mark', seq: 17, at: 13, note: 'put in' })],
    ['itself', TAPE.toString()],
  ])('with %s behind its seal is not whole, and all of it is read', async (_, garbage) => {
    await expectFound([...LINES, garbage], garbage)
    expect(await linesRead(Buffer.from(TAPE.toString() + garbage))).toStrictEqual(LINES.filter(isEntry))
    expect(await problemsOf([...LINES, garbage])).toMatchObject([{ what: 'bytes after the seal', line: 21 }])
  })
})

describe('what only the hashes see', () => {
  test('an entry replaced together with its CRC: the segment is named, and no other', async () => {
    for (const [index, line] of LINES.entries()) {
      if (!isEntry(line)) continue
      const entry = fromLine(line)
      if (!('seq' in entry)) throw new Error(line)
      const forged = toLine(forgery(entry))
      const problems = await problemsOf([...LINES.slice(0, index), forged, ...LINES.slice(index + 1)])
      expect(problems.map(({ what }) => what)).toStrictEqual(['hash does not fit'])
      const [from, to] =
        index < 8 ? ['1 to 7', '1 to 6'] : index < 15 ? ['9 to 14', '7 to 12'] : ['16 to 19', '13 to 16']
      expect(problems[0]?.expected).toContain(`over lines ${from} (entries ${to})`)
    }
  })

  test('a checkpoint that was taken out, and one whose hash was made to fit only itself', async () => {
    const at = LINES.findIndex(line => line.includes('"checkpoint"'))
    expect(await problemsOf(without(at))).toMatchObject([
      { what: 'hash does not fit', line: 14, entry: 1, expected: expect.stringContaining('entries 1 to 12') },
    ])
    const forged = toLine({ kind: 'checkpoint', at: 4, count: 6, hash: 'a'.repeat(64) })
    const problems = await problemsOf([...LINES.slice(0, at), forged, ...LINES.slice(at + 1)])
    expect(problems.map(({ what, line }) => [what, line])).toStrictEqual([
      ['hash does not fit', 8],
      ['hash does not fit', 15],
    ])
  })

  test('the header replaced together with its CRC', async () => {
    const forged = (LINES[0] ?? '').replace('"platform":"linux', '"platform":"other')
    const { crc: _, ...header } = JSON.parse(forged)
    expect(await problemsOf([toLine(header), ...LINES.slice(1)])).toMatchObject([
      { what: 'hash does not fit', expected: expect.stringContaining('over lines 1 to 7') },
    ])
  })

  test('the last entry taken out, with a seal that counts without it', async () => {
    const seal = fromLine(LINES.at(-1) ?? '')
    if (seal.kind !== 'seal') throw new Error('no seal')
    const problems = await problemsOf([...LINES.slice(0, -2), toLine({ ...seal, count: 15 })])
    expect(problems).toMatchObject([{ what: 'hash does not fit', line: 19, entry: 13 }])
  })
})

/** Another entry of the same kind, number and time. */
function forgery(entry: Entry): Entry {
  if ('conn' in entry && entry.conn !== undefined) return { ...entry, conn: entry.conn + 1 }
  if (entry.kind === 'clock') return { ...entry, step: 7 }
  if (entry.kind === 'lost') return { ...entry, reason: 'none' }
  throw new Error(entry.kind)
}

describe('the same as gzip', () => {
  test('is whole, in one member or several, and with all that its header may hold', async () => {
    const halves = Buffer.concat([gzipSync(TAPE.subarray(0, 999)), gzipSync(TAPE.subarray(999))])
    const name = Buffer.from('night.tape.jsonl\0')
    const named = Buffer.concat([
      PACKED.subarray(0, 3),
      Buffer.from([8]),
      PACKED.subarray(4, 10),
      name,
      PACKED.subarray(10),
    ])
    for (const bytes of [PACKED, halves, named, gzipSync(TAPE, { level: 0 }), gzipSync(TAPE, { level: 9 })]) {
      expect(await checkBytes(bytes)).toMatchObject({ isWhole: true, entries: 16, sizeBytes: TAPE.length })
    }
  })

  test('cut at any byte gives a beginning of what was written, and is never called whole', async () => {
    for (let size = 0; size < PACKED.length; size++) {
      expect(await wrongWith(PACKED.subarray(0, size), LINES, 'cut'), `cut at byte ${size}`).toBeUndefined()
    }
  })

  test('cut gives all that could be inflated', async () => {
    const cut = PACKED.subarray(0, PACKED.length - 9)
    const check = await checkBytes(cut)
    expect(check).toMatchObject({ entries: 16, problems: [{ what: 'gzip cut' }] })
    expect(await checkBytes(PACKED.subarray(0, -1))).toMatchObject({
      entries: 16,
      problems: [{ what: 'gzip cut' }],
    })
  })

  test('with a flipped bit in any of its bytes is called whole only where that changes nothing', async () => {
    const random = seededRandom(SEED)
    for (let at = 0; at < PACKED.length; at++) {
      const bit = Math.floor(random.next() * 8)
      const bytes = flipped(PACKED, at, bit)
      const wrong = await wrongWith(bytes, LINES, 'changed')
      const where = `seed ${SEED}, byte ${at} bit ${bit}`
      if (wrong === 'called whole') expect(gunzipSync(bytes).equals(TAPE), where).toBe(true)
      else expect(wrong, where).toBeUndefined()
    }
  })

  test.each([
    ['zeros', Buffer.alloc(512)],
    ['one zero', Buffer.alloc(1)],
    ['text', Buffer.from('hello')],
    ['the beginning of a member', PACKED.subarray(0, 4)],
    ['a member with nothing in it', gzipSync('')],
    ['itself', PACKED],
  ])('with %s behind its end is not whole, and all of it is read', async (_, garbage) => {
    const bytes = Buffer.concat([PACKED, garbage])
    expect(await wrongWith(bytes, LINES, 'changed')).toBeUndefined()
    expect(await linesRead(bytes)).toStrictEqual(LINES.filter(isEntry))
  })

  test('damaged behind its middle gives what was before the damage', async () => {
    const rows: Entry[] = Array.from({ length: 3000 }, (_, index) => ({
      kind: 'mark',
      seq: index + 1,
      at: index,
      note: `row ${(index * 7919) % 3000}`,
    }))
    const packed = gzipSync(tapeLines(rows).join(''))
    const at = Math.floor(packed.length / 2)
    packed.fill(0xff, at, at + 8)
    const read = await linesRead(packed)
    expect(read.length).toBeGreaterThan(1300)
    expect(read).toStrictEqual(tapeLines(rows).filter(isEntry).slice(0, read.length))
    expect(await checkBytes(packed)).toMatchObject({ isWhole: false, entries: read.length })
  })
})
