import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import { pause, type Timers } from '../model/timers.ts'

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
  /** Whether the file has been deleted under us: writing goes on, into nothing that anybody will find. */
  isGone(): Promise<boolean>
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
export const openFileSink: OpenSink = async (path, { overwrite, timers }) => {
  await makeFolder(dirname(path)).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
  const there = await stat(path).catch(() => undefined)
  if (there?.isDirectory() === true) {
    throw new FeedtapeError('file-unwritable', 'the tape cannot be written: this is a folder', {
      where: path,
      expected: 'a file',
      next: 'name a file in it, as NAME.tape.jsonl',
    })
  }
  // Opened so, a pipe without a reader is an error, and a full one is no thread that waits for ever.
  const pipe = there?.isFIFO() === true ? constants.O_WRONLY | constants.O_NONBLOCK : undefined
  const handle = await open(path, overwrite ? (pipe ?? 'w') : 'wx').catch((cause: unknown) => {
    throw codeOf(cause) === 'EEXIST' ? exists(path, cause) : unwritable(path, cause)
  })
  return new FileSink(handle, timers)
}

/** One by one from the nearest that is there: Node's recursive mkdir never comes back from /proc/x (Node 24). */
async function makeFolder(path: string): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  )
  if (isThere || dirname(path) === path) return
  await makeFolder(dirname(path))
  await mkdir(path).catch((cause: unknown) => {
    if (codeOf(cause) !== 'EEXIST') throw cause
  })
}

class FileSink implements Sink {
  bytesWritten = 0
  readonly #handle: FileHandle
  readonly #timers: Timers
  #isAbandoned = false

  constructor(handle: FileHandle, timers: Timers) {
    this.#handle = handle
    this.#timers = timers
  }

  async write(bytes: Uint8Array): Promise<void> {
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

  close(): Promise<void> {
    return this.#handle.close()
  }

  abandon(): void {
    this.#isAbandoned = true
  }

  async isGone(): Promise<boolean> {
    const { nlink } = await this.#handle.stat()
    return nlink === 0
  }
}

export function unwritable(path: string, cause: unknown): FeedtapeError {
  return new FeedtapeError('file-unwritable', 'the tape cannot be written', {
    where: path,
    found: FOUND.get(codeOf(cause) ?? '') ?? reasonOf(cause),
    next: 'free the disk or choose another -o; what was written so far can be read',
    cause,
  })
}

/** What Node's words do not make plain. */
const FOUND: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'ENOSPC: the disk is full'],
  ['EDQUOT', 'EDQUOT: the quota of this user is used up'],
  ['EROFS', 'EROFS: the disk is mounted read-only'],
  ['ENXIO', 'ENXIO: nobody reads this pipe'],
  ['EPIPE', 'EPIPE: nobody reads this pipe any longer'],
])

function exists(path: string, cause: unknown): FeedtapeError {
  return new FeedtapeError('file-exists', 'the file is there already', {
    where: path,
    expected: 'a new file',
    next: 'choose another -o, or say --overwrite',
    cause,
  })
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
}
