import { basename } from 'node:path'
import { BlockReader } from './blocks.ts'
import type { Checkpoint, Entry, Header, Seal } from './entry.ts'
import { everyEntry } from './every-entry.ts'
import { readFrame } from './frame-line.ts'
import { readHeader } from './header.ts'
import { fromBytes } from './line.ts'
import { OrderKeeper, type Place } from './order.ts'
import { ProblemLog, type TapeProblem } from './problems.ts'
import { type ByteSource, openSource } from './source.ts'
import { unpackedSource } from './unpack.ts'
import { goesOn, isOtherHeader, measureUnread, type Unread, unreadProblem } from './unread.ts'
import type { TapeWatcher } from './watcher.ts'

export interface ReaderOptions {
  /** Bytes a read. It changes the speed and nothing else. */
  readonly chunkBytes?: number
  /** How messages call the tape; its file name otherwise. */
  readonly name?: string
  /** Of the file that the source reads. */
  readonly path?: string
  /** A longer line is skipped and reported. The default takes a payload of 16 MiB that is all escapes. */
  readonly maxLineBytes?: number
  /** Sees what `next` does not hand on. */
  readonly watcher?: TapeWatcher
}

type Options = ReaderOptions & { readonly name: string; readonly maxLineBytes: number }

const CHUNK_BYTES = 1024 * 1024
const MAX_LINE_BYTES = 128 * 1024 * 1024
const NOTHING: Buffer = Buffer.alloc(0)

/** Where the tape ends before its file does: behind its seal, or at the header of another recording. */
interface Stop {
  readonly place: Place
  /** The line of the block. */
  readonly index: number
  readonly isOtherTape?: true
}

/**
 * Reads a tape, plain or gzip, from its start, once, in memory bounded by its longest line. What is damaged is
 * skipped, reported in `problems` and never handed on; `seq` of what is handed on goes up and `at` never down. The
 * chained hashes are not verified here but in `checkTape`: the lines' own CRCs are.
 *
 *     for (;;) {
 *       for (let entry = tape.next(); entry !== undefined; entry = tape.next()) use(entry)
 *       if (!(await tape.fill())) break
 *     }
 */
export class TapeReader {
  readonly header: Header
  readonly name: string
  /** Of the file; none where it is no file. */
  readonly path: string | undefined
  readonly #blocks: BlockReader
  readonly #maxLineBytes: number
  readonly #watcher: TapeWatcher | undefined
  readonly #log = new ProblemLog()
  readonly #order: OrderKeeper
  /** The next line of the block. */
  #next: number
  /** Up to here the watcher has seen the block. */
  #watched = 0
  #seal: Seal | undefined
  /** The header that was read last: parts may stand one behind the other. */
  #part: Header
  #stop: Stop | undefined
  #unread: Unread | undefined
  #lost = 0
  #isAtEnd = false
  #isClosed = false

  private constructor(blocks: BlockReader, header: Header, options: Options) {
    this.header = header
    this.#part = header
    this.name = options.name
    this.path = options.path
    this.#blocks = blocks
    this.#maxLineBytes = options.maxLineBytes
    this.#watcher = options.watcher
    this.#order = new OrderKeeper(header, this.#log)
    this.#next = 1
  }

  /** Opens a file, or standard input (`-`). FeedtapeError `file-missing` or `not-a-tape`. */
  static async open(path: string, options: ReaderOptions = {}): Promise<TapeReader> {
    const name = options.name ?? (path === '-' ? 'stdin' : basename(path))
    const named = path === '-' ? { name } : { name, path }
    return TapeReader.from(await openSource(path), { ...options, ...named })
  }

  /** Reads what a source gives, and closes it in the end. */
  static async from(source: ByteSource, options: ReaderOptions = {}): Promise<TapeReader> {
    const all = { name: 'tape', chunkBytes: CHUNK_BYTES, maxLineBytes: MAX_LINE_BYTES, ...options }
    const blocks = new BlockReader(unpackedSource(source), all.chunkBytes, all.maxLineBytes)
    try {
      return new TapeReader(blocks, await readHeader(blocks, all.name), all)
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

  /** Entries that were missing when this tape was made, as it says itself: no problem of its own. */
  get lost(): number {
    return this.#lost
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

  /** The line that `next` read last, without its newline; the header's at first. Valid until `fill`. */
  get line(): Buffer {
    const { bytes, lines } = this.#blocks.block
    const index = this.#next - 1
    return bytes.subarray(lines.starts[index] ?? 0, lines.ends[index] ?? 0)
  }

  /** What stands behind the last newline, once the end was reached; empty as a rule. */
  get rest(): Buffer {
    return this.#unread === undefined ? (this.#blocks.rest?.bytes ?? NOTHING) : NOTHING
  }

  /** What stands in the file behind the tape's end, once that was reached: nothing as a rule. */
  get unread(): Unread | undefined {
    return this.#unread
  }

  /** The next entry of what has been read; `undefined` when it is time to `fill`. */
  next(): Entry | undefined {
    const { block } = this.#blocks
    const { count, starts, ends, intact } = block.lines
    while (this.#next < count && this.#stop === undefined) {
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
    if (this.#stop === undefined) {
      this.#showRest()
      this.#next = 0
      if (await this.#blocks.fill()) return true
    }
    await this.#end()
    return false
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#blocks.close()
  }

  /** All entries; the tape is closed behind them. */
  [Symbol.asyncIterator](): AsyncGenerator<Entry, void, undefined> {
    return everyEntry(this)
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
    if (this.#seal !== undefined) return this.#stopAt({ place, index })
    if (end - start > this.#maxLineBytes) {
      const expected = `at most ${this.#maxLineBytes} bytes`
      return this.#report({ what: 'line too long', expected, found: `${end - start} bytes` }, place)
    }
    const bytes = block.bytes.subarray(start, end)
    const line = fromBytes(bytes)
    switch (line.kind) {
      case 'damage': {
        if (isOtherHeader(bytes, this.#part)) return this.#stopAt({ place, index, isOtherTape: true })
        const { kind: _, ...damage } = line
        return this.#report(damage, place, bytes)
      }
      case 'header':
        if (!goesOn(this.#part, line)) return this.#stopAt({ place, index, isOtherTape: true })
        this.#part = line
        this.#log.add({ ...place, entry: this.#order.due, what: 'second header' })
        return undefined
      case 'checkpoint':
        this.#endSegment(line, place, start, end)
        return undefined
      case 'seal':
        this.#seal = this.#endSegment(line, place, start, end)
        return undefined
      case 'lost':
        this.#lost += line.to - line.from + 1
        return this.#order.admit(line, place)
      default:
        return this.#order.admit(line, place)
    }
  }

  #endSegment<L extends Checkpoint | Seal>(line: L, place: Place, start: number, end: number): L {
    const held = this.#order.count(line, place)
    this.#watcher?.bytes?.(this.#blocks.block.bytes.subarray(this.#watched, start))
    this.#watched = end + 1
    this.#watcher?.segmentEnd(line, place)
    return held
  }

  /** Shows the watcher what is left of the block. */
  #showRest(): void {
    const { bytes, lines } = this.#blocks.block
    const end = (lines.ends[lines.count - 1] ?? -1) + 1
    if (end > this.#watched) this.#watcher?.bytes?.(bytes.subarray(this.#watched, end))
    this.#watched = 0
  }

  #report(
    damage: Pick<TapeProblem, 'what' | 'expected' | 'found'>,
    place: Place,
    bytes = NOTHING,
  ): undefined {
    this.#watcher?.damaged?.(damage.what, bytes)
    this.#log.add({ ...place, entry: this.#order.due, ...damage })
    this.#order.damaged()
  }

  /** From this line on it is not this tape's. */
  #stopAt(stop: Stop): undefined {
    const { bytes, lines } = this.#blocks.block
    const start = lines.starts[stop.index] ?? 0
    if (start > this.#watched) this.#watcher?.bytes?.(bytes.subarray(this.#watched, start))
    this.#stop = stop
  }

  async #end(): Promise<void> {
    this.#isAtEnd = true
    const isSealed = this.#seal !== undefined
    if (this.#stop !== undefined) await this.#measure(this.#stop)
    const { rest, damage } = this.#blocks
    if (rest === undefined) return
    const { byteLength, line, byteOffset } = rest
    const end = { line, byteOffset, entry: this.#order.due }
    if (damage !== undefined) this.#log.add({ ...end, ...damage })
    if (this.#stop === undefined && byteLength > 0) {
      if (isSealed) await this.#measure({ place: { line, byteOffset }, index: 0 })
      else {
        const found = `${byteLength} bytes without one`
        this.#log.add({ ...end, what: 'cut line', expected: 'a newline at its end', found })
      }
    }
    const place = { ...end, ...this.#stop?.place }
    if (!isSealed) this.#log.add({ ...place, what: 'not sealed', expected: 'a seal as the last line' })
  }

  async #measure({ place, index, isOtherTape }: Stop): Promise<void> {
    this.#unread = await measureUnread(this.#blocks, place, index)
    const problem = unreadProblem(this.#unread, isOtherTape && this.#part)
    this.#log.add(isOtherTape ? { ...problem, entry: this.#order.due } : problem)
  }
}
