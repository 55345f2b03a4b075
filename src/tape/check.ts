import { createHashChain, type HashChain } from './chain.ts'
import type { Checkpoint, Header, Seal } from './entry.ts'
import type { Place } from './order.ts'
import { ProblemLog, type TapeProblem } from './problems.ts'
import { type ReaderOptions, TapeReader } from './reader.ts'
import type { ByteSource } from './source.ts'
import type { TapeWatcher } from './watcher.ts'

/** Lines and entries between two checkpoints, both ends included. An empty one has no entries. */
export interface Segment {
  readonly fromLine: number
  readonly toLine: number
  readonly fromEntry?: number
  readonly toEntry?: number
}

/** All that a tape can prove about itself. */
export interface TapeCheck {
  readonly name: string
  readonly header: Header
  /** Entries that can be read. */
  readonly entries: number
  readonly checkpoints: number
  readonly seal?: Seal
  readonly first?: { readonly seq: number; readonly at: number }
  readonly last?: { readonly seq: number; readonly at: number }
  /** Bytes of lines, unpacked. */
  readonly sizeBytes: number
  /** Segments whose hash does not fit, the first of them: by damage that `problems` names, or else by a change there. */
  readonly unproven: readonly Segment[]
  readonly unprovenCount: number
  readonly problems: readonly TapeProblem[]
  readonly problemCount: number
  /** Every line whole and in order, every hash as it should be, sealed, and nothing behind the seal. */
  readonly isWhole: boolean
  /** Of the first part of a recording that was given, from `checkParts`: parts 1 to this one were not, as recorded. */
  readonly lacksPartsTo?: number
}

const UNPROVEN_KEPT = 100

/** Verifies a whole tape, by its path or as a source gives it. FeedtapeError as TapeReader.open; damage is never one. */
export async function checkTape(from: string | ByteSource, options: ReaderOptions = {}): Promise<TapeCheck> {
  const proof = new Proof()
  const watched = { ...options, watcher: proof }
  const tape = await (typeof from === 'string'
    ? TapeReader.open(from, watched)
    : TapeReader.from(from, watched))
  try {
    proof.begin(tape)
    do {
      for (let entry = tape.next(); entry !== undefined; entry = tape.next()) proof.entry(entry)
    } while (await tape.fill())
    return proof.outcome()
  } finally {
    await tape.close()
  }
}

type Numbered = { readonly seq: number; readonly at: number }

/** Goes along with a reader and holds the hashes of the segments against the bytes. */
class Proof implements TapeWatcher {
  readonly #log = new ProblemLog()
  readonly #unproven: Segment[] = []
  #unprovenCount = 0
  #tape: TapeReader | undefined
  #chain: HashChain = createHashChain()
  #checkpoints = 0
  #entries = 0
  #sizeBytes = 0
  #first: Numbered | undefined
  #last: Numbered | undefined
  /** Of the segment: its first line, its first entry, and the problems before it. */
  #fromLine = 1
  #fromEntry: number | undefined
  #problemsBefore = 0

  begin(tape: TapeReader): void {
    this.#tape = tape
    if (tape.header.previousHash !== undefined) this.#chain = createHashChain(tape.header.previousHash)
  }

  entry(entry: Numbered): void {
    this.#first ??= entry
    this.#fromEntry ??= entry.seq
    this.#last = entry
    this.#entries++
  }

  bytes(lines: Buffer): void {
    this.#sizeBytes += lines.length
    this.#chain.update(lines)
  }

  segmentEnd(line: Checkpoint | Seal, place: Place): void {
    const hash = this.#chain.close()
    this.#sizeBytes += (this.#tape?.line.length ?? 0) + 1
    if (hash !== line.hash) {
      this.#doesNotFit(line.hash, hash, place)
      // So that one damage stays one segment's.
      this.#chain = createHashChain(line.hash)
    }
    if (line.kind === 'checkpoint') this.#checkpoints++
    this.#fromLine = place.line + 1
    this.#fromEntry = undefined
    this.#problemsBefore = this.#tape?.problemCount ?? 0
  }

  outcome(): TapeCheck {
    const tape = this.#tape
    if (tape === undefined) throw new Error('a check that never began')
    const problems = [...tape.problems, ...this.#log.kept].sort((a, b) => a.byteOffset - b.byteOffset)
    return {
      name: tape.name,
      header: tape.header,
      entries: this.#entries,
      checkpoints: this.#checkpoints,
      ...(tape.seal === undefined ? {} : { seal: tape.seal }),
      ...(this.#first === undefined ? {} : { first: numbers(this.#first) }),
      ...(this.#last === undefined ? {} : { last: numbers(this.#last) }),
      sizeBytes: this.#sizeBytes,
      unproven: this.#unproven,
      unprovenCount: this.#unprovenCount,
      problems,
      problemCount: tape.problemCount + this.#log.count,
      isWhole: tape.isWhole && this.#log.count === 0,
    }
  }

  /** A segment with damage that was reported cannot fit, and is not reported once more. */
  #doesNotFit(expected: string, found: string, place: Place): void {
    const segment: Segment = {
      fromLine: this.#fromLine,
      toLine: place.line - 1,
      ...(this.#fromEntry === undefined ? {} : { fromEntry: this.#fromEntry }),
      ...(this.#fromEntry === undefined || this.#last === undefined ? {} : { toEntry: this.#last.seq }),
    }
    this.#unprovenCount++
    if (this.#unproven.length < UNPROVEN_KEPT) this.#unproven.push(segment)
    if (this.#tape?.problemCount !== this.#problemsBefore) return
    this.#log.add({
      ...place,
      entry: segment.fromEntry ?? (this.#last?.seq ?? 0) + 1,
      what: 'hash does not fit',
      expected: `${expected.slice(0, 16)}… over ${segmentText(segment)}`,
      found: `${found.slice(0, 16)}…: one of these lines was changed, removed or put in`,
    })
  }
}

/** `lines 2 to 1025 (entries 1 to 1024)` */
export function segmentText({ fromLine, toLine, fromEntry, toEntry }: Segment): string {
  const lines = toLine < fromLine ? `the place before line ${fromLine}` : range('line', fromLine, toLine)
  return fromEntry === undefined || toEntry === undefined
    ? lines
    : `${lines} (${range('entry', fromEntry, toEntry, 'entries')})`
}

function range(noun: string, from: number, to: number, plural = `${noun}s`): string {
  return from === to ? `${noun} ${from}` : `${plural} ${from} to ${to}`
}

function numbers({ seq, at }: Numbered): Numbered {
  return { seq, at }
}
