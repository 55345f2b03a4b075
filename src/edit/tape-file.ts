import { open, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import type { Micros } from '../model/time.ts'
import {
  CHECKPOINT_BYTES,
  CHECKPOINT_ENTRIES,
  type Checkpoint,
  createHashChain,
  type Entry,
  type Header,
  type Seal,
  toLine,
} from '../tape/index.ts'
import { makeFolder } from '../tape/open-target.ts'
import { openUnfinished, refuseIrregular, type Unfinished } from './new-file.ts'

const BATCH_BYTES = 1024 * 1024
const NEWLINE = Buffer.from('\n')

/**
 * A tape made from another one, line by line; checkpoints and seal are made here. It stands under its name when it is
 * sealed and not before: until then it is `NAME.unfinished`, a file that was not there, and a failure leaves nothing.
 */
export class TapeFile {
  readonly path: string
  readonly #unfinished: Unfinished
  readonly #isReserved: boolean
  readonly #chain = createHashChain()
  #batch: Buffer[] = []
  #batchBytes = 0
  #entries = 0
  #at: Micros = 0
  #since = { entries: 0, bytes: 0 }

  private constructor(path: string, unfinished: Unfinished, isReserved: boolean, header: Header) {
    this.path = path
    this.#unfinished = unfinished
    this.#isReserved = isReserved
    this.#take(Buffer.from(toLine(header)))
  }

  /**
   * FeedtapeError `file-exists`, `file-unwritable` (also where the name is a device's, a pipe's or a folder's), or
   * `usage` where it would be written over its `origin`.
   */
  static async create(path: string, header: Header, options: TapeFileOptions): Promise<TapeFile> {
    await refuseIrregular(path)
    await refuseOrigin(path, options.origin)
    await makeFolder(dirname(path)).catch(failedAt(path))
    // The name is taken at once, so that nobody else's file is written over at the end.
    if (!options.overwrite) await (await open(path, 'wx').catch(failedAt(path))).close()
    try {
      return new TapeFile(path, await openUnfinished(path), !options.overwrite, header)
    } catch (thrown) {
      if (!options.overwrite) await unlink(path).catch(() => undefined)
      throw thrown instanceof FeedtapeError ? thrown : unwritable(path, thrown)
    }
  }

  /** Takes the line of an entry, without its newline. Its bytes are the file's: they must not change any more. */
  async add({ at }: Pick<Entry, 'at'>, line: Buffer): Promise<void> {
    this.#take(line)
    this.#take(NEWLINE)
    this.#entries++
    this.#since.entries++
    this.#at = Math.max(this.#at, at)
    if (this.#since.entries >= CHECKPOINT_ENTRIES || this.#since.bytes >= CHECKPOINT_BYTES) {
      this.#endSegment('checkpoint')
    }
    if (this.#batchBytes >= BATCH_BYTES) await this.#write()
  }

  /** Ends the tape, brings it to the disk and gives it its name. */
  async seal(at: Micros): Promise<void> {
    this.#at = Math.max(this.#at, at)
    this.#endSegment('seal')
    await this.#write()
    const { path, handle } = this.#unfinished
    await handle.datasync().catch(failedAt(this.path))
    await handle.close()
    await rename(path, this.path).catch(failedAt(this.path))
  }

  /** Leaves nothing of it. */
  async discard(): Promise<void> {
    await this.#unfinished.handle.close().catch(() => undefined)
    await unlink(this.#unfinished.path).catch(() => undefined)
    if (this.#isReserved) await unlink(this.path).catch(() => undefined)
  }

  #endSegment(kind: 'checkpoint' | 'seal'): void {
    const line: Checkpoint | Seal = { kind, at: this.#at, count: this.#entries, hash: this.#chain.close() }
    this.#hold(Buffer.from(toLine(line)))
    this.#since = { entries: 0, bytes: 0 }
  }

  #take(bytes: Buffer): void {
    this.#chain.update(bytes)
    this.#since.bytes += bytes.length
    this.#hold(bytes)
  }

  #hold(bytes: Buffer): void {
    this.#batch.push(bytes)
    this.#batchBytes += bytes.length
  }

  async #write(): Promise<void> {
    const bytes = Buffer.concat(this.#batch)
    this.#batch = []
    this.#batchBytes = 0
    for (let from = 0; from < bytes.length; ) {
      from += (await this.#unfinished.handle.write(bytes, from).catch(failedAt(this.path))).bytesWritten
    }
  }
}

export interface TapeFileOptions {
  readonly overwrite: boolean
  /** The tape that this one is made from, which must stay as it is. */
  readonly origin?: string
}

async function refuseOrigin(path: string, origin: string | undefined): Promise<void> {
  if (origin === undefined) return
  const [one, other] = await Promise.all([path, origin].map(file => stat(file).catch(() => undefined)))
  if (one === undefined || other === undefined || one.ino !== other.ino || one.dev !== other.dev) return
  throw new FeedtapeError('usage', 'the new tape would be written over the one that it is made from', {
    where: path,
    expected: 'another file',
    next: 'choose another -o',
  })
}

function failedAt(path: string): (cause: unknown) => never {
  return cause => {
    throw unwritable(path, cause)
  }
}

function unwritable(path: string, cause: unknown): FeedtapeError {
  const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
  return new FeedtapeError(
    isThere ? 'file-exists' : 'file-unwritable',
    isThere ? 'the file is there already' : 'the tape cannot be written',
    {
      where: path,
      expected: isThere ? 'a new file' : 'a folder and a disk that take it',
      found: isThere ? 'a file' : reasonOf(cause),
      next: isThere ? 'choose another -o, or say --overwrite' : 'free the disk or choose another -o',
      cause,
    },
  )
}
