import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type EntryDraft, partPath, TapeWriter, type WriterOptions } from '../../src/tape/index.ts'
import { HEADER, readAll, temporaryFolder } from './tapes.ts'

const folder = temporaryFolder()
let tapes = 0
const newPath = (ending = '.tape.jsonl') => join(folder, `${++tapes}${ending}`)

const OPEN: EntryDraft = { kind: 'open', at: 1, conn: 1, feed: 'tradingview-socket', url: 'wss://x/?a=1' }
const frame = (at: number): EntryDraft => ({ kind: 'frame', at, conn: 1, dir: 'in', op: 'text', text: 'x' })

async function writing(path: string, options: WriterOptions = {}): Promise<TapeWriter> {
  const writer = await TapeWriter.create(path, HEADER, options)
  writer.append(OPEN)
  await writer.flush()
  return writer
}

/** With more behind the harm, which must not hide it, up to its end. */
async function sealed(writer: TapeWriter, path: string): Promise<void> {
  writer.append(frame(2))
  await writer.flush()
  expect(await writer.harms()).toMatchObject([{ path }])
  await writer.seal(3)
}

describe.each(['.tape.jsonl', '.tape.jsonl.gz'])(
  'a tape (%s) to which somebody else does something',
  ending => {
    test('says that it is deleted', async () => {
      const path = newPath(ending)
      const writer = await writing(path)
      expect(await writer.harms()).toStrictEqual([])
      rmSync(path)
      await sealed(writer, path)
      expect(await writer.harms()).toStrictEqual([{ kind: 'deleted', path }])
    })

    test('says that it is cut, though it is written on; what comes then stands at its beginning', async () => {
      const path = newPath(ending)
      const writer = await writing(path)
      truncateSync(path, 0)
      await sealed(writer, path)
      const { bytesWritten } = writer
      const { size } = statSync(path)
      expect(size).toBeLessThan(bytesWritten)
      expect(await writer.harms()).toStrictEqual([
        { kind: 'cut', path, sizeBytes: size, writtenBytes: bytesWritten },
      ])
      expect(readFileSync(path)[0]).not.toBe(0)
    })

    test('says that somebody else writes into it, too', async () => {
      const path = newPath(ending)
      const writer = await writing(path)
      appendFileSync(path, 'mine')
      await sealed(writer, path)
      expect(await writer.harms()).toMatchObject([{ kind: 'shared', sizeBytes: writer.bytesWritten + 4 }])
    })

    test('says that another file was put in its place, moved or deleted', async () => {
      for (const isMoved of [true, false]) {
        const path = newPath(ending)
        const writer = await writing(path)
        if (isMoved) renameSync(path, `${path}.1`)
        else rmSync(path)
        writeFileSync(path, 'another')
        await sealed(writer, path)
        expect(await writer.harms()).toStrictEqual([{ kind: 'replaced', path, isMoved }])
        expect(readFileSync(path, 'utf8')).toBe('another')
      }
    })

    test('says nothing of a move alone, which leaves it whole', async () => {
      const path = newPath(ending)
      const writer = await writing(path)
      renameSync(path, `${path}.1`)
      writer.append(frame(2))
      await writer.seal(3)
      expect(await writer.harms()).toStrictEqual([])
      expect((await readAll(readFileSync(`${path}.1`))).isWhole).toBe(true)
    })

    test('of many parts names the one, though nobody looked before it was closed', async () => {
      const path = newPath(ending)
      const writer = await writing(path, { rotate: { bytes: 1 } })
      writer.append(frame(2))
      await writer.flush()
      rmSync(partPath(path, 2))
      for (const at of [3, 4]) writer.append(frame(at))
      await writer.seal(5)
      expect(writer.parts).toBe(4)
      expect(await writer.harms()).toStrictEqual([{ kind: 'deleted', path: partPath(path, 2) }])
    })
  },
)

test('a look that falls between two writes accuses nobody', async () => {
  const path = newPath()
  const writer = await writing(path)
  for (let at = 2; at < 3_000; at++) {
    writer.append(frame(at))
    if (at % 50 === 0)
      expect(await Promise.all([writer.harms(), writer.flush()])).toStrictEqual([[], undefined])
  }
  await writer.seal(3_000)
  expect(await writer.harms()).toStrictEqual([])
})

describe('a file that is overwritten', () => {
  test('by a second writer is not written by both: the first one’s is gone, and it knows', async () => {
    const path = newPath()
    const first = await writing(path, { overwrite: true })
    const second = await writing(path, { overwrite: true })
    for (const writer of [first, second, first]) {
      writer.append(frame(2))
      await writer.flush()
    }
    await Promise.all([first.seal(3), second.seal(3)])
    expect(await first.harms()).toStrictEqual([{ kind: 'replaced', path, isMoved: false }])
    expect(await second.harms()).toStrictEqual([])
    expect(await readAll(readFileSync(path))).toMatchObject({ isWhole: true, entries: { length: 2 } })
  })

  test('by a second writer that rotates, too, does not become a mixture of parts', async () => {
    const path = newPath()
    const options = { overwrite: true, removesOlderParts: true, rotate: { bytes: 1 } }
    const first = await writing(path, options)
    for (const at of [2, 3]) first.append(frame(at))
    await first.flush()
    const second = await writing(path, options)
    expect(second.removedParts).toStrictEqual([partPath(path, 2), partPath(path, 3)])
    expect(await first.harms()).toStrictEqual([{ kind: 'deleted', path: partPath(path, 3) }])
    first.append(frame(4))
    await first.seal(5)
    for (const at of [2, 3]) second.append(frame(at))
    await second.flush()
    second.append(frame(4))
    await expect(second.seal(5)).rejects.toMatchObject({
      code: 'file-exists',
      message: 'somebody else has made this part meanwhile',
      where: partPath(path, 4),
    })
  })

  // Root may write everything.
  test.skipIf(process.geteuid?.() === 0)('is not, where it is write-protected', async () => {
    const path = newPath()
    writeFileSync(path, 'old')
    chmodSync(path, 0o400)
    await expect(TapeWriter.create(path, HEADER, { overwrite: true })).rejects.toMatchObject({
      code: 'file-unwritable',
      next: 'choose an -o where this user may write',
    })
    expect(readFileSync(path, 'utf8')).toBe('old')
  })

  test('keeps its rights', async () => {
    const path = newPath()
    writeFileSync(path, 'old')
    chmodSync(path, 0o600)
    await (await writing(path, { overwrite: true })).seal(2)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('through a link stays where the link leads, and so does one with two names', async () => {
    const [target, link, name] = [newPath(), newPath(), newPath()]
    writeFileSync(target, 'old')
    symlinkSync(target, link)
    linkSync(target, name)
    for (const path of [link, name]) {
      const writer = await writing(path, { overwrite: true })
      await writer.seal(2)
      expect(await writer.harms()).toStrictEqual([])
    }
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    for (const path of [target, name]) expect(readFileSync(path, 'utf8')).toContain('"kind":"seal"')
  })

  test('in place by two writers is known to both', async () => {
    const [target, link] = [newPath(), newPath()]
    writeFileSync(target, 'old')
    symlinkSync(target, link)
    const first = await writing(link, { overwrite: true })
    first.append(frame(2))
    await first.flush()
    const second = await writing(link, { overwrite: true })
    expect(await first.harms()).toMatchObject([{ kind: 'cut', path: link }])
    first.append(frame(3))
    await first.flush()
    expect(await second.harms()).toMatchObject([{ kind: 'shared', path: link }])
    await Promise.all([first.seal(4), second.seal(4)])
  })

  test('loses the parts of its name where that is asked, and no other file', async () => {
    const path = newPath()
    const stem = path.slice(0, -'.tape.jsonl'.length)
    const parts = [2, 3, 10].map(part => partPath(path, part))
    const others = [1, '02', '2x', '-3', ''].map(part => `${stem}.part${part}.tape.jsonl`)
    const kept = [...others, `${stem}.part2.tape.jsonl.gz`, `${stem}x.part2.tape.jsonl`, `${parts[0]}.bak`]
    for (const name of [path, ...parts, ...kept]) writeFileSync(name, 'old')
    const untouched = await writing(path, { overwrite: true })
    await untouched.seal(2)
    expect(untouched.removedParts).toStrictEqual([])
    expect(parts.every(part => existsSync(part))).toBe(true)
    const writer = await writing(path, { overwrite: true, removesOlderParts: true })
    await writer.seal(2)
    expect(writer.removedParts).toStrictEqual(parts)
    expect(parts.some(part => existsSync(part))).toBe(false)
    expect(kept.every(name => existsSync(name))).toBe(true)
  })
})
