import { crc32 } from 'node:zlib'
import { CHECKPOINT_BYTES, CHECKPOINT_ENTRIES, createHashChain } from './chain.ts'
import { TAIL_BYTES, writeTail } from './crc.ts'
import type { Checkpoint, Entry, Header, Seal } from './entry.ts'
import { isPlainFrame, type PlainFrame, STEM_BYTES, writeFrameStem } from './frame-stem.ts'
import { bodyOf } from './line.ts'

const BUFFER_BYTES = 256 * 1024
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3
/** Lines are made so many at once, a tenth of a millisecond's work: one by one, between two reads, each costs more. */
const MOST_WAITING = 128
const MOST_WAITING_UNITS = 64 * 1024

/** What is to be written next. */
export interface Batch {
  /** Good until the next batch is taken. */
  readonly bytes: Uint8Array
  /** Entries up to its end, in all. */
  readonly entries: number
  /** The tape goes on in another file. */
  readonly endsPart: boolean
  /** The buffer that nothing else is in, once this has been written. */
  readonly frees?: Buffer<ArrayBuffer>
}

/** Lines on their way to the disk, encoded once, the hash over them, and the checkpoints between them. */
export class LineQueue {
  readonly #chain = createHashChain()
  readonly #full: Batch[] = []
  #entries = 0
  /** Of lines that were made. */
  #bytes = 0
  #sinceCheckpoint = { entries: 0, bytes: 0 }
  /** Taken, and not yet lines. */
  #waiting: PlainFrame[] = []
  #waitingUnits = 0
  #buffer = Buffer.allocUnsafe(BUFFER_BYTES)
  /** In `#buffer`: up to here it has been taken, hashed, filled. */
  #taken = 0
  #hashed = 0
  #filled = 0
  /** To be filled next: fresh memory costs a page fault every 4 KiB. */
  #spare: Buffer<ArrayBuffer> | undefined
  /** Spare as soon as the batch that was taken last is written. */
  #lent: Buffer<ArrayBuffer> | undefined

  /** All that was ever added, where lines still have to be made a little less than they will take. */
  get bytes(): number {
    return this.#bytes + this.#waitingUnits
  }

  /** Gives the size of the line in bytes. */
  add(line: Header | Entry): number {
    this.#makeLines()
    return this.#addLine(line)
  }

  /** As `add`, but it becomes a line with others, at the latest when the next batch is taken. */
  addSoon(frame: PlainFrame): void {
    this.#waiting.push(frame)
    // Never nothing: an empty frame has to be written too.
    this.#waitingUnits += frame.text.length + 1
    if (this.#waiting.length >= MOST_WAITING || this.#waitingUnits >= MOST_WAITING_UNITS) this.#makeLines()
  }

  /** Ends the segment with its checkpoint or seal, which no segment's hash takes in as bytes. */
  endSegment<L extends Checkpoint | Seal>(line: Omit<L, 'hash'>): L {
    this.#makeLines()
    return this.#endSegment<L>(line)
  }

  /** What is added from now on goes into the next file; the chain goes on. */
  endPart(): void {
    this.#makeLines()
    this.#hash()
    this.#full.push(this.#rest(true))
  }

  /** Whoever takes has done with what was taken before. */
  take(): Batch | undefined {
    this.#makeLines()
    this.#spare ??= this.#lent
    this.#lent = undefined
    const full = this.#full.shift()
    if (full !== undefined) {
      this.#lent = full.frees
      return full
    }
    if (this.#taken === this.#filled) return undefined
    this.#hash()
    return this.#rest(false)
  }

  #makeLines(): void {
    if (this.#waiting.length === 0) return
    const frames = this.#waiting
    this.#waiting = []
    this.#waitingUnits = 0
    for (const frame of frames) this.#count(frame, this.#writeFrame(frame))
  }

  #addLine(line: Header | Entry): number {
    const size = this.#write(line)
    if (line.kind === 'header') this.#sinceCheckpoint = { entries: 0, bytes: size }
    else this.#count(line, size)
    return size
  }

  #count({ at, seq }: Entry, size: number): void {
    this.#entries += 1
    const since = this.#sinceCheckpoint
    since.bytes += size
    since.entries += 1
    if (since.entries < CHECKPOINT_ENTRIES && since.bytes < CHECKPOINT_BYTES) return
    this.#endSegment<Checkpoint>({ kind: 'checkpoint', at, count: seq })
    this.#sinceCheckpoint = { entries: 0, bytes: 0 }
  }

  #endSegment<L extends Checkpoint | Seal>(line: Omit<L, 'hash'>): L {
    this.#hash()
    // Of its keys only the hash was wanting.
    const whole = { ...line, hash: this.#chain.close() } as L
    this.#write(whole)
    this.#hashed = this.#filled
    return whole
  }

  #write(line: Header | Entry | Checkpoint | Seal): number {
    if (isPlainFrame(line)) return this.#writeFrame(line)
    const body = bodyOf(line)
    this.#makeRoom(body.length * BYTES_PER_UNIT + TAIL_BYTES + 1)
    return this.#endLine(this.#filled + this.#buffer.write(body, this.#filled))
  }

  #writeFrame(frame: PlainFrame): number {
    const text = JSON.stringify(frame.text)
    this.#makeRoom(STEM_BYTES + text.length * BYTES_PER_UNIT + TAIL_BYTES + 1)
    const at = writeFrameStem(frame, this.#buffer, this.#filled)
    return this.#endLine(at + this.#buffer.write(text, at))
  }

  /** Whose body ends at `end`. Gives the line's size. */
  #endLine(end: number): number {
    const start = this.#filled
    this.#filled = writeTail(this.#buffer, end, crc32(this.#buffer.subarray(start, end)))
    const size = this.#filled - start
    this.#bytes += size
    return size
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
    if (this.#taken < this.#filled) this.#full.push({ ...this.#rest(false), frees: this.#buffer })
    else this.#lent = this.#buffer
    const spare = this.#spare
    // A longer one was for one line.
    const isFit = spare?.length === BUFFER_BYTES && size <= BUFFER_BYTES
    this.#buffer = isFit ? spare : Buffer.allocUnsafe(Math.max(BUFFER_BYTES, size))
    this.#spare = undefined
    this.#taken = 0
    this.#hashed = 0
    this.#filled = 0
  }
}
