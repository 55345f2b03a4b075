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
} from '../tape/index.ts'

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
  /** When the recording ended, as far as is known. */
  readonly endedAt: number
}

/** Every hash fits what is kept, up to the seal: what was wrong with the tape cost nothing. */
export function isComplete({ lost, held, unproven, wasSealed }: Salvaged): boolean {
  return lost === 0 && held === 0 && unproven === 0 && wasSealed
}

const HOLES_KEPT = 100
const NO_ENTRY = /^\{"kind":"(?:checkpoint|seal|header)"/
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
    return finding.outcome(tape.header, tape.seal)
  } finally {
    await tape.close()
  }
}

function lineOf(entry: Entry): Buffer {
  return Buffer.from(toLine(entry).slice(0, -1))
}

class Salvage implements TapeWatcher {
  readonly #holes: Lost[] = []
  #holeCount = 0
  #kept = 0
  #held = 0
  #lost = 0
  #unproven = 0
  #chain = createHashChain()
  #inSegment = 0
  /** The number that is due; 0 where the tape may begin with any. */
  #due = 1
  #isDerived = false
  #at = 0
  /** Damaged lines since the last entry that may have been entries, and what the first of them had. */
  #damaged = 0
  #reason = 'missing'

  begin(header: Header, line: Buffer): void {
    this.#isDerived = header.derived !== undefined
    if (this.#isDerived || header.part !== undefined) this.#due = 0
    if (header.previousHash !== undefined) this.#chain = createHashChain(header.previousHash)
    this.#hash(line)
  }

  damaged(what: string, line: Buffer): void {
    if (NO_ENTRY.test(line.subarray(0, 24).toString('latin1'))) return
    if (this.#damaged++ === 0) this.#reason = what
  }

  segmentEnd(line: Checkpoint | Seal): void {
    if (this.#chain.close() !== line.hash) {
      this.#unproven += this.#inSegment
      this.#chain = createHashChain(line.hash)
    }
    this.#inSegment = 0
  }

  holeBefore(entry: Entry): Lost | undefined {
    const isFirst = this.#kept === 0
    if (isFirst && entry.kind === 'open' && entry.resumed === true) this.#due = 0
    const due = this.#due === 0 ? Math.max(1, entry.seq - this.#damaged) : this.#due
    // A tape made from another one leaves numbers out: only damage makes it a hole.
    if (entry.seq <= due - 1 || (this.#isDerived && this.#damaged === 0)) return undefined
    return entry.seq === due ? undefined : this.#hole(due, entry.seq - 1)
  }

  /** The seal's count knows how many there were; without it each damaged line may have been one. */
  holeAtEnd(rest: Buffer, seal: Seal | undefined): Lost | undefined {
    if (seal === undefined && rest.length > 0) this.damaged('cut line', rest)
    const due = Math.max(1, this.#due)
    if (seal === undefined) return this.#damaged === 0 ? undefined : this.#hole(due, due + this.#damaged - 1)
    const missing = this.#isDerived ? seal.count - this.#kept - this.#lost : seal.count + 1 - due
    return missing <= 0 || this.#due === 0 ? undefined : this.#hole(due, due + missing - 1)
  }

  keep(entry: Entry, line: Buffer): void {
    this.#hash(line)
    this.#kept++
    this.#inSegment++
    this.#due = entry.seq + 1
    this.#at = entry.at
    this.#damaged = 0
    this.#reason = 'missing'
  }

  hold(entry: Entry, original: number): Entry {
    this.#held++
    const hasOriginal = entry.kind === 'frame' || entry.kind === 'request' || entry.kind === 'response'
    return hasOriginal && entry.original === undefined ? { ...entry, original } : entry
  }

  outcome(header: Header, seal: Seal | undefined): Salvaged {
    return {
      header,
      kept: this.#kept,
      held: this.#held,
      lost: this.#lost,
      holes: this.#holes,
      holeCount: this.#holeCount,
      unproven: this.#unproven + this.#inSegment,
      wasSealed: seal !== undefined,
      endedAt: seal?.at ?? this.#at,
    }
  }

  #hash(line: Buffer): void {
    this.#chain.update(line)
    this.#chain.update(NEWLINE)
  }

  #hole(from: number, to: number): Lost {
    const hole: Lost = { kind: 'lost', seq: from, at: this.#at, from, to, reason: this.#reason }
    this.#lost += to - from + 1
    this.#holeCount++
    if (this.#holes.length < HOLES_KEPT) this.#holes.push(hole)
    this.#due = to + 1
    return hole
  }
}
