import { identityOf } from '../../instruments/index.ts'
import type { Micros } from '../../model/time.ts'
import { type Entry, type Header, TapeReader, toLine } from '../../tape/index.ts'
import { FrameReading } from '../cut/index.ts'
import { TapeFile } from '../tape-file.ts'
import { LineSpool } from './line-spool.ts'
import { Needs } from './needs.ts'

/** What is known of an entry without its line. */
export interface EntryFacts {
  readonly at: Micros
  readonly conn: number | undefined
  /** The packets in a message: `in:qsd`, `in:du in:qsd`; otherwise what it is: `open`. */
  readonly kind: string
  /** Instruments that it says something of; `undefined` for what is no message. */
  readonly symbols: string | undefined
}

/** A tape that was read once, so that any of its entries can be written as a tape of their own. */
export class WholeTape {
  readonly header: Header
  readonly entries: readonly EntryFacts[]
  readonly needs: Needs
  /** What was wrong with it. */
  readonly source: TapeReader
  readonly #spool: LineSpool
  readonly #endedAt: Micros

  private constructor(source: TapeReader, spool: LineSpool, { entries, needs }: Facts) {
    this.source = source
    this.header = source.header
    this.entries = entries
    this.needs = needs
    this.#spool = spool
    this.#endedAt = Math.max(source.seal?.at ?? 0, entries.at(-1)?.at ?? 0)
  }

  /** `file`: a new one, for its lines. FeedtapeError as TapeReader.open. */
  static async read(path: string, file: string): Promise<WholeTape> {
    const source = await TapeReader.open(path)
    const spool = await LineSpool.create(file)
    try {
      return new WholeTape(source, spool, await readFacts(source, spool))
    } catch (thrown) {
      await spool.close()
      throw thrown
    } finally {
      await source.close()
    }
  }

  /** Its entries by index, and behind them its end: a tape without that ends with its last entry. */
  get units(): readonly number[] {
    return Array.from({ length: this.entries.length + 1 }, (_, index) => index)
  }

  entriesAmong(units: readonly number[]): readonly number[] {
    return units.filter(unit => unit < this.entries.length)
  }

  /** A sealed tape of these units; entries keep their numbers, times and bytes. */
  async write(path: string, units: readonly number[]): Promise<void> {
    const kept = this.entriesAmong(units)
    const file = await TapeFile.create(path, this.#headerFor(kept.length), { overwrite: true })
    try {
      let last = 0
      for await (const [index, line] of this.#spool.lines(kept)) {
        last = this.entries[index]?.at ?? last
        await file.add({ at: last }, line)
      }
      await file.seal(kept.length < units.length ? this.#endedAt : last)
    } catch (thrown) {
      await file.discard()
      throw thrown
    }
  }

  async close(): Promise<void> {
    await this.#spool.close()
  }

  /** The chain starts anew: what is derived proves nothing about a part before it. */
  #headerFor(kept: number): Header {
    const { previousHash: _, ...header } = this.header
    const how = `cut --failing: ${kept} of ${this.entries.length} entries`
    return { ...header, derived: header.derived === undefined ? how : `${header.derived}; ${how}` }
  }
}

interface Facts {
  readonly entries: readonly EntryFacts[]
  readonly needs: Needs
}

async function readFacts(source: TapeReader, spool: LineSpool): Promise<Facts> {
  const needs = new Needs()
  const reading = new FrameReading()
  const entries: EntryFacts[] = []
  const text = distinctTexts()
  const factsOf = (entry: Entry): EntryFacts => {
    const read = reading.apply(entry)
    const kinds = read?.packets.map(({ dir, kind }) => `${dir}:${kind}`) ?? []
    return {
      at: entry.at,
      conn: 'conn' in entry ? entry.conn : undefined,
      kind: text(kinds.length === 0 ? [entry.kind] : kinds),
      symbols: read === undefined ? undefined : text(read.observations.map(({ name }) => identityOf(name))),
    }
  }
  let problems = 0
  do {
    for (let entry = source.next(); entry !== undefined; entry = source.next()) {
      // A time that goes back is held by the reader, and then the line is not what it says.
      const isAsItWas = source.problemCount === problems
      problems = source.problemCount
      // The bytes are the reader's again when it reads on.
      await spool.add(isAsItWas ? Buffer.from(source.line) : Buffer.from(toLine(entry).slice(0, -1)))
      needs.add(entry)
      entries.push(factsOf(entry))
    }
  } while (await source.fill())
  await spool.flush()
  return { entries, needs }
}

/** Different words as one text, which is kept once however often it comes. */
function distinctTexts(): (words: readonly string[]) => string {
  const texts = new Map<string, string>()
  return words => {
    const text = [...new Set(words)].sort().join(' ')
    const known = texts.get(text)
    if (known === undefined) texts.set(text, text)
    return known ?? text
  }
}
