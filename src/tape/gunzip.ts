import { constants, crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import { reasonOf } from '../model/errors.ts'
import { cut, damaged, type GzipDamage, readGzipHeader, readGzipTrailer } from './gzip-member.ts'
import { PackedBytes } from './packed-bytes.ts'
import { type ByteSource, streamSource } from './source.ts'

/** zlib's streams are 2.7 times faster so than with their 16 KiB. */
const PIECE_BYTES = 1024 * 1024

/** One piece is enough ahead; a cut is ours to find, so that all before it comes. */
const INFLATE = { chunkSize: PIECE_BYTES, finishFlush: constants.Z_SYNC_FLUSH, readableHighWaterMark: 1 }

/**
 * What a gzip file holds, as it comes: all of it that can be inflated, also where the file is cut or damaged. Header
 * and trailer are read here and consumed bytes counted, because Node's gunzip takes a cut that is flushed, a wrong
 * header and zeros behind the end in silence. Memory: a few MiB, whatever the bytes say.
 */
export function gunzipSource(source: ByteSource): ByteSource {
  const report: { damage?: GzipDamage | undefined } = {}
  const pieces = streamSource(members(source, report))
  return {
    read: into => pieces.read(into),
    async close() {
      await pieces.close()
      await source.close()
    },
    get damage() {
      return report.damage
    },
  }
}

async function* members(
  source: ByteSource,
  report: { damage?: GzipDamage | undefined },
): AsyncGenerator<Buffer> {
  const bytes = new PackedBytes(source)
  do {
    const from = bytes.offset
    const member = new Member(source, bytes)
    yield* member.content()
    report.damage = member.damage ?? emptyMember(member, from)
  } while (report.damage === undefined && !(await isAtEnd(bytes)))
}

/** Several members in one file are good gzip; one that brings nothing was appended. */
function emptyMember({ sizeBytes }: Member, from: number): GzipDamage | undefined {
  if (from === 0 || sizeBytes > 0) return undefined
  const found = `a gzip member with nothing in it, from its byte ${from} on`
  return { what: 'bytes after gzip', expected: 'the end of the file', found }
}

async function isAtEnd(bytes: PackedBytes): Promise<boolean> {
  const some = await bytes.some()
  bytes.putBack(some)
  return some.length === 0
}

class Member {
  damage: GzipDamage | undefined
  sizeBytes = 0
  #crc = 0
  readonly #source: ByteSource
  readonly #bytes: PackedBytes

  constructor(source: ByteSource, bytes: PackedBytes) {
    this.#source = source
    this.#bytes = bytes
  }

  async *content(): AsyncGenerator<Buffer> {
    this.damage = await readGzipHeader(this.#bytes)
    if (this.damage !== undefined) return
    const start = this.#bytes.offset
    const inflating = new Inflating(this.#bytes)
    yield* this.#counted(inflating.pieces())
    if (inflating.failure !== undefined) {
      this.damage = damaged(this.#bytes, 'deflated bytes', inflating.failure)
      yield* this.#counted(this.#again(start, inflating.fed))
    } else if (inflating.isCut) this.damage = cut(this.#bytes, 'the rest of the deflated bytes')
    else this.damage = await readGzipTrailer(this.#bytes, { crc: this.#crc, sizeBytes: this.sizeBytes })
  }

  async *#counted(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      this.sizeBytes += piece.length
      this.#crc = crc32(piece, this.#crc)
      yield piece
    }
  }

  /**
   * zlib keeps what it made of a chunk before it met the damage in it. So the file is read once more, that chunk byte by
   * byte; what was handed on before is passed over. Standard input cannot be read twice, and loses it.
   */
  async *#again(start: number, goodBytes: number): AsyncGenerator<Buffer> {
    const source = await this.#source.reopen?.()
    if (source === undefined) return
    try {
      const bytes = new PackedBytes(source)
      await bytes.skip(start)
      let known = this.sizeBytes
      for await (const piece of new Inflating(bytes, goodBytes).pieces()) {
        const fresh = piece.subarray(Math.min(known, piece.length))
        known -= piece.length - fresh.length
        if (fresh.length > 0) yield fresh
      }
    } finally {
      await source.close()
    }
  }
}

/** One deflate stream: what is behind its end is put back. */
class Inflating {
  failure: string | undefined
  /** The bytes ended before the stream did. */
  isCut = false
  /** Bytes of chunks that were taken whole. */
  fed = 0
  readonly #bytes: PackedBytes
  /** Behind this many bytes they are fed one by one. */
  readonly #finelyAfter: number

  constructor(bytes: PackedBytes, finelyAfter = Number.POSITIVE_INFINITY) {
    this.#bytes = bytes
    this.#finelyAfter = finelyAfter
  }

  async *pieces(): AsyncGenerator<Buffer> {
    const zlib = createInflateRaw(INFLATE)
    const feeding = this.#feed(zlib)
    try {
      for await (const piece of zlib) yield piece
    } catch (thrown) {
      this.failure = reasonOf(thrown)
    } finally {
      zlib.destroy()
    }
    await feeding
  }

  /** Resolves at the end of the stream or of the bytes, and when the stream has failed or is no longer read. */
  async #feed(zlib: InflateRaw): Promise<void> {
    const write = writerTo(zlib)
    while (!zlib.destroyed) {
      const left = this.#finelyAfter - this.fed
      const chunk = await this.#bytes.some(left > 0 ? Math.min(left, PIECE_BYTES) : 1)
      if (chunk.length === 0) {
        this.isCut = true
        zlib.end()
        return
      }
      if (!(await write(chunk))) return
      const consumed = zlib.bytesWritten - this.fed
      this.fed += consumed
      if (consumed === chunk.length) continue
      this.#bytes.putBack(chunk.subarray(consumed))
      return
    }
  }
}

/** Says whether zlib took the chunk. It never answers a write that it failed in: there 'close' does. */
function writerTo(zlib: InflateRaw): (chunk: Buffer) => Promise<boolean> {
  let answer: (isTaken: boolean) => void = () => undefined
  zlib.once('close', () => answer(false))
  return chunk =>
    new Promise(resolve => {
      answer = resolve
      zlib.write(chunk, error => resolve(error == null))
    })
}
