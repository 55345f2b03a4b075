import type { ByteSource } from './source.ts'

/**
 * Bytes a source. What 64 KiB of gzip hold is 300 to 900 KB of lines: enough that the round trip to zlib's thread
 * costs little, and little enough to go through once more byte by byte where they are damaged.
 */
const CHUNK_BYTES = 64 * 1024

const NOTHING = Buffer.alloc(0)

/** A source's bytes, taken in pieces of any size, with a count of what was taken. */
export class PackedBytes {
  /** Taken so far. */
  offset = 0
  readonly #source: ByteSource
  #chunk: Buffer = NOTHING
  #isAtEnd = false

  constructor(source: ByteSource) {
    this.#source = source
  }

  /** The next bytes, as many as are there (at most `most`); none at the end. */
  async some(most = CHUNK_BYTES): Promise<Buffer> {
    if (this.#chunk.length === 0 && !this.#isAtEnd) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
      this.#chunk = chunk.subarray(0, await this.#source.read(chunk))
      this.#isAtEnd = this.#chunk.length === 0
    }
    const taken = this.#chunk.subarray(0, most)
    this.#chunk = this.#chunk.subarray(taken.length)
    this.offset += taken.length
    return taken
  }

  /** The next `size` bytes; fewer at the end. */
  async exactly(size: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for (let wanted = size; wanted > 0; ) {
      const part = await this.some(wanted)
      if (part.length === 0) break
      parts.push(part)
      wanted -= part.length
    }
    return Buffer.concat(parts)
  }

  /** Puts bytes back that were taken last. */
  putBack(bytes: Buffer): void {
    this.offset -= bytes.length
    this.#chunk = this.#chunk.length === 0 ? bytes : Buffer.concat([bytes, this.#chunk])
  }

  /** Goes past the next `size` bytes. */
  async skip(size: number): Promise<void> {
    for (let wanted = size; wanted > 0; ) {
      const { length } = await this.some(Math.min(wanted, CHUNK_BYTES))
      if (length === 0) return
      wanted -= length
    }
  }

  close(): Promise<void> {
    return this.#source.close()
  }
}
