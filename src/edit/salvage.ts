import {
  type ByteSource,
  type Checkpoint,
  createHashChain,
  type Entry,
  fromLine,
  type Header,
  type Lost,
  type ReaderOptions,
  type Seal,
  TapeReader,
  type TapeWatcher,
  toLine,
  type Unread,
} from '../tape/index.ts'
import { Holes, withOriginal } from './holes.ts'

/** What can be had of a tape, and what is wanting. */
export interface Salvaged {
  readonly header: Header
  /** Entries that are safe: byte for byte but for `held`. */
  readonly kept: number
  /** Of these, entries whose time went back: they stand at the time of the one before, with their own in `original`. */
  readonly held: number
  /** Entries that were damaged or missing, at most, and the first of the holes that they are. */
  readonly lost: number
  readonly holes: readonly Lost[]
  readonly holeCount: number
  /** Entries kept whose hash does not fit what is kept, or that no hash follows. */
  readonly unproven: number
  readonly wasSealed: boolean
  /** What stands in the file behind the tape's end, and is none of what was kept. */
  readonly unread?: Unread
  /** When the recording ended, as far as is known. */
  readonly endedAt: number
}

/** Every hash fits what is kept, up to the seal, and no line of a tape stands behind it: what was wrong cost nothing. */
export function isComplete({ lost, held, unproven, wasSealed, unread }: Salvaged): boolean {
  return lost === 0 && held === 0 && unproven === 0 && wasSealed && (unread?.lines ?? 0) === 0
}

const HOLES_KEPT = 100
const NEWLINE = Buffer.from('\n')

/**
 * Hands on, in order, every entry that is safe with its line (valid in the call), and a `lost` entry for each hole.
 * FeedtapeError as TapeReader.open.
 */
export async function salvage(
  from: string | ByteSource,
  reading: ReaderOptions,
  take: (entry: Entry, line: Buffer) => Promise<void>,
): Promise<Salvaged> {
  const finding = new Salvage()
  const watched = { ...reading, watcher: finding }
  const tape = await (typeof from === 'string'
    ? TapeReader.open(from, watched)
    : TapeReader.from(from, watched))
  try {
    finding.begin(tape.header, tape.line)
    let problems = 0
    do {
      for (let entry = tape.next(); entry !== undefined; entry = tape.next()) {
        const hole = finding.holeBefore(entry)
        if (hole !== undefined) await take(hole, lineOf(hole))
        const asItWas = tape.problemCount === problems ? undefined : fromLine(tape.line.toString())
        problems = tape.problemCount
        finding.keep(entry, tape.line)
        if (asItWas !== undefined && 'at' in asItWas && asItWas.at !== entry.at) {
          const held = finding.hold(entry, asItWas.at)
          await take(held, lineOf(held))
        } else await take(entry, tape.line)
      }
    } while (await tape.fill())
    const hole = finding.holeAtEnd(tape.rest, tape.seal)
    if (hole !== undefined) await take(hole, lineOf(hole))
    return finding.outcome(tape)
  } finally {
    await tape.close()
  }
}

function lineOf(entry: Entry): Buffer {
  return Buffer.from(toLine(entry).slice(0, -1))
}

class Salvage implements TapeWatcher {
  readonly #finding = new Holes()
  readonly #holes: Lost[] = []
  #holeCount = 0
  #kept = 0
  #held = 0
  #unproven = 0
  #chain = createHashChain()
  #inSegment = 0

  begin(header: Header, line: Buffer): void {
    this.#finding.begin(header)
    if (header.previousHash !== undefined) this.#chain = createHashChain(header.previousHash)
    this.#hash(line)
  }

  damaged(what: string, line: Buffer): void {
    this.#finding.damaged(what, line)
  }

  segmentEnd(line: Checkpoint | Seal): void {
    if (this.#chain.close() !== line.hash) {
      this.#unproven += this.#inSegment
      this.#chain = createHashChain(line.hash)
    }
    this.#inSegment = 0
  }

  holeBefore(entry: Entry): Lost | undefined {
    return this.#note(this.#finding.before(entry))
  }

  holeAtEnd(rest: Buffer, seal: Seal | undefined): Lost | undefined {
    return this.#note(this.#finding.atEnd(rest, seal))
  }

  keep(entry: Entry, line: Buffer): void {
    this.#hash(line)
    this.#kept++
    this.#inSegment++
    this.#finding.keep(entry)
  }

  hold(entry: Entry, original: number): Entry {
    this.#held++
    return withOriginal(entry, original)
  }

  outcome({ header, seal, unread }: TapeReader): Salvaged {
    return {
      header,
      kept: this.#kept,
      held: this.#held,
      lost: this.#finding.lost,
      holes: this.#holes,
      holeCount: this.#holeCount,
      unproven: this.#unproven + this.#inSegment,
      wasSealed: seal !== undefined,
      ...(unread === undefined ? {} : { unread }),
      endedAt: seal?.at ?? this.#finding.at,
    }
  }

  #hash(line: Buffer): void {
    this.#chain.update(line)
    this.#chain.update(NEWLINE)
  }

  #note(hole: Lost | undefined): Lost | undefined {
    if (hole === undefined) return undefined
    this.#holeCount++
    if (this.#holes.length < HOLES_KEPT) this.#holes.push(hole)
    return hole
  }
}
