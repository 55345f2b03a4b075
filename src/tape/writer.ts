import type { Micros } from '../model/time.ts'
import { checkDraft } from './draft-shape.ts'
import type { Entry, EntryDraft, Header, Seal } from './entry.ts'
import { isPlainFrame } from './frame-stem.ts'
import type { Harm } from './harm.ts'
import { Outflow, type OutflowOptions } from './outflow.ts'
import type { Redactor } from './redact.ts'
import { Rotation, type RotationRule } from './rotation.ts'

export interface WriterOptions extends OutflowOptions {
  /** Takes the secrets out of each entry before anything else sees it. */
  readonly redactor?: Redactor
  /** Goes on in another file when one has had enough. */
  readonly rotate?: RotationRule
}

/**
 * Writes a tape: `.gz` as gzip. Entries are taken at once; they are with the system some milliseconds later, or
 * as soon as the disk takes them.
 */
export class TapeWriter {
  readonly path: string
  readonly #out: Outflow
  readonly #redactor: Redactor | undefined
  readonly #rotation: Rotation | undefined
  #entries = 0
  #at: Micros = 0
  #sealing: Promise<Seal> | undefined
  #closing: Promise<void> | undefined

  private constructor(out: Outflow, header: Header, { redactor, rotate }: WriterOptions) {
    this.path = out.path
    this.#out = out
    this.#redactor = redactor
    this.#rotation = rotate === undefined ? undefined : new Rotation(rotate, header)
    this.#begin(header)
  }

  /** FeedtapeError `file-exists` or `file-unwritable`. A missing folder is made. */
  static async create(path: string, header: Header, options: WriterOptions = {}): Promise<TapeWriter> {
    return new TapeWriter(await Outflow.open(path, options), header, options)
  }

  /** Entries taken, written or not. */
  get entries(): number {
    return this.#entries
  }

  /** Entries that the system has. */
  get entriesWritten(): number {
    return this.#out.entriesWritten
  }

  /** Bytes of lines taken and not yet written. */
  get queuedBytes(): number {
    return this.#out.queuedBytes
  }

  /** Of the files, compressed or not. */
  get bytesWritten(): number {
    return this.#out.bytesWritten
  }

  get parts(): number {
    return this.#rotation?.part ?? 1
  }

  /** Files of an older recording that were removed at the beginning: they had the names of this one's parts. */
  get removedParts(): readonly string[] {
    return this.#out.removedParts
  }

  /** What others have done to the files while each was written. Asked behind the end, up to the end. */
  harms(): Promise<readonly Harm[]> {
    return this.#out.harms()
  }

  /**
   * Takes one entry: without its secrets, numbered, its time not before the last one's. Gives it back as it will
   * stand on the tape. After a failure it still numbers, and keeps nothing. Throws where readers would refuse it.
   */
  append(draft: EntryDraft): Entry {
    if (this.#sealing !== undefined || this.#closing !== undefined) {
      throw new Error('append after the end of the tape')
    }
    if (!Number.isSafeInteger(draft.at)) throw new RangeError(`at is no safe integer: ${draft.at}`)
    checkDraft(draft)
    const safe = this.#redactor === undefined ? draft : this.#redactor.redactDraft(draft)
    this.#at = Math.max(this.#at, safe.at)
    if (this.#rotation?.isDue(this.#at) === true) this.#rotate(this.#rotation)
    return this.#number(safe)
  }

  /** Resolves when all that was taken has been handed to the system. Rejects with the failure. */
  flush(): Promise<void> {
    return this.#out.flush()
  }

  /** Ends the tape in order; `at` is when the recording ended. Asked again it gives the same seal. */
  seal(at: Micros): Promise<Seal> {
    this.#sealing ??= this.#writeSeal(at)
    return this.#sealing
  }

  /** Ends without a seal, with what could be written. Never rejects: a failure has been told by then. */
  close(): Promise<void> {
    this.#closing ??= this.#out.close()
    return this.#closing
  }

  #begin(header: Header): void {
    this.#out.queue.add(header)
    this.#out.wake()
  }

  #number(draft: EntryDraft): Entry {
    this.#entries++
    const entry = numbered(draft, this.#entries, this.#at)
    if (this.#out.failure === undefined) this.#take(entry)
    return entry
  }

  #take(entry: Entry): void {
    const { queue } = this.#out
    // Where the next file begins hangs on the size of each line.
    if (this.#rotation === undefined && isPlainFrame(entry)) queue.addSoon(entry)
    else {
      const bytes = queue.add(entry)
      this.#rotation?.took(entry, bytes)
    }
    this.#out.wake()
  }

  #rotate(rotation: Rotation): void {
    if (this.#out.failure !== undefined) return
    const seal = this.#endSegment()
    this.#out.queue.endPart()
    const { header, opens } = rotation.next(seal)
    this.#begin(header)
    for (const open of opens) this.#number(open)
  }

  #endSegment(): Seal {
    return this.#out.queue.endSegment<Seal>({ kind: 'seal', at: this.#at, count: this.#entries })
  }

  async #writeSeal(at: Micros): Promise<Seal> {
    if (this.#closing !== undefined) throw new Error('seal after close')
    this.#at = Math.max(this.#at, at)
    const seal = this.#endSegment()
    await this.close()
    if (this.#out.failure !== undefined) throw this.#out.failure
    return seal
  }
}

function numbered(draft: EntryDraft, seq: number, at: Micros): Entry {
  if (draft.kind === 'frame' && 'text' in draft) {
    const { conn, dir, op, text, original, redacted } = draft
    // Nearly all there are, without a copy key by key.
    const isPlain = original === undefined && redacted === undefined
    if (isPlain) return { kind: 'frame', seq, at, conn, dir, op, text }
  }
  // A draft is an entry without its number, which it has now.
  return { ...draft, seq, at } as Entry
}
