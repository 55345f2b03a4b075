import { open } from 'node:fs/promises'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import type { GzipDamage } from './gzip-member.ts'

/** Where a tape's bytes come from. */
export interface ByteSource {
  /** Puts at most `into.length` bytes there and says how many; 0 is the end. */
  read(into: Buffer): Promise<number>
  close(): Promise<void>
  /** The same bytes once more from their beginning, where that can be had. */
  reopen?(): Promise<ByteSource>
  /** What was wrong with the packing around the bytes, as far as they were read. */
  readonly damage?: GzipDamage | undefined
}

/** A file, or standard input where the path is `-`. */
export async function openSource(path: string): Promise<ByteSource> {
  return path === '-' ? streamSource(process.stdin) : fileSource(path)
}

async function fileSource(path: string): Promise<ByteSource> {
  const handle = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  return {
    async read(into) {
      const { bytesRead } = await handle.read(into, 0, into.length, null).catch((cause: unknown) => {
        throw unreadable(path, cause)
      })
      return bytesRead
    },
    close: () => handle.close(),
    reopen: () => fileSource(path),
  }
}

/** Bytes that come by themselves: standard input, a decompressor, a test. */
export function streamSource(stream: AsyncIterable<Uint8Array>): ByteSource {
  const chunks = stream[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array(0)
  return {
    async read(into) {
      while (rest.length === 0) {
        const step = await chunks.next()
        if (step.done === true) return 0
        rest = step.value
      }
      const taken = rest.subarray(0, into.length)
      into.set(taken)
      rest = rest.subarray(taken.length)
      return taken.length
    },
    async close() {
      await chunks.return?.()
    },
  }
}

function unreadable(path: string, cause: unknown): FeedtapeError {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
  return new FeedtapeError('file-missing', isMissing ? 'there is no such file' : 'the file cannot be read', {
    where: path,
    expected: 'a tape (*.tape.jsonl)',
    found: isMissing ? 'nothing' : reasonOf(cause),
    next: 'check the path and its permissions',
    cause,
  })
}
