import { basename } from 'node:path'
import { BlockReader } from './blocks.ts'
import type { Entry, Header, Seal } from './entry.ts'
import { readFrame } from './frame-line.ts'
import { readHeader } from './header.ts'
import { fromBytes } from './line.ts'
import { OrderKeeper, type Place } from './order.ts'
import { ProblemLog, type TapeProblem } from './problems.ts'
import { type ByteSource, openSource } from './source.ts'

export interface ReaderOptions {
  /** Bytes a read. It changes the speed and nothing else. */
  readonly chunkBytes?: number
  /** How messages call the tape; its file name otherwise. */
  readonly name?: string
  /** A longer line is skipped and reported. The default takes a payload of 16 MiB that is all escapes. */
  readonly maxLineBytes?: number
}

const CHUNK_BYTES = 1024 * 1024
const MAX_LINE_BYTES = 128 * 1024 * 1024

/**
 * Reads a tape from its start, once, in memory bounded by its longest line. What is damaged is skipped, reported
 * in `problems` and never handed on; `seq` of what is handed on goes up and `at` never down. The chained hashes
 * are not verified here: the lines' own CRCs are.
 *
 *     for (;;) {
 *       for (let entry = tape.next(); entry !== undefined; entry = tape.next()) use(entry)
 *       if (!(await tape.fill())) break
 *     }
 */
export class TapeReader {
  readonly header: Header
  readonly name: string
  readonly #blocks: BlockReader
  readonly #maxLineBytes: number
  readonly #log = new ProblemLog()
  readonly #order: OrderKeeper
  /** The next line of the block. */
  #next: number
  #seal: Seal | undefined
  #isAtEnd = false
  #isClosed = false

  private constructor(blocks: BlockReader, header: Header, name: string, maxLineBytes: number) {
    this.header = header
    this.name = name
    this.#blocks = blocks
    this.#maxLineBytes = maxLineBytes
    this.#order = new OrderKeeper(header, this.#log)
    this.#next = 1
  }

  /** Opens a file, or standard input (`-`). FeedtapeError `file-missing` or `not-a-tape`. */
  static async open(path: string, options: ReaderOptions = {}): Promise<TapeReader> {
    const name = options.name ?? (path === '-' ? 'stdin' : basename(path))
    return TapeReader.from(await openSource(path), { ...options, name })
  }

  /** Reads what a source gives, and closes it in the end. */
  static async from(source: ByteSource, options: ReaderOptions = {}): Promise<TapeReader> {
    const maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES
    const name = options.name ?? 'tape'
    const blocks = new BlockReader(source, options.chunkBytes ?? CHUNK_BYTES, maxLineBytes)
    try {
      return new TapeReader(blocks, await readHeader(blocks, name), name, maxLineBytes)
    } catch (thrown) {
      await blocks.close()
      throw thrown
    }
  }

  /** The first of them, in the order of the tape; `problemCount` knows how many there were. */
  get problems(): readonly TapeProblem[] {
    return this.#log.kept
  }

  get problemCount(): number {
    return this.#log.count
  }

  /** Known once it has been read. */
  get seal(): Seal | undefined {
    return this.#seal
  }

  get isSealed(): boolean {
    return this.#seal !== undefined
  }

  /** Read to its end, sealed, and nothing to report. */
  get isWhole(): boolean {
    return this.#isAtEnd && this.isSealed && this.#log.count === 0
  }

  /** The next entry of what has been read; `undefined` when it is time to `fill`. */
  next(): Entry | undefined {
    const { block } = this.#blocks
    const { starts, ends, intact } = block.lines
    while (this.#next < starts.length && !this.#isAtEnd) {
      const index = this.#next++
      const start = starts[index] ?? 0
      if (intact[index] === true && block.isUtf8 && this.#seal === undefined) {
        const frame = readFrame(block, start, ends[index] ?? 0)
        if (frame !== undefined && this.#order.takes(frame.seq, frame.at)) return frame
      }
      const entry = this.#readLine(index)
      if (entry !== undefined) return entry
    }
    return undefined
  }

  /** Reads another block, for `next`; false at the end of the tape. */
  async fill(): Promise<boolean> {
    if (this.#isAtEnd || this.#isClosed) return false
    this.#next = 0
    if (await this.#blocks.fill()) return true
    this.#end()
    return false
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#blocks.close()
  }

  /** All entries; the tape is closed behind them. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Entry, void, undefined> {
    try {
      do {
        for (let entry = this.next(); entry !== undefined; entry = this.next()) yield entry
      } while (await this.fill())
    } finally {
      await this.close()
    }
  }

  /** The slow way: every line that is no plain frame in its turn. */
  #readLine(index: number): Entry | undefined {
    const { block } = this.#blocks
    const { starts, ends, numbers } = block.lines
    const start = starts[index] ?? 0
    const end = ends[index] ?? 0
    const place = {
      line: block.linesBefore + (numbers[index] ?? 0) + 1,
      byteOffset: block.byteOffset + start,
    }
    if (this.#seal !== undefined) return this.#stopBehindSeal(place)
    if (end - start > this.#maxLineBytes) {
      const expected = `at most ${this.#maxLineBytes} bytes`
      return this.#report({ what: 'line too long', expected, found: `${end - start} bytes` }, place)
    }
    const line = fromBytes(block.bytes.subarray(start, end))
    switch (line.kind) {
      case 'damage': {
        const { kind: _, ...damage } = line
        return this.#report(damage, place)
      }
      case 'header':
        this.#log.add({ ...place, entry: this.#order.due, what: 'second header' })
        return undefined
      case 'checkpoint':
        this.#order.count(line, place)
        return undefined
      case 'seal':
        this.#seal = this.#order.count(line, place)
        return undefined
      default:
        return this.#order.admit(line, place)
    }
  }

  #report(damage: Pick<TapeProblem, 'what' | 'expected' | 'found'>, place: Place): undefined {
    this.#log.add({ ...place, entry: this.#order.due, ...damage })
    this.#order.damaged()
  }

  #stopBehindSeal(place: Place): undefined {
    this.#log.add({ ...place, what: 'bytes after the seal', expected: 'the end of the tape' })
    this.#isAtEnd = true
  }

  #end(): void {
    this.#isAtEnd = true
    const { rest } = this.#blocks
    if (rest === undefined) return
    const { byteLength, ...place } = rest
    if (this.#seal !== undefined) {
      if (byteLength > 0) this.#stopBehindSeal(place)
      return
    }
    const entry = this.#order.due
    if (byteLength > 0) {
      const found = `${byteLength} bytes without one`
      this.#log.add({ ...place, entry, what: 'cut line', expected: 'a newline at its end', found })
    }
    this.#log.add({ ...place, entry, what: 'not sealed', expected: 'a seal as the last line' })
  }
}
