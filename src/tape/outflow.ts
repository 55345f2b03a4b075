import { FeedtapeError } from '../model/errors.ts'
import type { Micros } from '../model/time.ts'
import { systemTimers, type Timers } from '../model/timers.ts'
import type { Harm } from './harm.ts'
import { type Batch, LineQueue } from './line-queue.ts'
import { type FirstPart, isGzip, openFirstPart, openNextPart, type PartOptions } from './open-part.ts'
import { partPath } from './rotation.ts'
import type { Sink } from './sink.ts'
import { unwritable } from './unwritable.ts'

export interface OutflowOptions extends PartOptions {
  /** The data is on the disk itself (fdatasync) every 100 ms and at the end, not only with the system. */
  readonly fsync?: boolean
  /** Called once, when the file can no longer be written. */
  readonly onError?: (error: FeedtapeError) => void
  /** True when QUEUE_BYTES wait for the disk: take in no more. False when half of it is gone. */
  readonly onPressure?: (isFull: boolean) => void
}

/** So much may wait for a disk that stalls. */
export const QUEUE_BYTES = 64 * 1024 * 1024
/** What was on its way when the socket was held comes on top; past this it was not held. */
const MOST_BYTES = 2 * QUEUE_BYTES
/** Small writes are gathered for so long: a write costs as much as fifty lines. With the disk's own time below 100 ms. */
const GATHER: Micros = 10_000
/** A flush of gzip costs five bytes and the start of a new block. */
const GATHER_GZIP: Micros = 50_000
/** So much is written at once. */
const EAGER_BYTES = 256 * 1024
const SYNC_EVERY: Micros = 100_000

/** Lines to the disk, from file to file: one write under way at a time, and all that came meanwhile in the next. */
export class Outflow {
  readonly path: string
  readonly queue = new LineQueue()
  /** Files of an older recording that would have been taken for parts of this one. */
  readonly removedParts: readonly string[]
  /** Entries that are with the system. */
  entriesWritten = 0
  #failure: FeedtapeError | undefined
  readonly #options: OutflowOptions
  readonly #timers: Timers
  readonly #gather: Micros
  readonly #failed = Promise.withResolvers<void>()
  #sink: Sink
  #part = 1
  /** Of the lines, as they were taken. */
  #linesWritten = 0
  #bytesOfParts = 0
  /** By path. */
  readonly #harms = new Map<string, Harm>()
  #isFull = false
  #writing: Promise<void> | undefined
  #callOffGather: (() => void) | undefined
  #callOffSync: (() => void) | undefined
  #isSyncDue = false
  #isSinkClosed = false
  /** A write is under way that may never end: there is nothing to wait for. */
  #isHung = false

  private constructor(path: string, { removedParts, sink }: FirstPart, options: OutflowOptions) {
    this.path = path
    this.removedParts = removedParts
    this.#sink = sink
    this.#options = options
    this.#timers = options.timers ?? systemTimers
    this.#gather = isGzip(path) ? GATHER_GZIP : GATHER
  }

  static async open(path: string, options: OutflowOptions): Promise<Outflow> {
    return new Outflow(path, await openFirstPart(path, options), options)
  }

  get failure(): FeedtapeError | undefined {
    return this.#failure
  }

  /** Bytes of lines that the system does not have yet. */
  get queuedBytes(): number {
    return this.queue.bytes - this.#linesWritten
  }

  /** Bytes of files that the system has. */
  get bytesWritten(): number {
    return this.#bytesOfParts + this.#sink.bytesWritten
  }

  /** What others have done to the files while each was written. */
  async harms(): Promise<readonly Harm[]> {
    await this.#look()
    return [...this.#harms.values()]
  }

  async #look(): Promise<void> {
    const path = partPath(this.path, this.#part)
    const harm = await this.#sink.harm()
    if (harm === undefined) this.#harms.delete(path)
    else this.#harms.set(path, harm)
  }

  /** Lines were added: they are written soon. */
  wake(): void {
    if (this.#failure !== undefined) return
    const waiting = this.queuedBytes
    if (waiting >= QUEUE_BYTES) this.#press(waiting)
    if (this.#writing !== undefined) return
    if (waiting >= EAGER_BYTES) this.#start()
    else this.#callOffGather ??= this.#timers.after(this.#gather, () => this.#start())
  }

  /** Resolves when all that was added is with the system. Rejects with the failure. */
  async flush(): Promise<void> {
    while (this.#failure === undefined && (this.#writing !== undefined || this.queuedBytes > 0)) {
      this.#start()
      await Promise.race([this.#writing, this.#failed.promise])
    }
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Writes what there is and closes. Never rejects: a failure has been told by then. */
  async close(): Promise<void> {
    await this.flush().catch(() => undefined)
    this.#callOffGather?.()
    this.#callOffSync?.()
    if (this.#isHung) return
    await this.#writing
    await this.#closeSink().catch((cause: unknown) => this.#fail(cause))
  }

  #press(waiting: number): void {
    if (waiting > MOST_BYTES) {
      this.#isHung = true
      this.#fail(
        new FeedtapeError('file-unwritable', 'the disk stands still, and what comes cannot be held', {
          where: partPath(this.path, this.#part),
          expected: `at most ${MOST_BYTES} bytes that wait for it`,
          found: `${waiting} bytes`,
          next: 'choose a faster disk for -o; what was written so far can be read',
        }),
      )
    } else if (!this.#isFull) {
      this.#isFull = true
      this.#options.onPressure?.(true)
    }
  }

  #ease(): void {
    if (!this.#isFull || this.queuedBytes > QUEUE_BYTES / 2) return
    this.#isFull = false
    this.#options.onPressure?.(false)
  }

  #start(): void {
    this.#callOffGather?.()
    this.#callOffGather = undefined
    if (this.#writing !== undefined || this.#failure !== undefined) return
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined
      if (this.queuedBytes > 0) this.wake()
    })
  }

  async #write(): Promise<void> {
    try {
      for (let batch = this.queue.take(); batch !== undefined; batch = this.queue.take()) {
        await this.#writeBatch(batch)
      }
      if (this.#isSyncDue) {
        this.#isSyncDue = false
        await this.#sink.sync()
      }
    } catch (cause) {
      this.#fail(cause)
    }
  }

  async #writeBatch({ bytes, entries, endsPart }: Batch): Promise<void> {
    await this.#sink.write(bytes)
    this.#linesWritten += bytes.length
    this.entriesWritten = entries
    if (endsPart) await this.#nextPart()
    else if (this.#options.fsync === true) this.#syncSoon()
    this.#ease()
  }

  #syncSoon(): void {
    this.#callOffSync ??= this.#timers.after(SYNC_EVERY, () => {
      this.#callOffSync = undefined
      this.#isSyncDue = true
      this.#start()
    })
  }

  async #nextPart(): Promise<void> {
    const closed = this.#sink
    await this.#closeSink()
    this.#sink = await openNextPart(partPath(this.path, this.#part + 1), this.#options)
    this.#part += 1
    this.#bytesOfParts += closed.bytesWritten
    this.#isSinkClosed = false
  }

  async #closeSink(): Promise<void> {
    if (this.#isSinkClosed) return
    this.#isSinkClosed = true
    if (this.#options.fsync === true && this.#failure === undefined) await this.#sink.sync()
    await this.#sink.close()
    await this.#look()
  }

  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure =
      cause instanceof FeedtapeError
        ? cause
        : unwritable(partPath(this.path, this.#part), cause, this.bytesWritten > 0)
    this.#sink.abandon()
    this.#failed.resolve()
    this.#options.onError?.(this.#failure)
  }
}
