import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  chainParts,
  type Entry,
  type EntryDraft,
  fromLine,
  PartChain,
  partPath,
  type RotationRule,
  TapeReader,
  TapeWriter,
} from '../../src/tape/index.ts'
import { unwritable } from '../../src/tape/unwritable.ts'
import { HEADER, readAll, temporaryFolder } from './tapes.ts'

const folder = temporaryFolder()
let tapes = 0
const newPath = (ending = '.tape.jsonl') => join(folder, `${++tapes}${ending}`)

const OPEN: EntryDraft = { kind: 'open', at: 1, conn: 1, feed: 'tradingview-socket', url: 'wss://x/?a=1' }

function frame(at: number, text = 'x', conn = 1): EntryDraft {
  return { kind: 'frame', at, conn, dir: 'in', op: 'text', text }
}

async function write(
  path: string,
  drafts: readonly EntryDraft[],
  rotate?: RotationRule,
): Promise<TapeWriter> {
  const writer = await TapeWriter.create(path, HEADER, rotate === undefined ? {} : { rotate })
  for (const draft of drafts) writer.append(draft)
  await writer.seal(drafts.at(-1)?.at ?? 0)
  return writer
}

async function entriesOf(paths: readonly string[]) {
  const readers = await Promise.all(paths.map(path => TapeReader.open(path)))
  const [tape, ...others] = chainParts(readers)
  if (tape === undefined || others.length > 0) throw new Error('not one tape')
  const entries: Entry[] = []
  for await (const entry of tape) entries.push(entry)
  return { tape, entries }
}

describe('a path that cannot be a tape', () => {
  test('as a folder says so', async () => {
    const path = newPath()
    mkdirSync(path)
    for (const overwrite of [false, true]) {
      await expect(TapeWriter.create(path, HEADER, { overwrite })).rejects.toMatchObject({
        code: 'file-unwritable',
        message: expect.stringContaining('this is a folder'),
      })
    }
  })

  test.skipIf(process.platform === 'win32')(
    'as a pipe that nobody reads says so, and does not hang',
    async () => {
      const path = newPath()
      execFileSync('mkfifo', [path])
      await expect(TapeWriter.create(path, HEADER)).rejects.toMatchObject({ code: 'file-exists' })
      await expect(TapeWriter.create(path, HEADER, { overwrite: true })).rejects.toMatchObject({
        code: 'file-unwritable',
        found: 'ENXIO: nobody reads this pipe',
        next: 'start its reader first, such as: cat PIPE > FILE &',
      })
    },
  )

  test.each([
    [2, { rotate: { bytes: 1 } }],
    [7, { rotate: { bytes: 1 } }],
    [12, {}],
  ])('with part %d of another there is refused at the beginning, rotated or not', async (part, options) => {
    const path = newPath()
    writeFileSync(partPath(path, part), 'precious')
    await expect(TapeWriter.create(path, HEADER, options)).rejects.toMatchObject({
      code: 'file-exists',
      where: partPath(path, part),
    })
    expect(existsSync(path)).toBe(false)
  })

  test('because of the name, the quota or the rights says what to do about that', async () => {
    const path = newPath()
    writeFileSync(path, '')
    await expect(TapeWriter.create(`${path}/a`, HEADER)).rejects.toMatchObject({
      next: 'choose an -o whose folder is one: a file stands in its way',
    })
    await expect(TapeWriter.create(join(folder, 'x'.repeat(300)), HEADER)).rejects.toMatchObject({
      next: 'choose an -o with a shorter name',
    })
    for (const [code, next] of [
      ['ENOSPC', 'free the disk or choose another -o; what was written so far can be read'],
      ['EROFS', 'choose an -o on a disk that can be written; what was written so far can be read'],
      ['EPIPE', 'record again, with a reader that stays to the end'],
      ['EODD', 'choose another -o; what was written so far can be read'],
    ]) {
      expect(unwritable('x', Object.assign(new Error('no'), { code }), true).next).toBe(next)
    }
    const full = Object.assign(new Error('no'), { code: 'ENOSPC' })
    expect(unwritable('x', full).next).toBe('free the disk or choose another -o')
  })

  test.each(['.tape.jsonl', '.tape.jsonl.gz'])(
    'with a third part that came meanwhile ends the tape (%s) behind the second',
    async ending => {
      const path = newPath(ending)
      const writer = await TapeWriter.create(path, HEADER, { rotate: { bytes: 1 } })
      writeFileSync(partPath(path, 3), 'precious')
      for (const draft of [OPEN, frame(2), frame(3), frame(4)]) writer.append(draft)
      await expect(writer.seal(5)).rejects.toMatchObject({ code: 'file-exists', where: partPath(path, 3) })
      expect(readFileSync(partPath(path, 3), 'utf8')).toBe('precious')
      const sizes = [path, partPath(path, 2)].map(part => readFileSync(part).length)
      expect(writer.bytesWritten).toBe(sizes.reduce((sum, size) => sum + size))
      expect((await entriesOf([path, partPath(path, 2)])).tape).toMatchObject({ isWhole: true })
    },
  )
})

describe('a gzip tape', () => {
  const drafts = Array.from({ length: 3_000 }, (_, at) => frame(at, `synthetic ${at} é`))

  test('is one member that any gunzip reads, with the lines of a plain one', async () => {
    const packed = newPath('.tape.jsonl.gz')
    const plain = newPath()
    const writer = await write(packed, drafts)
    await write(plain, drafts)
    const bytes = readFileSync(packed)
    expect(gunzipSync(bytes)).toStrictEqual(readFileSync(plain))
    expect(writer.bytesWritten).toBe(bytes.length)
    expect(bytes.length).toBeLessThan(readFileSync(plain).length / 3)
    execFileSync('gzip', ['-t', packed])
  })

  test('can be read up to the last write while it goes on', async () => {
    const path = newPath('.tape.jsonl.gz')
    const writer = await TapeWriter.create(path, HEADER)
    for (const [n, draft] of drafts.entries()) {
      writer.append(draft)
      if (n % 500 !== 0) continue
      await writer.flush()
      const lines = gunzipSync(readFileSync(path), { finishFlush: constants.Z_SYNC_FLUSH }).toString()
      expect(lines.endsWith('\n')).toBe(true)
      expect(fromLine(lines.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ seq: n + 1 })
    }
    await writer.seal(9_999)
    expect(await readAll(gunzipSync(readFileSync(path)))).toMatchObject({ isWhole: true })
  })
})

describe('a rotated tape', () => {
  const pathsOf = (path: string, parts: number) =>
    Array.from({ length: parts }, (_, index) => partPath(path, index + 1))

  test.each([
    ['night.tape.jsonl', 'night.part2.tape.jsonl'],
    ['night.tape.jsonl.gz', 'night.part2.tape.jsonl.gz'],
    ['a.b/night.jsonl', 'a.b/night.part2.jsonl'],
    ['a.b/night', 'a.b/night.part2'],
  ])('%s goes on in %s', (first, second) => {
    expect(partPath(first, 1)).toBe(first)
    expect(partPath(first, 2)).toBe(second)
  })

  test('goes on by size, each part sealed, chained to the one before, and readable alone', async () => {
    const path = newPath()
    const drafts = [
      OPEN,
      { ...OPEN, conn: 2 },
      ...Array.from({ length: 400 }, (_, n) => frame(n + 2, `t${n}`)),
    ]
    const writer = await write(path, drafts, { bytes: 10_000 })
    const paths = pathsOf(path, writer.parts)
    expect(writer.parts).toBeGreaterThan(3)
    let previous: string | undefined
    let due = 1
    for (const [index, part] of paths.entries()) {
      const text = readFileSync(part, 'utf8')
      const lines = text.trimEnd().split('\n').map(fromLine)
      const [header, ...entries] = lines
      const seal = lines.at(-1)
      if (header?.kind !== 'header' || seal?.kind !== 'seal') throw new Error('no tape')
      expect(header).toMatchObject({ id: HEADER.id, start: HEADER.start })
      expect([header.part, header.previousHash]).toStrictEqual(
        index === 0 ? [undefined, undefined] : [index + 1, previous],
      )
      // By the words of the format, with nothing of the writer's.
      const segment = text.slice(0, text.lastIndexOf('{"kind":"seal"'))
      expect(seal.hash).toBe(
        createHash('sha256')
          .update((previous ?? '') + segment)
          .digest('hex'),
      )
      if (index > 0)
        expect(entries.slice(0, 2)).toMatchObject([
          { conn: 1, resumed: true },
          { conn: 2, resumed: true },
        ])
      expect(entries.filter(line => 'seq' in line).map(line => ('seq' in line ? line.seq : 0))).toStrictEqual(
        Array.from({ length: seal.count - due + 1 }, (_, n) => due + n),
      )
      expect(await readAll(text)).toMatchObject({ isWhole: true })
      previous = seal.hash
      due = seal.count + 1
    }
  })

  test('goes on behind an answer where all is polled, and never between a request and its answer', async () => {
    const path = newPath()
    const ask = (exchange: number, at: number): EntryDraft => ({
      kind: 'request',
      at,
      conn: 1,
      feed: 'tradingview-scanner',
      exchange,
      method: 'GET',
      url: 'https://x/',
      headers: [],
    })
    const answer = (exchange: number, at: number): EntryDraft => ({
      kind: 'response',
      at,
      conn: 1,
      exchange,
      status: 200,
      headers: [],
      text: 'x'.repeat(900),
    })
    const drafts = Array.from({ length: 30 }, (_, n) => [
      ask(n + 1, n * 10),
      answer(n + 1, n * 10 + 5),
    ]).flat()
    const { parts } = await write(path, drafts, { bytes: 3_000 })
    expect(parts).toBeGreaterThan(4)
    for (const part of pathsOf(path, parts)) {
      const read = await readAll(readFileSync(part, 'utf8'))
      expect(read).toMatchObject({ isWhole: true })
      expect(read.entries.filter(entry => entry.kind === 'request')).toHaveLength(
        read.entries.filter(entry => entry.kind === 'response').length,
      )
    }
    expect((await entriesOf(pathsOf(path, parts))).entries).toHaveLength(60)
  })

  test('resumes an answer that still streams, and as one tape says that once', async () => {
    const path = newPath()
    const url = 'https://broker.example/streaming'
    const drafts: readonly EntryDraft[] = [
      {
        kind: 'request',
        at: 0,
        conn: 1,
        feed: 'tradingview-broker-rest',
        exchange: 1,
        method: 'GET',
        url,
        headers: [],
      },
      { kind: 'response', at: 1, conn: 1, exchange: 1, status: 200, headers: [] },
      ...Array.from({ length: 40 }, (_, n): EntryDraft => {
        return { kind: 'frame', at: n + 2, conn: 1, dir: 'in', op: 'chunk', text: 'x'.repeat(200) }
      }),
    ]
    const { parts } = await write(path, drafts, { bytes: 3_000 })
    expect(parts).toBeGreaterThan(2)
    const [, second = ''] = pathsOf(path, parts)
    const { entries } = await readAll(readFileSync(second, 'utf8'))
    expect(entries[0]).toMatchObject({
      kind: 'open',
      conn: 1,
      feed: 'tradingview-broker-rest',
      url,
      resumed: true,
    })
    const whole = (await entriesOf(pathsOf(path, parts))).entries
    expect(whole.filter(entry => entry.kind === 'open')).toEqual([])
    expect(whole.filter(entry => entry.kind === 'frame')).toHaveLength(40)
  })

  test('reads as the one tape that it is', async () => {
    const drafts = [
      OPEN,
      ...Array.from({ length: 300 }, (_, n) => frame(n + 2, `t${n}`)),
      { ...frame(999), conn: 1 },
    ]
    const [whole, rotated] = [newPath(), newPath('.tape.jsonl.gz')]
    await write(whole, drafts)
    const { parts } = await write(rotated, drafts, { bytes: 5_000 })
    const one = await entriesOf([whole])
    const many = await entriesOf(pathsOf(rotated, parts))
    expect((await entriesOf(pathsOf(rotated, parts).toReversed())).entries).toStrictEqual(many.entries)
    expect(many.tape).toBeInstanceOf(PartChain)
    expect(many.tape).toMatchObject({ isWhole: true, problemCount: 0, header: { id: HEADER.id } })
    const unnumbered = (entries: readonly Entry[]) => entries.map(({ seq: _, ...rest }) => rest)
    expect(unnumbered(many.entries)).toStrictEqual(unnumbered(one.entries))
    expect(many.tape.seal?.at).toBe(one.tape.seal?.at)
  })

  test('is no chain with the same part twice', async () => {
    const path = newPath()
    await write(path, [OPEN, frame(2), frame(3)], { bytes: 1 })
    const readers = await Promise.all([path, path, partPath(path, 2)].map(name => TapeReader.open(name)))
    expect(chainParts(readers).map(tape => tape instanceof PartChain)).toStrictEqual([false, true])
    await Promise.all(readers.map(reader => reader.close()))
  })

  test('without one of its parts says which numbers are missing', async () => {
    const path = newPath()
    const drafts = [OPEN, ...Array.from({ length: 300 }, (_, n) => frame(n + 2))]
    await write(path, drafts, { bytes: 5_000 })
    const { tape } = await entriesOf([path, partPath(path, 3)])
    expect(tape.isWhole).toBe(false)
    expect(tape.problems).toMatchObject([
      { what: 'parts do not follow', found: expect.stringContaining('seq') },
    ])
  })

  test('goes on by time, and only while a connection is open', async () => {
    const path = newPath()
    const hour = 3_600_000_000
    const close: EntryDraft = { kind: 'close', at: 2 * hour, conn: 1, by: 'them' }
    const mark = (at: number): EntryDraft => ({ kind: 'mark', at, note: 'n' })
    const drafts = [OPEN, frame(hour - 1), frame(hour), close, mark(9 * hour), mark(10 * hour)]
    const again = [{ ...OPEN, conn: 2, at: 11 * hour }, frame(11 * hour, 'x', 2)]
    const writer = await write(path, [...drafts, ...again], { every: hour })
    const parts = await Promise.all(
      pathsOf(path, writer.parts).map(async part => (await readAll(readFileSync(part))).entries),
    )
    expect(parts.map(entries => entries.map(({ kind, at }) => `${kind} ${at / hour}`))).toMatchObject([
      [expect.stringContaining('open'), expect.stringContaining('frame')],
      ['open 1', 'frame 1'],
      ['open 2', 'close 2', 'mark 9', 'mark 10', 'open 11'],
      ['open 11', 'frame 11'],
    ])
  })
})
