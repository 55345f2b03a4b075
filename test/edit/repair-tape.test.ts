import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { isComplete, repairTape } from '../../src/edit/index.ts'
import { seededRandom } from '../../src/model/random.ts'
import { checkTape, type Entry, fromLine, type Header, toLine } from '../../src/tape/index.ts'
import { DAMAGE_HEADER, EVERY_KIND, flipped, isEntry, tapeLines } from '../tape/damage.ts'

const SEED = 7
const folder = mkdtempSync(join(tmpdir(), 'feedtape-repair-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const LINES = tapeLines(EVERY_KIND)
const TAPE = Buffer.from(LINES.join(''))
const ENTRY_LINES = LINES.filter(isEntry)
const OTHER_ID = '00112233445566778899aabbccddeeff'
const OTHER = tapeLines(EVERY_KIND.slice(0, 9), 6, { ...DAMAGE_HEADER, id: OTHER_ID })

let tapes = 0

/** Repairs these bytes; the new tape is always whole, and the old one as it was. */
async function repaired(bytes: Buffer | readonly string[]) {
  const path = join(folder, `${tapes++}.tape.jsonl`)
  const output = `${path}.repaired`
  const before = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.join(''))
  writeFileSync(path, before)
  const repair = await repairTape(path, { output })
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(await checkTape(output)).toMatchObject({ isWhole: true, problems: [] })
  const lines = readFileSync(output, 'utf8').split(/(?<=\n)/)
  const header = fromLine(lines[0] ?? '') as Header
  return { repair, header, entries: lines.filter(isEntry), isComplete: isComplete(repair) }
}

function without(index: number): string[] {
  return LINES.filter((_, at) => at !== index)
}

describe('nothing is written', () => {
  test('over the tape itself, over another file, or of what is no tape', async () => {
    const path = join(folder, 'itself.tape.jsonl')
    const other = join(folder, 'other.tape.jsonl')
    writeFileSync(path, LINES.slice(0, -1).join(''))
    writeFileSync(other, 'mine')
    await expect(repairTape(path, { output: path, overwrite: true })).rejects.toMatchObject({ code: 'usage' })
    await expect(repairTape(path, { output: other })).rejects.toMatchObject({ code: 'file-exists' })
    await expect(repairTape(other, { output: join(folder, 'no') })).rejects.toMatchObject({
      code: 'not-a-tape',
    })
    expect(readFileSync(other, 'utf8')).toBe('mine')
    expect(readFileSync(path, 'utf8')).toBe(LINES.slice(0, -1).join(''))
    expect(existsSync(join(folder, 'no'))).toBe(false)
    await repairTape(path, { output: other, overwrite: true })
    expect((await checkTape(other)).isWhole).toBe(true)
  })
})

describe('a repaired tape', () => {
  test('keeps every line that was intact and puts a lost entry for the one that was not', async () => {
    for (const [index, line] of LINES.entries()) {
      if (!isEntry(line)) continue
      const seq = ENTRY_LINES.indexOf(line) + 1
      const start = Buffer.byteLength(LINES.slice(0, index).join(''))
      const { entries, repair, isComplete } = await repaired(flipped(TAPE, start + 20, 0))
      expect(entries.filter(entry => entry !== entries[seq - 1])).toStrictEqual(
        ENTRY_LINES.filter(entry => entry !== line),
      )
      const hole = fromLine(entries[seq - 1] ?? '')
      expect(hole).toMatchObject({ kind: 'lost', seq, from: seq, to: seq, reason: 'crc does not fit' })
      expect(repair).toMatchObject({ kept: 15, lost: 1, held: 0, wasSealed: true })
      expect(isComplete).toBe(false)
    }
  })

  test('accounts for every entry, whatever byte was hit', async () => {
    const random = seededRandom(SEED)
    for (
      let at = Buffer.byteLength(LINES[0] ?? '');
      at < TAPE.length;
      at += 1 + Math.floor(random.next() * 5)
    ) {
      const { entries, repair } = await repaired(flipped(TAPE, at, Math.floor(random.next() * 8)))
      const accounted = entries.flatMap(line => {
        const entry = fromLine(line) as Entry
        const isHole = entry.kind === 'lost' && !ENTRY_LINES.includes(line)
        if (!isHole) expect(ENTRY_LINES[entry.seq - 1], `seed ${SEED}, byte ${at}`).toBe(line)
        return isHole
          ? Array.from({ length: entry.to - entry.from + 1 }, (_, n) => entry.from + n)
          : [entry.seq]
      })
      // Without a seal, nobody knows whether a damaged last line was an entry.
      const all = Array.from({ length: repair.wasSealed ? 16 : accounted.length }, (_, n) => n + 1)
      expect(accounted, `seed ${SEED}, byte ${at}`).toStrictEqual(all)
    }
  })

  test('of a cut tape has all that was whole, and says that there was no seal', async () => {
    for (let size = Buffer.byteLength(LINES[0] ?? ''); size < TAPE.length; size += 41) {
      const { entries, header, isComplete } = await repaired(TAPE.subarray(0, size))
      const whole = LINES.filter((_, index) => Buffer.byteLength(LINES.slice(0, index + 1).join('')) <= size)
      expect(entries.filter(line => ENTRY_LINES.includes(line))).toStrictEqual(whole.filter(isEntry))
      expect(header.derived).toContain('not sealed')
      expect(isComplete).toBe(false)
    }
  })

  test('of a tape that only lost its seal keeps all, and does not claim that this is all', async () => {
    const { entries, repair, header } = await repaired(LINES.slice(0, -1))
    expect(entries).toStrictEqual(ENTRY_LINES)
    expect(repair).toMatchObject({ lost: 0, unproven: 4, wasSealed: false })
    expect(header.derived).toBe('repaired: 4 without proof, not sealed')
  })

  test.each([
    ['garbage behind the seal', [...LINES, 'garbage']],
    ['a line twice', [...LINES.slice(0, 5), ...LINES.slice(4)]],
    ['a second header', [...LINES.slice(0, 5), ...LINES.slice(0, 1), ...LINES.slice(5)]],
    ['rubbish between two lines', [...LINES.slice(0, 5), 'rubbish\n', ...LINES.slice(5)]],
    [
      'a newline that became another byte',
      [...LINES.slice(0, 5), (LINES[5] ?? '').replace('\n', '\v'), ...LINES.slice(6)],
    ],
  ])('lost nothing, and every hash proves it: %s', async (_, lines) => {
    const { entries, header, isComplete } = await repaired(lines)
    expect(entries).toStrictEqual(ENTRY_LINES)
    expect(header.derived).toBe('repaired, nothing lost')
    expect(isComplete).toBe(true)
  })

  test.each([
    ['another tape', OTHER],
    ['another tape behind an empty line', ['\n', ...OTHER]],
    ['its own next part', tapeLines([], 6, { ...DAMAGE_HEADER, part: 2, previousHash: 'a'.repeat(64) })],
    ['one entry of a tape', LINES.slice(5, 6)],
    ['an entry that was cut', [LINES[5]?.slice(0, 50) ?? '']],
  ])('is not called complete with %s behind the seal, and counts what was not read', async (_, behind) => {
    const { entries, header, repair, isComplete } = await repaired([...LINES, ...behind])
    const sizeBytes = Buffer.byteLength(behind.join(''))
    expect(entries).toStrictEqual(ENTRY_LINES)
    expect(isComplete).toBe(false)
    expect(repair.unread).toMatchObject({ sizeBytes, byteOffset: TAPE.length })
    expect(header.derived).toBe(`repaired: ${sizeBytes} bytes behind its end not read`)
  })

  test('takes nothing of another recording that follows where the seal is missing', async () => {
    const { entries, repair, header } = await repaired([...LINES.slice(0, -1), ...OTHER])
    expect(entries).toStrictEqual(ENTRY_LINES)
    expect(repair).toMatchObject({ kept: 16, lost: 0, wasSealed: false, unread: { tape: { id: OTHER_ID } } })
    expect(header.derived).toMatch(
      /^repaired: 4 without proof, not sealed, \d+ bytes behind its end not read$/,
    )
  })

  test('lost nothing where only the gzip around it was damaged at its end', async () => {
    const packed = gzipSync(TAPE)
    for (const bytes of [
      packed.subarray(0, -1),
      flipped(packed, packed.length - 1, 3),
      Buffer.concat([packed, Buffer.alloc(9)]),
    ]) {
      expect(await repaired(bytes)).toMatchObject({ entries: ENTRY_LINES, isComplete: true })
    }
  })

  test('keeps what no hash proves, and counts it: an entry replaced with its CRC, a checkpoint taken out', async () => {
    const forged = (LINES[5] ?? '').replace('2647.10', '2647.11')
    const { crc: _, ...entry } = JSON.parse(forged)
    const replaced = await repaired([...LINES.slice(0, 5), toLine(entry), ...LINES.slice(6)])
    expect(replaced.repair).toMatchObject({ kept: 16, lost: 0, unproven: 6, wasSealed: true })
    expect(replaced.header.derived).toBe('repaired: 6 without proof')
    const checkpoint = LINES.findIndex(line => line.includes('"checkpoint"'))
    expect((await repaired(without(checkpoint))).repair).toMatchObject({ kept: 16, lost: 0, unproven: 12 })
  })

  test('names holes of several entries, at the beginning, in the middle and at the end', async () => {
    const holes = async (lines: readonly string[]) =>
      (await repaired(lines)).repair.holes.map(({ from, to, reason }) => [from, to, reason])
    const at = (seq: number) => LINES.indexOf(ENTRY_LINES[seq - 1] ?? '')
    const gap = (from: number, to: number) => [...LINES.slice(0, at(from)), ...LINES.slice(at(to) + 1)]
    expect(await holes(gap(1, 2))).toStrictEqual([[1, 2, 'missing']])
    expect(await holes(gap(4, 8))).toStrictEqual([[4, 8, 'missing']])
    expect(await holes(gap(14, 16))).toStrictEqual([[14, 16, 'missing']])
  })

  test('holds a time that goes back, and keeps it', async () => {
    const late: Entry[] = [
      { kind: 'frame', seq: 1, at: 10, conn: 1, dir: 'in', op: 'text', text: 'a' },
      { kind: 'frame', seq: 2, at: 9, conn: 1, dir: 'in', op: 'text', text: 'b' },
      { kind: 'frame', seq: 3, at: 11, conn: 1, dir: 'in', op: 'text', text: 'c' },
    ]
    const { entries, repair, isComplete } = await repaired(tapeLines(late))
    expect(repair).toMatchObject({ kept: 3, held: 1, lost: 0, unproven: 0 })
    expect(fromLine(entries[1] ?? '')).toMatchObject({ at: 10, original: 9, text: 'b' })
    expect(isComplete).toBe(false)
  })

  test('of a later part keeps its number, and proves nothing about the one before', async () => {
    const header: Header = { ...DAMAGE_HEADER, part: 2, previousHash: 'a'.repeat(64) }
    const entries = EVERY_KIND.slice(5)
    const lines = tapeLines(entries, 6, header)
    const { repair, header: made } = await repaired([...lines, 'garbage'])
    expect(repair).toMatchObject({ kept: 11, lost: 0, unproven: 0 })
    expect([made.part, made.previousHash]).toStrictEqual([2, undefined])
  })

  test('that is damaged again is repaired again: numbers that it left out are no holes', async () => {
    const once = [...LINES.slice(0, 4), ...LINES.slice(7)]
    const path = join(folder, 'once.tape.jsonl')
    writeFileSync(path, once.join(''))
    await repairTape(path, { output: `${path}.1` })
    const text = readFileSync(`${path}.1`, 'utf8').replace('going away', 'gone away ')
    const { repair, entries } = await repaired(Buffer.from(text))
    expect(repair.holes.map(({ from, to }) => [from, to])).toStrictEqual([[16, 16]])
    expect(entries).toHaveLength(14)
  })
})
