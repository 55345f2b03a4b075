import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import type { Micros } from '../model/time.ts'
import { CHECKPOINT_BYTES, CHECKPOINT_ENTRIES } from './chain.ts'
import type { Entry, EntryDraft, Header, Seal } from './entry.ts'
import { LineQueue } from './line-queue.ts'
import type { Redactor } from './redact.ts'

export interface WriterOptions {
  /** Replaces a file that is there. */
  readonly overwrite?: boolean
  /** Takes the secrets out of each entry before anything else sees it. */
  readonly redactor?: Redactor
  /** Called once, when the file can no longer be written; `seal` and `flush` reject with the same error. */
  readonly onError?: (error: FeedtapeError) => void
}

/**
 * Writes a tape. Entries are taken at once and written as fast as the disk takes them: one write is under way at
 * a time, and all that came meanwhile goes into the next.
 */
export class TapeWriter {
  readonly path: string
  readonly #handle: FileHandle
  readonly #redactor: Redactor | undefined
  readonly #onError: ((error: FeedtapeError) => void) | undefined
  readonly #queue = new LineQueue()
  #entries = 0
  #at: Micros = 0
  #bytesWritten = 0
  #sinceCheckpoint = { entries: 0, bytes: 0 }
  #writing: Promise<void> | undefined
  #failure: FeedtapeError | undefined
  #sealing: Promise<Seal> | undefined
  #closing: Promise<void> | undefined

  private constructor(path: string, handle: FileHandle, header: Header, options: WriterOptions) {
    this.path = path
    this.#handle = handle
    this.#redactor = options.redactor
    this.#onError = options.onError
    this.#sinceCheckpoint.bytes = this.#queue.add(header)
    this.#startWriting()
  }

  /** FeedtapeError `file-exists` or `file-unwritable`. A missing folder is made. */
  static async create(path: string, header: Header, options: WriterOptions = {}): Promise<TapeWriter> {
    await mkdir(dirname(path), { recursive: true }).catch((cause: unknown) => {
      throw unwritable(path, cause)
    })
    const handle = await open(path, options.overwrite === true ? 'w' : 'wx').catch((cause: unknown) => {
      throw isThere(cause) ? exists(path, cause) : unwritable(path, cause)
    })
    return new TapeWriter(path, handle, header, options)
  }

  /** Entries taken, written or not. */
  get entries(): number {
    return this.#entries
  }

  /** Bytes taken and not yet written. */
  get queuedBytes(): number {
    return this.#queue.bytes - this.#bytesWritten
  }

  get bytesWritten(): number {
    return this.#bytesWritten
  }

  /**
   * Takes one entry: without its secrets, numbered, its time not before the last one's. Gives it back as it will
   * stand on the tape. After a failure it still numbers, and keeps nothing.
   */
  append(draft: EntryDraft): Entry {
    if (this.#sealing !== undefined || this.#closing !== undefined) {
      throw new Error('append after the end of the tape')
    }
    if (!Number.isSafeInteger(draft.at)) throw new RangeError(`at is no safe integer: ${draft.at}`)
    const safe = this.#redactor === undefined ? draft : this.#redactor.redactDraft(draft)
    this.#at = Math.max(this.#at, safe.at)
    this.#entries++
    // A draft is an entry without its number, which it has now.
    const entry = { ...safe, seq: this.#entries, at: this.#at } as Entry
    if (this.#failure === undefined) this.#take(entry)
    return entry
  }

  /** Resolves when all that was taken has been handed to the system. Rejects with the failure. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Ends the tape in order; `at` is when the recording ended. Asked again it gives the same seal. */
  seal(at: Micros): Promise<Seal> {
    this.#sealing ??= this.#writeSeal(at)
    return this.#sealing
  }

  /** Ends without a seal, with what could be written. Never rejects: a failure has been told by then. */
  close(): Promise<void> {
    this.#closing ??= this.#finish()
    return this.#closing
  }

  #take(entry: Entry): void {
    const since = this.#sinceCheckpoint
    since.bytes += this.#queue.add(entry)
    since.entries++
    if (since.entries >= CHECKPOINT_ENTRIES || since.bytes >= CHECKPOINT_BYTES) {
      this.#queue.endSegment({ kind: 'checkpoint', at: this.#at, count: this.#entries })
      this.#sinceCheckpoint = { entries: 0, bytes: 0 }
    }
    this.#startWriting()
  }

  async #writeSeal(at: Micros): Promise<Seal> {
    if (this.#closing !== undefined) throw new Error('seal after close')
    const seal = this.#queue.endSegment<Seal>({
      kind: 'seal',
      at: Math.max(this.#at, at),
      count: this.#entries,
    })
    this.#startWriting()
    await this.close()
    if (this.#failure !== undefined) throw this.#failure
    return seal
  }

  async #finish(): Promise<void> {
    await this.flush().catch(() => undefined)
    await this.#handle.close().catch((cause: unknown) => this.#fail(cause))
  }

  #startWriting(): void {
    if (this.#writing !== undefined || this.#failure !== undefined) return
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined
      if (this.queuedBytes > 0) this.#startWriting()
    })
  }

  async #write(): Promise<void> {
    try {
      for (let bytes = this.#queue.take(); bytes !== undefined; bytes = this.#queue.take()) {
        for (let from = 0; from < bytes.length; ) {
          const { bytesWritten } = await this.#handle.write(bytes, from)
          from += bytesWritten
          this.#bytesWritten += bytesWritten
        }
      }
    } catch (cause) {
      this.#fail(cause)
    }
  }

  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = unwritable(this.path, cause)
    this.#onError?.(this.#failure)
  }
}

function isThere(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
}

function exists(path: string, cause: unknown): FeedtapeError {
  return new FeedtapeError('file-exists', 'the file is there already', {
    where: path,
    expected: 'a new file',
    next: 'choose another -o, or say --overwrite',
    cause,
  })
}

function unwritable(path: string, cause: unknown): FeedtapeError {
  return new FeedtapeError('file-unwritable', 'the tape cannot be written', {
    where: path,
    found: reasonOf(cause),
    next: 'free the disk or choose another -o; what was written so far can be read',
    cause,
  })
}
