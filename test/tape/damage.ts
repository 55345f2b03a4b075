import { FeedtapeError } from '../../src/model/errors.ts'
import {
  type ByteSource,
  checkTape,
  createHashChain,
  type Entry,
  fromLine,
  type Header,
  type TapeCheck,
  TapeReader,
  toLine,
} from '../../src/tape/index.ts'

export const DAMAGE_HEADER: Header = {
  kind: 'header',
  format: 'feedtape/1',
  id: '5f0c6a1e9b3d47288c1a0d4e7f92b365',
  start: '2025-12-18T04:10:47.302670Z',
  feeds: ['tradingview-socket'],
  generator: { name: 'feedtape', version: '0.1.0' },
  platform: 'linux x64, node 24.21.0',
  clock: 'monotonic',
  redaction: 'hmac-sha256',
  synthetic: true,
}

const url = 'wss://data.tradingview.com/'
const feed = 'tradingview-socket'

/** Synthetic: an entry of each kind, of each opcode and of each body. */
export const EVERY_KIND: readonly Entry[] = [
  { kind: 'request', seq: 1, at: 1, conn: 1, feed, exchange: 1, method: 'GET', url, headers: [['a', 'b']] },
  {
    kind: 'response',
    seq: 2,
    at: 2,
    conn: 1,
    exchange: 1,
    status: 101,
    headers: [['c', 'd']],
    decoded: 'gzip',
  },
  { kind: 'open', seq: 3, at: 3, conn: 1, feed, url },
  { kind: 'mark', seq: 4, at: 3, conn: 1, standing: 'guest', note: 'half a pair: \ud83d' },
  { kind: 'frame', seq: 5, at: 4, conn: 1, dir: 'in', op: 'text', text: '~m~22~m~{"lp":2647.10,"d":"Söc"}' },
  {
    kind: 'frame',
    seq: 6,
    at: 4,
    conn: 1,
    dir: 'out',
    op: 'text',
    redacted: [[0, 3, 'text#x']],
    text: 'abc',
  },
  { kind: 'frame', seq: 7, at: 5, conn: 1, dir: 'in', op: 'binary', base64: '3q2+7w==' },
  { kind: 'frame', seq: 8, at: 6, conn: 1, dir: 'in', op: 'ping', original: 5, text: '' },
  { kind: 'frame', seq: 9, at: 6, conn: 1, dir: 'out', op: 'pong', text: '' },
  { kind: 'frame', seq: 10, at: 7, conn: 1, dir: 'in', op: 'chunk', text: '{"kind":"frame","seq":11' },
  { kind: 'pause', seq: 11, at: 8, conn: 1, reason: '64 MiB wait for the disk' },
  { kind: 'resume', seq: 12, at: 9, conn: 1 },
  { kind: 'clock', seq: 13, at: 10, step: -250000 },
  { kind: 'lost', seq: 14, at: 10, from: 14, to: 14, reason: 'crc does not fit' },
  { kind: 'fail', seq: 15, at: 11, conn: 2, feed, url, cause: 'refused', reason: 'ECONNREFUSED' },
  { kind: 'close', seq: 16, at: 12, conn: 1, by: 'them', code: 1001, reason: 'going away' },
]

/** A sealed tape as its lines, newlines included; a checkpoint after every `every` entries. */
export function tapeLines(entries: readonly Entry[], every = 6, header: Header = DAMAGE_HEADER): string[] {
  const chain = createHashChain(header.previousHash)
  const lines: string[] = []
  const take = (line: string): void => {
    chain.update(Buffer.from(line))
    lines.push(line)
  }
  take(toLine(header))
  const before = (entries[0]?.seq ?? 1) - 1
  for (const [index, entry] of entries.entries()) {
    take(toLine(entry))
    if ((index + 1) % every === 0) {
      lines.push(toLine({ kind: 'checkpoint', at: entry.at, count: before + index + 1, hash: chain.close() }))
    }
  }
  const at = (entries.at(-1)?.at ?? 0) + 1
  lines.push(toLine({ kind: 'seal', at, count: before + entries.length, hash: chain.close() }))
  return lines
}

/** Bytes in memory that can be read again, as a file can; `size` at a time. */
export function memorySource(bytes: Buffer, size = Number.POSITIVE_INFINITY): ByteSource {
  let at = 0
  return {
    read(into) {
      const copied = bytes.copy(into, 0, at, Math.min(bytes.length, at + Math.min(size, into.length)))
      at += copied
      return Promise.resolve(copied)
    },
    close: () => Promise.resolve(),
    reopen: () => Promise.resolve(memorySource(bytes, size)),
  }
}

/** What is left of a tape for a reader: its lines as they stand there, or that it is no tape. */
export async function linesRead(bytes: Buffer): Promise<string[]> {
  const lines: string[] = []
  try {
    const tape = await TapeReader.from(memorySource(bytes), { chunkBytes: CHUNK_BYTES })
    do {
      while (tape.next() !== undefined) lines.push(`${tape.line.toString()}\n`)
    } while (await tape.fill())
    await tape.close()
    return lines
  } catch (thrown) {
    if (thrown instanceof FeedtapeError && thrown.code === 'not-a-tape') return lines
    throw thrown
  }
}

/** Small, so that thousands of tapes are read quickly. */
const CHUNK_BYTES = 4096

export async function checkBytes(bytes: Buffer): Promise<TapeCheck | 'no tape'> {
  try {
    return await checkTape(memorySource(bytes), { chunkBytes: CHUNK_BYTES })
  } catch (thrown) {
    if (thrown instanceof FeedtapeError && thrown.code === 'not-a-tape') return 'no tape'
    throw thrown
  }
}

/**
 * Why a reader or the check does wrong with damaged bytes; nothing where both do right: what is read is a subset in
 * order (a beginning, for a cut) of what was written, byte for byte; the check does not call it whole, and names places.
 */
export async function wrongWith(
  bytes: Buffer,
  written: readonly string[],
  what: 'cut' | 'changed',
): Promise<string | undefined> {
  const entries = written.filter(isEntry)
  const read = await linesRead(bytes)
  const places = read.map(line => entries.indexOf(line))
  if (places.includes(-1)) return `read what was never written: ${read[places.indexOf(-1)]}`
  if (places.some((place, index) => index > 0 && place <= (places[index - 1] ?? 0)))
    return 'read out of order'
  if (what === 'cut' && places.some((place, index) => place !== index)) return 'read no beginning'
  const check = await checkBytes(bytes)
  if (check === 'no tape') return undefined
  if (check.isWhole) return 'called whole'
  if (check.entries !== read.length)
    return `the check read ${check.entries} entries, the reader ${read.length}`
  return check.problems.every(hasItsPlace) ? undefined : 'a problem without its place'
}

function hasItsPlace({ line, byteOffset, entry, what }: TapeCheck['problems'][number]): boolean {
  return line >= 1 && byteOffset >= 0 && (entry !== undefined || what === 'bytes after the seal')
}

export function isEntry(line: string): boolean {
  const { kind } = fromLine(line)
  return kind !== 'header' && kind !== 'checkpoint' && kind !== 'seal' && kind !== 'damage'
}

export function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ (1 << bit)
  return copy
}
