import { crc32 } from 'node:zlib'
import { createHashChain } from './chain.ts'
import { TAIL_BYTES, writeTail } from './crc.ts'
import type { Checkpoint, Line, Seal } from './entry.ts'
import { bodyOf } from './line.ts'

const BUFFER_BYTES = 256 * 1024
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3

/** Lines on their way to the disk, encoded once, and the hash over them. */
export class LineQueue {
  /** All that was ever added. */
  bytes = 0
  readonly #chain = createHashChain()
  readonly #full: Buffer[] = []
  #buffer = Buffer.allocUnsafe(BUFFER_BYTES)
  /** In `#buffer`: up to here it has been taken, hashed, filled. */
  #taken = 0
  #hashed = 0
  #filled = 0

  /** Gives the size of the line in bytes. */
  add(line: Line): number {
    const body = bodyOf(line)
    this.#makeRoom(body.length * BYTES_PER_UNIT + TAIL_BYTES + 1)
    const start = this.#filled
    const end = start + this.#buffer.write(body, start)
    const crc = crc32(this.#buffer.subarray(start, end))
    this.#filled = writeTail(this.#buffer, end, crc)
    const size = this.#filled - start
    this.bytes += size
    return size
  }

  /** Ends the segment with its checkpoint or seal, which no segment's hash takes in as bytes. */
  endSegment<L extends Checkpoint | Seal>(line: Omit<L, 'hash'>): L {
    this.#hash()
    // Of its keys only the hash was wanting.
    const whole = { ...line, hash: this.#chain.close() } as L
    this.add(whole)
    this.#hashed = this.#filled
    return whole
  }

  /** What is to be written next; the caller owns it. */
  take(): Buffer | undefined {
    const full = this.#full.shift()
    if (full !== undefined) return full
    if (this.#taken === this.#filled) return undefined
    this.#hash()
    const bytes = this.#buffer.subarray(this.#taken, this.#filled)
    this.#taken = this.#filled
    return bytes
  }

  #hash(): void {
    this.#chain.update(this.#buffer.subarray(this.#hashed, this.#filled))
    this.#hashed = this.#filled
  }

  #makeRoom(size: number): void {
    if (this.#filled + size <= this.#buffer.length) return
    this.#hash()
    if (this.#taken < this.#filled) this.#full.push(this.#buffer.subarray(this.#taken, this.#filled))
    this.#buffer = Buffer.allocUnsafe(Math.max(BUFFER_BYTES, size))
    this.#taken = 0
    this.#hashed = 0
    this.#filled = 0
  }
}
