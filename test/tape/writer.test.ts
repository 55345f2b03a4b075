import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FeedtapeError } from '../../src/model/errors.ts'
import {
  CHECKPOINT_BYTES,
  CHECKPOINT_ENTRIES,
  createRedactor,
  type EntryDraft,
  fromLine,
  TapeWriter,
  toLine,
} from '../../src/tape/index.ts'
import { anyEntry, ENTRIES, HEADER, readAll, tapeText, temporaryFolder } from './tapes.ts'

const folder = temporaryFolder()
let tapes = 0
const newPath = () => join(folder, `${++tapes}.tape.jsonl`)

function frame(at: number, text = 'x'): EntryDraft {
  return { kind: 'frame', at, conn: 1, dir: 'in', op: 'text', text }
}

/** By the words of docs/TAPE_FORMAT.md, with nothing of the writer's: each line's kind, hash and true hash. */
function hashesOf(text: string) {
  const found: { kind: string; count: number; hash: string; due: string }[] = []
  let previous = ''
  let segment = ''
  for (const line of text.split(/(?<=\n)/)) {
    const { kind, hash, count } = JSON.parse(line)
    if (kind === 'checkpoint' || kind === 'seal') {
      const due = createHash('sha256')
        .update(previous + segment)
        .digest('hex')
      found.push({ kind, count, hash, due })
      previous = hash
      segment = ''
    } else segment += line
  }
  return found
}

describe('a tape that cannot be written', () => {
  test('never takes the place of another file unasked', async () => {
    const path = newPath()
    writeFileSync(path, 'precious')
    await expect(TapeWriter.create(path, HEADER)).rejects.toMatchObject({
      code: 'file-exists',
      where: path,
      next: 'choose another -o, or say --overwrite',
    })
    expect(readFileSync(path, 'utf8')).toBe('precious')
    const writer = await TapeWriter.create(path, HEADER, { overwrite: true })
    await writer.seal(0)
    expect(readFileSync(path, 'utf8')).toBe(tapeText([]))
  })

  test('in a folder that is a file is file-unwritable', async () => {
    const path = newPath()
    writeFileSync(path, '')
    await expect(TapeWriter.create(join(path, 'a.jsonl'), HEADER)).rejects.toMatchObject({
      code: 'file-unwritable',
    })
  })

  test.skipIf(!existsSync('/dev/full'))(
    'on a full device fails once, by all its ways, and crashes nothing',
    async () => {
      const errors: FeedtapeError[] = []
      const writer = await TapeWriter.create('/dev/full', HEADER, {
        overwrite: true,
        onError: e => errors.push(e),
      })
      writer.append(frame(1))
      await expect(writer.flush()).rejects.toMatchObject({ code: 'file-unwritable', where: '/dev/full' })
      expect(writer.append(frame(2))).toMatchObject({ seq: 2, at: 2 })
      await expect(writer.seal(3)).rejects.toBe(errors[0])
      await expect(writer.seal(3)).rejects.toBe(errors[0])
      await writer.close()
      expect(errors).toHaveLength(1)
      expect(errors[0]).toBeInstanceOf(FeedtapeError)
      expect(errors[0]?.found).toContain('ENOSPC')
      expect(writer.bytesWritten).toBe(0)
    },
  )

  test('takes nothing more once it has ended', async () => {
    const writer = await TapeWriter.create(newPath(), HEADER)
    await writer.seal(0)
    expect(() => writer.append(frame(1))).toThrow('after the end')
    const closed = await TapeWriter.create(newPath(), HEADER)
    await closed.close()
    await expect(closed.seal(0)).rejects.toThrow('after close')
    const wrong = await TapeWriter.create(newPath(), HEADER)
    expect(() => wrong.append(frame(Number.NaN))).toThrow(RangeError)
    await wrong.close()
  })
})

describe('a tape that is written', () => {
  test('is read as it was given, and makes its folder', async () => {
    const path = join(folder, 'a', 'b', 'c.tape.jsonl')
    const writer = await TapeWriter.create(path, HEADER)
    for (const { seq: _, ...draft } of ENTRIES) writer.append(draft as EntryDraft)
    const seal = await writer.seal(31)
    expect(readFileSync(path, 'utf8')).toBe(tapeText(ENTRIES))
    expect(await readAll(readFileSync(path))).toMatchObject({ entries: ENTRIES, isWhole: true })
    expect(seal).toMatchObject({ kind: 'seal', at: 31, count: ENTRIES.length })
    expect(await writer.seal(99)).toBe(seal)
    expect(writer.bytesWritten).toBe(readFileSync(path).length)
    expect([writer.entries, writer.queuedBytes]).toStrictEqual([ENTRIES.length, 0])
  })

  test('gives back each entry as it will be read, its time never before the last one', async () => {
    const path = newPath()
    const writer = await TapeWriter.create(path, HEADER)
    const given = [frame(5), frame(3), { kind: 'mark', at: 9, note: 'n' } as const].map(one =>
      writer.append(one),
    )
    expect(given.map(entry => [entry.seq, entry.at])).toStrictEqual([
      [1, 5],
      [2, 5],
      [3, 9],
    ])
    expect(await writer.seal(1)).toMatchObject({ at: 9 })
    expect((await readAll(readFileSync(path))).entries).toStrictEqual(given)
  })

  test('without a seal keeps what was taken', async () => {
    const path = newPath()
    const writer = await TapeWriter.create(path, HEADER)
    writer.append(frame(1))
    await writer.close()
    await writer.close()
    const { entries, problems } = await readAll(readFileSync(path))
    expect(entries).toHaveLength(1)
    expect(problems.map(problem => problem.what)).toStrictEqual(['not sealed'])
  })

  test('has handed to the system what it was asked to flush', async () => {
    const path = newPath()
    const writer = await TapeWriter.create(path, HEADER)
    for (let at = 0; at < 5000; at++) writer.append(frame(at))
    expect(writer.queuedBytes).toBeGreaterThan(0)
    await writer.flush()
    expect(writer.queuedBytes).toBe(0)
    expect(readFileSync(path).length).toBe(writer.bytesWritten)
    await writer.seal(5000)
  })

  test('has a checkpoint after so many entries, and hashes that anybody can compute', async () => {
    const path = newPath()
    const writer = await TapeWriter.create(path, HEADER)
    for (let at = 0; at < 2 * CHECKPOINT_ENTRIES + 1; at++) writer.append(frame(at, `é${at}`))
    await writer.seal(1)
    const hashes = hashesOf(readFileSync(path, 'utf8'))
    expect(hashes.map(({ kind, count }) => [kind, count])).toStrictEqual([
      ['checkpoint', CHECKPOINT_ENTRIES],
      ['checkpoint', 2 * CHECKPOINT_ENTRIES],
      ['seal', 2 * CHECKPOINT_ENTRIES + 1],
    ])
    for (const { hash, due } of hashes) expect(hash).toBe(due)
    expect(await readAll(readFileSync(path))).toMatchObject({ isWhole: true })
  })

  test('has a checkpoint after so many bytes, also where one entry alone is larger', async () => {
    const path = newPath()
    const writer = await TapeWriter.create(path, HEADER)
    writer.append(frame(0, 'x'.repeat(CHECKPOINT_BYTES)))
    writer.append(frame(1))
    for (let at = 2; at < 6; at++) writer.append(frame(at, 'y'.repeat(CHECKPOINT_BYTES / 4)))
    await writer.seal(6)
    const hashes = hashesOf(readFileSync(path, 'utf8'))
    expect(hashes.map(({ kind, count }) => [kind, count])).toStrictEqual([
      ['checkpoint', 1],
      ['checkpoint', 6],
      ['seal', 6],
    ])
    for (const { hash, due } of hashes) expect(hash).toBe(due)
  })

  test('holds any entries, line for line what toLine gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { maxLength: 20 }), async drafts => {
        const path = newPath()
        const writer = await TapeWriter.create(path, HEADER)
        const given = drafts.map(draft => writer.append(draft))
        await writer.seal(0)
        const lines = readFileSync(path, 'utf8').split(/(?<=\n)/)
        expect(lines.slice(1, -1)).toStrictEqual(given.map(toLine))
        expect(fromLine(lines.at(-1) ?? '')).toMatchObject({ kind: 'seal', count: given.length })
        expect(await readAll(readFileSync(path))).toMatchObject({ isWhole: true })
      }),
      { numRuns: 50 },
    )
  })

  test('never holds a secret that its redactor knows', async () => {
    const path = newPath()
    const redactor = createRedactor()
    redactor.learn({ value: 'Sess10n-cookie', place: 'cookie' })
    const writer = await TapeWriter.create(path, HEADER, { redactor })
    const entry = writer.append(frame(1, 'a Sess10n-cookie'))
    await writer.seal(1)
    expect(readFileSync(path, 'utf8')).not.toContain('Sess10n-cookie')
    expect((await readAll(readFileSync(path))).entries).toStrictEqual([entry])
    expect(entry).toMatchObject({ redacted: [[2, 14, 'text#cookie']] })
  })
})
