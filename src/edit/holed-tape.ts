import { type Entry, everyEntry, fromLine, type ReaderOptions, TapeReader, toLine } from '../tape/index.ts'
import { Holes, withOriginal } from './holes.ts'

/**
 * A tape read for another one to be made from it: with a `lost` entry for each hole, as a repair has them, so that what
 * was lost can be known from the new one too. Read like a TapeReader.
 */
export class HoledTape {
  /** For what was wrong with it. */
  readonly source: TapeReader
  readonly #holes: Holes
  #problems = 0
  /** What stands behind the hole that was handed on, or the hole at the end. */
  #waiting: { readonly entry: Entry; readonly isHole: boolean } | undefined
  /** Of what was handed on last, where it is not as it stands on the tape. */
  #changed: Buffer | undefined
  #hasEnded = false

  private constructor(source: TapeReader, holes: Holes) {
    this.source = source
    this.#holes = holes
  }

  /** FeedtapeError as TapeReader.open. */
  static async open(path: string, reading: ReaderOptions = {}): Promise<HoledTape> {
    const holes = new Holes()
    const source = await TapeReader.open(path, { ...reading, watcher: holes })
    holes.begin(source.header)
    return new HoledTape(source, holes)
  }

  /** The line of what `next` handed on last, without its newline. Valid until `fill`. */
  get line(): Buffer {
    return this.#changed ?? this.source.line
  }

  next(): Entry | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined) return waiting.isHole ? this.#give(waiting.entry) : this.#take(waiting.entry)
    const entry = this.source.next()
    if (entry === undefined) return undefined
    const hole = this.#holes.before(entry)
    if (hole === undefined) return this.#take(entry)
    this.#waiting = { entry, isHole: false }
    return this.#give(hole)
  }

  async fill(): Promise<boolean> {
    if (this.#hasEnded) return false
    if (await this.source.fill()) return true
    this.#hasEnded = true
    const hole = this.#holes.atEnd(this.source.rest, this.source.seal)
    if (hole === undefined) return false
    this.#waiting = { entry: hole, isHole: true }
    return true
  }

  async close(): Promise<void> {
    await this.source.close()
  }

  /** All entries; the tape is closed behind them. */
  [Symbol.asyncIterator](): AsyncGenerator<Entry, void, undefined> {
    return everyEntry(this)
  }

  #take(entry: Entry): Entry {
    this.#holes.keep(entry)
    this.#changed = undefined
    const { source } = this
    if (source.problemCount === this.#problems) return entry
    this.#problems = source.problemCount
    const asItWas = fromLine(source.line.toString())
    if (!('at' in asItWas) || asItWas.at === entry.at) return entry
    return this.#give(withOriginal(entry, asItWas.at))
  }

  #give(entry: Entry): Entry {
    this.#changed = Buffer.from(toLine(entry).slice(0, -1))
    return entry
  }
}
