import { isUtf8 } from 'node:buffer'
import type { GzipDamage } from './gzip-member.ts'
import { indexLines, type Lines, noLines } from './lines.ts'
import type { ByteSource } from './source.ts'

const NEWLINE = 0x0a

/** Whole lines of a tape, as many as one read brought. Valid until the next `fill`. */
export interface Block {
  readonly bytes: Buffer
  readonly view: DataView
  readonly isUtf8: boolean
  readonly lines: Lines
  /** Where the block begins in the tape: bytes and lines before it. */
  readonly byteOffset: number
  readonly linesBefore: number
}

export interface Rest {
  readonly line: number
  readonly byteOffset: number
  readonly byteLength: number
  /** Itself, where it was kept. */
  readonly bytes: Buffer
}

/**
 * Cuts a tape's bytes into blocks of whole lines. One read is always on its way while a block is worked on.
 * Memory: two reads and the longest line; a line past the limit is skipped as it comes.
 */
export class BlockReader {
  /** The block that `fill` made; empty at first. */
  block: Block
  /** What stands behind the last newline (maybe nothing), once the source has ended. */
  rest: Rest | undefined

  readonly #source: ByteSource
  readonly #maxLineBytes: number
  readonly #ahead: Buffer
  readonly #lines = noLines()
  #reading: Promise<number>
  #bytes: Buffer
  #from = 0
  #end = 0
  #byteOffset = 0
  #linesBefore = 0
  /** Bytes of a line past the limit that were thrown away; 0 when there is none. */
  #skipped = 0

  constructor(source: ByteSource, chunkBytes: number, maxLineBytes: number) {
    this.#source = source
    this.#maxLineBytes = maxLineBytes
    this.#ahead = Buffer.allocUnsafe(chunkBytes)
    this.#bytes = Buffer.allocUnsafe(chunkBytes)
    this.#reading = this.#readAhead()
    this.block = emptyBlock(this.#bytes)
  }

  /** Reads on to the next block, which may hold no whole line; false at the end. */
  async fill(): Promise<boolean> {
    const size = await this.#reading
    if (size === 0) {
      this.#endOfSource()
      return false
    }
    this.#append(size)
    this.#reading = this.#readAhead()
    this.#cut(size)
    return true
  }

  /** The first bytes of what is buffered. */
  head(size: number): Buffer {
    return this.#bytes.subarray(0, Math.min(size, this.#end))
  }

  /** What was wrong with the packing that the bytes came in. */
  get damage(): GzipDamage | undefined {
    return this.#source.damage
  }

  async close(): Promise<void> {
    // A read under way must land before its file goes; its error has no reader any more.
    await this.#reading.catch(() => 0)
    await this.#source.close()
  }

  #readAhead(): Promise<number> {
    const reading = this.#source.read(this.#ahead)
    // Whoever awaits it next sees the error; until then it is not unhandled.
    reading.catch(() => undefined)
    return reading
  }

  /** Moves what is left of the block before to the front and puts the new bytes behind it. */
  #append(size: number): void {
    const left = this.#end - this.#from
    const needed = left + size
    const roomy =
      needed <= this.#bytes.length
        ? this.#bytes
        : Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(roomy, 0, this.#from, this.#end)
    this.#ahead.copy(roomy, left, 0, size)
    this.#byteOffset += this.#from
    this.#bytes = roomy
    this.#from = 0
    this.#end = needed
  }

  /** Only the `size` new bytes can hold a newline. */
  #cut(size: number): void {
    const fresh = this.#end - size
    const lastNewline = this.#bytes.subarray(fresh, this.#end).lastIndexOf(NEWLINE)
    if (lastNewline === -1) {
      this.block = emptyBlock(this.#bytes)
      if (this.#end > this.#maxLineBytes) {
        this.#skipped += this.#end
        this.#from = this.#end
      }
      return
    }
    this.#from = fresh + lastNewline + 1
    const whole = this.#bytes.subarray(0, this.#from)
    indexLines(this.#lines, whole, this.#maxLineBytes, this.#skipped)
    this.block = {
      bytes: this.#bytes,
      view: viewOf(this.#bytes),
      isUtf8: isUtf8(whole),
      lines: this.#lines,
      byteOffset: this.#byteOffset,
      linesBefore: this.#linesBefore,
    }
    this.#skipped = 0
    this.#linesBefore += this.#lines.newlines
  }

  #endOfSource(): void {
    this.rest = {
      line: this.#linesBefore + 1,
      byteOffset: this.#byteOffset + this.#from - this.#skipped,
      byteLength: this.#end - this.#from + this.#skipped,
      bytes: this.#bytes.subarray(this.#from, this.#end),
    }
    this.block = emptyBlock(this.#bytes)
  }
}

function emptyBlock(bytes: Buffer): Block {
  return { bytes, view: viewOf(bytes), isUtf8: true, lines: noLines(), byteOffset: 0, linesBefore: 0 }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
