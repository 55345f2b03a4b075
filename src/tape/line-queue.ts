import { crc32 } from 'node:zlib'
import { createHashChain } from './chain.ts'
import { TAIL_BYTES, writeTail } from './crc.ts'
import type { Checkpoint, Line, Seal } from './entry.ts'
import { bodyOf } from './line.ts'

const BUFFER_BYTES = 256 * 1024
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3

/** What is to be written next. */
export interface Batch {
  readonly bytes: Uint8Array
  /** Entries up to its end, in all. */
  readonly entries: number
  /** The tape goes on in another file. */
  readonly endsPart: boolean
}

/** Lines on their way to the disk, encoded once, and the hash over them. */
export class LineQueue {
  /** All that was ever added. */
  bytes = 0
  readonly #chain = createHashChain()
  readonly #full: Batch[] = []
  #entries = 0
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
    if ('seq' in line) this.#entries += 1
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

  /** What is added from now on goes into the next file; the chain goes on. */
  endPart(): void {
    this.#hash()
    this.#full.push(this.#rest(true))
  }

  /** The caller owns its bytes. */
  take(): Batch | undefined {
    const full = this.#full.shift()
    if (full !== undefined) return full
    if (this.#taken === this.#filled) return undefined
    this.#hash()
    return this.#rest(false)
  }

  #rest(endsPart: boolean): Batch {
    const bytes = this.#buffer.subarray(this.#taken, this.#filled)
    this.#taken = this.#filled
    return { bytes, entries: this.#entries, endsPart }
  }

  #hash(): void {
    if (this.#hashed < this.#filled) this.#chain.update(this.#buffer.subarray(this.#hashed, this.#filled))
    this.#hashed = this.#filled
  }

  #makeRoom(size: number): void {
    if (this.#filled + size <= this.#buffer.length) return
    this.#hash()
    if (this.#taken < this.#filled) this.#full.push(this.#rest(false))
    this.#buffer = Buffer.allocUnsafe(Math.max(BUFFER_BYTES, size))
    this.#taken = 0
    this.#hashed = 0
    this.#filled = 0
  }
}
