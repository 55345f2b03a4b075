import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FeedtapeError } from '../../src/model/errors.ts'
import { type Entry, type Frame, PROBLEMS_KEPT, TapeReader, toLine } from '../../src/tape/index.ts'
import { anyEntry, bytesSource, ENTRIES, HEADER, readAll, tapeText, temporaryFolder } from './tapes.ts'

const folder = temporaryFolder()

function frame(seq: number, at = seq, text = `~m~1~m~${seq % 10}`): Frame {
  return { kind: 'frame', seq, at, conn: 1, dir: 'in', op: 'text', text }
}

function frames(count: number): Frame[] {
  return Array.from({ length: count }, (_, index) => frame(index + 1))
}

async function refusal(text: string | Uint8Array, chunkBytes = 65_536): Promise<FeedtapeError> {
  const thrown: unknown = await TapeReader.from(bytesSource(text), { chunkBytes, name: 'x.jsonl' }).catch(
    e => e,
  )
  if (!(thrown instanceof FeedtapeError)) throw new Error('nothing was refused')
  return thrown
}

describe('a file that is no tape', () => {
  test.each([
    ['an empty file', '', 'an empty file', 'record'],
    ['a HAR file', '{"log": {"version": "1.2"}}', 'a HAR file', 'feedtape import'],
    ['another JSON file', '[{"a":1}]\n', 'other JSON', 'feedtape import'],
    ['a long minified JSON file', `{"a":"${'x'.repeat(5000)}"}`, 'other JSON', 'feedtape import'],
    ['a text file', 'hello\nworld\n', 'hello', 'tape'],
    ['gzip that is cut', Buffer.from('1f8b0800000000000003', 'hex'), 'gzip cut', 'again'],
    ['gzip of something else', gzipSync('hello\nworld\n'), 'hello', 'tape'],
    ['half of what gzip begins with', Buffer.from([0x1f]), '\\u001f', 'tape'],
    ['a tape without its header', toLine(frame(1)), 'other JSON', 'import'],
    ['a header that is cut', toLine(HEADER).slice(0, -5), 'cut short', 'again'],
    ['a header of tomorrow', toLine(HEADER).replace('feedtape/1', 'feedtape/2'), 'damaged header', 'seal'],
    ['lines that end in CR LF', tapeText(ENTRIES).replaceAll('\n', '\r\n'), 'CR LF', '-text'],
  ])('is refused: %s', async (_, text, found, next) => {
    for (const chunkBytes of [1, 65_536]) {
      const error = await refusal(text, chunkBytes)
      expect(error.code).toBe('not-a-tape')
      expect(error.where).toBe('x.jsonl')
      expect(error.found).toContain(found)
      expect(error.next).toContain(next)
    }
  })

  test('is missing, or a folder: both say where', async () => {
    const missing = TapeReader.open(join(folder, 'none.jsonl'))
    await expect(missing).rejects.toMatchObject({ code: 'file-missing', where: join(folder, 'none.jsonl') })
    await expect(TapeReader.open(folder)).rejects.toMatchObject({ code: 'file-missing' })
  })
})

describe('a tape with damage', () => {
  test('cut anywhere behind its header gives a beginning of what was there, and says so', async () => {
    const tape = Buffer.from(tapeText(ENTRIES))
    for (let size = toLine(HEADER).length; size < tape.length; size++) {
      const { entries, problems, isSealed, isWhole } = await readAll(tape.subarray(0, size), {
        chunkBytes: 4096,
      })
      expect(entries).toStrictEqual(ENTRIES.slice(0, entries.length))
      expect(problems.at(-1)?.what).toBe('not sealed')
      const isBetweenLines = tape[size - 1] === 0x0a
      expect(problems.map(problem => problem.what)).toStrictEqual(
        isBetweenLines ? ['not sealed'] : ['cut line', 'not sealed'],
      )
      expect([isSealed, isWhole]).toStrictEqual([false, false])
    }
  })

  test('in one bit loses at most the entry that was hit, and reports it', async () => {
    const tape = Buffer.from(tapeText(ENTRIES))
    for (let at = toLine(HEADER).length; at < tape.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = Buffer.from(tape)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        const { entries, problems, isWhole } = await readAll(flipped, { chunkBytes: 4096 })
        expect(isWhole, `byte ${at} bit ${bit}`).toBe(false)
        expect(problems.length).toBeGreaterThan(0)
        expect(ENTRIES.length - entries.length, `byte ${at} bit ${bit}`).toBeLessThanOrEqual(1)
        for (const entry of entries) expect(ENTRIES[entry.seq - 1]).toStrictEqual(entry)
      }
    }
  })

  test('says line, byte and the entry that was due', async () => {
    const text = tapeText(ENTRIES).replace('~h~1', '~h~2')
    const { entries, problems } = await readAll(text)
    expect(entries.map(entry => entry.seq)).toStrictEqual([1, 3, 4, 5, 6, 7])
    expect(problems).toStrictEqual([
      {
        line: 3,
        byteOffset: text.indexOf('{"kind":"frame","seq":2'),
        entry: 2,
        what: 'crc does not fit',
        expected: expect.stringMatching(/^[0-9a-f]{8}$/),
        found: expect.stringMatching(/^[0-9a-f]{8}$/),
      },
    ])
  })

  test('keeps the first hundred problems and counts the others', async () => {
    const lines = tapeText(frames(300)).split('\n')
    const text = [lines[0], ...lines.slice(1, -2).map(line => line.replace('~m~', '~n~')), ''].join('\n')
    const reader = await TapeReader.from(bytesSource(text))
    for await (const entry of reader) expect(entry).toBeUndefined()
    expect(reader.problems).toHaveLength(PROBLEMS_KEPT)
    expect(reader.problemCount).toBe(301)
  })

  test('of a kind of tomorrow is reported and read on', async () => {
    const body = '{"kind":"whisper","seq":2,"at":2'
    const whisper = `${body},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}\n`
    const text = [toLine(HEADER), toLine(frame(1)), whisper, toLine(frame(3))].join('')
    const { entries, problems } = await readAll(text)
    expect(entries.map(entry => entry.seq)).toStrictEqual([1, 3])
    expect(problems.map(problem => problem.what)).toStrictEqual(['unknown kind', 'not sealed'])
  })

  test.each([
    ['a gap', [1, 2, 5, 6], [1, 2, 5, 6], ['entries missing', 'count does not fit']],
    ['a beginning that is not 1', [3, 4], [3, 4], ['entries missing', 'count does not fit']],
    ['an entry twice', [1, 2, 2, 3], [1, 2, 3], ['entry again', 'count does not fit']],
    [
      'numbers that start again',
      [1, 2, 3, 1, 2],
      [1, 2, 3],
      ['entry again', 'entry again', 'count does not fit'],
    ],
  ])('in its numbers: %s', async (_, given, read, whats) => {
    const { entries, problems } = await readAll(tapeText(given.map(seq => frame(seq, 1))))
    expect(entries.map(entry => entry.seq)).toStrictEqual(read)
    expect(problems.map(problem => problem.what)).toStrictEqual(whats)
  })

  test('in its times is handed on at the time of the entry before', async () => {
    const { entries, problems } = await readAll(tapeText([frame(1, 10), frame(2, 9), frame(3, 10)]))
    expect(entries.map(entry => entry.at)).toStrictEqual([10, 10, 10])
    expect(problems).toMatchObject([{ what: 'time goes back', line: 3, entry: 2, found: 'at 9' }])
  })

  test('behind the seal is read no further', async () => {
    const { entries, problems, isSealed, isWhole } = await readAll(tapeText(ENTRIES) + toLine(frame(8, 40)))
    expect(entries).toStrictEqual(ENTRIES)
    expect(problems).toMatchObject([{ what: 'bytes after the seal', line: ENTRIES.length + 3 }])
    expect([isSealed, isWhole]).toStrictEqual([true, false])
    expect((await readAll(`${tapeText(ENTRIES)} `)).problems).toMatchObject([
      { what: 'bytes after the seal' },
    ])
  })

  test('skips a line past the limit without keeping it', async () => {
    const text = tapeText([frame(1), frame(2, 2, 'x'.repeat(3000)), frame(3)])
    for (const chunkBytes of [1, 100, 65_536]) {
      const { entries, problems } = await readAll(text, { chunkBytes, maxLineBytes: 1000 })
      expect(entries.map(entry => entry.seq)).toStrictEqual([1, 3])
      expect(problems).toMatchObject([
        { what: 'line too long', line: 3, byteOffset: text.indexOf('{"kind":"frame","seq":2') },
      ])
    }
  })
})

describe('a whole tape', () => {
  test('gives its header, its entries and its seal', async () => {
    const path = join(folder, 'whole.tape.jsonl')
    writeFileSync(path, tapeText(ENTRIES))
    const reader = await TapeReader.open(path)
    expect(reader.header).toStrictEqual(HEADER)
    expect(reader.name).toBe('whole.tape.jsonl')
    const entries: Entry[] = []
    do {
      for (let entry = reader.next(); entry !== undefined; entry = reader.next()) entries.push(entry)
    } while (await reader.fill())
    expect(entries).toStrictEqual(ENTRIES)
    expect(reader.seal).toMatchObject({ kind: 'seal', at: 31, count: ENTRIES.length })
    expect([reader.isSealed, reader.isWhole, reader.problemCount]).toStrictEqual([true, true, 0])
    expect(await reader.fill()).toBe(false)
    await reader.close()
    await reader.close()
  })

  test('is not called whole before it was read', async () => {
    const reader = await TapeReader.from(bytesSource(tapeText(ENTRIES)))
    expect(reader.isWhole).toBe(false)
    await reader.close()
    expect(reader.isWhole).toBe(false)
  })

  test('may come through standard input', () => {
    const index = new URL('../../src/tape/index.ts', import.meta.url).href
    const program = `
      import { TapeReader } from '${index}'
      const tape = await TapeReader.open('-')
      const seqs = []
      for await (const entry of tape) seqs.push(entry.seq)
      process.stdout.write(JSON.stringify([tape.name, tape.isWhole, seqs]))`
    const argv = ['--input-type=module', '--eval', program]
    const { stdout } = spawnSync(process.execPath, argv, { input: tapeText(ENTRIES), encoding: 'utf8' })
    expect(JSON.parse(stdout)).toStrictEqual(['stdin', true, ENTRIES.map(entry => entry.seq)])
  })

  test('may be empty of entries', async () => {
    expect(await readAll(tapeText([]))).toMatchObject({ entries: [], isWhole: true })
  })

  test('may be a part: it goes on with any number behind a resumed open', async () => {
    const open: Entry = {
      kind: 'open',
      seq: 70,
      at: 5,
      conn: 2,
      feed: 'tradingview',
      url: 'wss://x/',
      resumed: true,
    }
    const hash = 'ab'.repeat(32)
    const seal = toLine({ kind: 'seal', at: 71, count: 71, hash })
    const { problems } = await readAll([toLine(HEADER), toLine(open), toLine(frame(71)), seal].join(''))
    expect(problems).toStrictEqual([])
  })

  test('may leave numbers out when it says that it is derived', async () => {
    const header = { ...HEADER, derived: 'cut' }
    expect(await readAll(tapeText([frame(5), frame(9)], header))).toMatchObject({
      problems: [],
      isWhole: true,
    })
    const again = await readAll(tapeText([frame(5), frame(5)], header))
    expect(again.problems.map(problem => problem.what)).toStrictEqual(['entry again', 'count does not fit'])
  })

  test('keeps a payload of 16 MiB, through chunks that hold a part of it', async () => {
    const text = '"é'.repeat(4 * 1024 * 1024)
    const bytes = Buffer.alloc(16 * 1024 * 1024, 7).toString('base64')
    const big: Entry[] = [
      frame(1, 1, text),
      { kind: 'frame', seq: 2, at: 2, conn: 1, dir: 'in', op: 'binary', base64: bytes },
      frame(3),
    ]
    const { entries, isWhole } = await readAll(tapeText(big))
    expect(isWhole).toBe(true)
    expect(entries[0]).toMatchObject({ text })
    expect(entries[1]).toMatchObject({ base64: bytes })
    expect(entries[2]).toStrictEqual(frame(3))
  })

  test('of a hundred megabytes is read in a few', async () => {
    const path = join(folder, 'long.tape.jsonl')
    writeFileSync(path, toLine(HEADER))
    const text = 'x'.repeat(1000)
    for (let block = 0; block < 100; block++) {
      const lines = Array.from({ length: 1000 }, (_, index) =>
        toLine(frame(block * 1000 + index + 1, 1, text)),
      )
      writeFileSync(path, lines.join(''), { flag: 'a' })
    }
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    let count = 0
    const reader = await TapeReader.open(path)
    do {
      while (reader.next() !== undefined) count++
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    } while (await reader.fill())
    await reader.close()
    expect(count).toBe(100_000)
    expect(most).toBeLessThan(8 * 1024 * 1024)
  })
})

describe('chunks', () => {
  test('of any size give the same entries and problems', async () => {
    const good = Buffer.from(tapeText(ENTRIES))
    const merged = Buffer.from(good)
    merged[good.indexOf('\n{"kind":"frame","seq":3')] = 0x0b
    const bad = Buffer.from(
      tapeText(ENTRIES).replace('~h~1', '~h~2').replace('Söc', 'Sxc') + toLine(frame(8)),
    )
    for (const tape of [good, merged, bad, good.subarray(0, -30)]) {
      const whole = await readAll(tape)
      for (const chunkBytes of [1, 7, 64, 333]) {
        expect(await readAll(tape, { chunkBytes }), `chunks of ${chunkBytes}`).toStrictEqual(whole)
      }
    }
  })

  test('never matter, over tapes of any entries with any one byte changed', async () => {
    const tapes = fc.tuple(
      fc.array(anyEntry, { maxLength: 5 }),
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      fc.integer({ min: 1, max: 200 }),
    )
    await fc.assert(
      fc.asyncProperty(tapes, async ([entries, position, byte, chunkBytes]) => {
        const tape = Buffer.from(tapeText(entries.map((entry, index) => ({ ...entry, seq: index + 1 }))))
        const header = toLine(HEADER).length
        tape[header + (position % (tape.length - header))] = byte
        expect(await readAll(tape, { chunkBytes })).toStrictEqual(await readAll(tape))
      }),
      { numRuns: 300 },
    )
  })
})
