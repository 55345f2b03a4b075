import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createGzip, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type ByteSource, TapeReader } from '../../src/tape/index.ts'
import { EVERY_KIND, isEntry, linesRead, memorySource, tapeLines } from './damage.ts'
import { temporaryFolder } from './tapes.ts'

const folder = temporaryFolder()
const LINES = tapeLines(EVERY_KIND)
const TAPE = Buffer.from(LINES.join(''))

async function read(source: ByteSource, chunkBytes: number) {
  const tape = await TapeReader.from(source, { chunkBytes })
  const entries: unknown[] = []
  for await (const entry of tape) entries.push(entry)
  return { entries, problems: tape.problems, isWhole: tape.isWhole }
}

test('any chunking of either side gives the same entries and problems', async () => {
  const packed = gzipSync(TAPE)
  const broken = Buffer.from(packed)
  broken.fill(0xff, 700, 704)
  const zeros = Buffer.concat([packed, Buffer.alloc(3)])
  for (const bytes of [packed, broken, zeros, packed.subarray(0, -4), packed.subarray(0, 800)]) {
    const whole = await read(memorySource(bytes), 1 << 20)
    expect(whole.entries.length).toBeGreaterThan(0)
    for (const size of [1, 3, 100]) {
      for (const chunkBytes of [1, 64, 4096]) {
        expect(await read(memorySource(bytes, size), chunkBytes), `${size}/${chunkBytes}`).toStrictEqual(
          whole,
        )
      }
    }
  }
})

test('a source that cannot be read again still gives a beginning where its bytes are damaged', async () => {
  const packed = gzipSync(TAPE)
  packed.fill(0xff, 700, 704)
  const { reopen: _, ...once } = memorySource(packed, 50)
  const { entries, isWhole } = await read(once, 4096)
  expect(isWhole).toBe(false)
  expect(entries).toStrictEqual(EVERY_KIND.slice(0, entries.length))
  expect(entries.length).toBeGreaterThan(0)
})

test('what a recorder flushed and never ended is all read', async () => {
  const gzip = createGzip()
  const parts: Buffer[] = []
  gzip.on('data', part => parts.push(part))
  for (const line of LINES.slice(0, 12)) {
    gzip.write(line)
    await new Promise<void>(resolve => gzip.flush(2, resolve))
  }
  const killed = Buffer.concat(parts)
  gzip.destroy()
  expect(await linesRead(killed)).toStrictEqual(LINES.slice(0, 12).filter(isEntry))
  const { problems } = await read(memorySource(killed), 4096)
  expect(problems.map(({ what }) => what)).toStrictEqual(['gzip cut', 'not sealed'])
})

test('a path and standard input are told by their bytes, not by their name', async () => {
  const path = join(folder, 'plain-by-name.tape.jsonl')
  writeFileSync(path, gzipSync(TAPE))
  const tape = await TapeReader.open(path)
  const seqs: number[] = []
  for await (const { seq } of tape) seqs.push(seq)
  expect(seqs).toStrictEqual(EVERY_KIND.map(({ seq }) => seq))
  const script = `import { TapeReader } from './src/tape/index.ts'
    const tape = await TapeReader.open('-')
    let count = 0
    for await (const entry of tape) count += entry.seq > 0 ? 1 : 0
    console.log(count, tape.isWhole)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    input: gzipSync(TAPE),
    cwd: join(import.meta.dirname, '../..'),
  })
  expect(stdout.toString(), stderr.toString()).toBe('16 true\n')
})

test('a reader that stops in the middle leaves nothing open', async () => {
  const path = join(folder, 'long.tape.jsonl.gz')
  const rows = Array.from({ length: 60_000 }, (_, index) => ({
    kind: 'mark' as const,
    seq: index + 1,
    at: index,
    note: `row ${index} ${'x'.repeat(100)}`,
  }))
  writeFileSync(path, gzipSync(tapeLines(rows, 1024).join('')))
  const tape = await TapeReader.open(path)
  expect(tape.next()?.seq).toBe(1)
  await tape.fill()
  await tape.close()
  await tape.close()
})

test('a bomb is not kept in memory', async () => {
  const path = join(folder, 'bomb.tape.jsonl.gz')
  const gzip = createGzip({ chunkSize: 1 << 20 })
  const parts: Buffer[] = []
  gzip.on('data', part => parts.push(part))
  gzip.write(LINES[0])
  const spaces = Buffer.alloc(1 << 20, 0x20)
  for (let megabyte = 0; megabyte < 300; megabyte++) {
    await new Promise<void>(resolve => {
      gzip.write(spaces, () => resolve())
    })
  }
  gzip.end()
  await new Promise(resolve => gzip.once('end', resolve))
  writeFileSync(path, Buffer.concat(parts))
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  const tape = await TapeReader.open(path, { maxLineBytes: 1 << 20 })
  do {
    while (tape.next() !== undefined) expect.unreachable()
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  } while (await tape.fill())
  await tape.close()
  expect(tape.problems.map(({ what }) => what)).toStrictEqual(['cut line', 'not sealed'])
  // What the collector has not fetched yet counts too.
  expect(most).toBeLessThan(120 * 1024 * 1024)
})
