import type { FileHandle } from 'node:fs/promises'
import { pause, type Timers } from '../model/timers.ts'
import { type Harm, harmTo } from './harm.ts'
import { openTarget } from './open-target.ts'
import { codeOf } from './unwritable.ts'

/** Where a tape's bytes go. One call at a time. */
export interface Sink {
  /** Resolves when all of them are with the system. */
  write(bytes: Uint8Array): Promise<void>
  /** Resolves when what was written is on the disk itself. */
  sync(): Promise<void>
  close(): Promise<void>
  /** A write that waits for its reader gives up. */
  abandon(): void
  /** Bytes that the system has. */
  readonly bytesWritten: number
  /** What others have done to the file, at any time; once it is closed, what was seen just before. Never rejects. */
  harm(): Promise<Harm | undefined>
}

export interface SinkOptions {
  readonly overwrite: boolean
  readonly timers: Timers
}

export type OpenSink = (path: string, options: SinkOptions) => Promise<Sink>

/** A full pipe is asked again after this long, in µs. */
const PIPE_PAUSE = 2_000

/**
 * A file, or with `overwrite` a pipe (mkfifo) or a device. A missing folder is made.
 * FeedtapeError `file-exists` or `file-unwritable`.
 */
export const openFileSink: OpenSink = async (path, { overwrite, timers }) =>
  new FileSink(await openTarget(path, overwrite), path, timers)

class FileSink implements Sink {
  bytesWritten = 0
  bytesBegun = 0
  readonly #handle: FileHandle
  readonly #path: string
  readonly #timers: Timers
  #isAbandoned = false
  #isClosed = false
  #harm: Harm | undefined
  #looking: Promise<void> | undefined

  constructor(handle: FileHandle, path: string, timers: Timers) {
    this.#handle = handle
    this.#path = path
    this.#timers = timers
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.bytesBegun = this.bytesWritten + bytes.length
    for (let from = 0; from < bytes.length; ) {
      const size = await this.#writeSome(bytes, from)
      from += size
      this.bytesWritten += size
    }
  }

  /** 0 where a pipe is full. */
  async #writeSome(bytes: Uint8Array, from: number): Promise<number> {
    try {
      return (await this.#handle.write(bytes, from)).bytesWritten
    } catch (thrown) {
      if (codeOf(thrown) !== 'EAGAIN' || this.#isAbandoned) throw thrown
      await pause(this.#timers, PIPE_PAUSE)
      return 0
    }
  }

  async sync(): Promise<void> {
    await this.#handle.datasync().catch((thrown: unknown) => {
      // A pipe or a device has nothing to keep.
      if (codeOf(thrown) !== 'EINVAL') throw thrown
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    // The number of a file that is closed may be another's.
    await this.#looking
    await this.#look()
    await this.#handle.close()
  }

  abandon(): void {
    this.#isAbandoned = true
  }

  async harm(): Promise<Harm | undefined> {
    if (!this.#isClosed) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined
      })
      await this.#looking
    }
    return this.#harm
  }

  async #look(): Promise<void> {
    // A disk that does not even say what it has will not take the next write.
    this.#harm = await harmTo(this.#handle, this.#path, this).catch(() => this.#harm)
  }
}
