import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { FeedtapeError, reasonOf } from '../../model/errors.ts'

export interface NumberedLine {
  /** From 1. */
  readonly number: number
  /** Without its newline. */
  readonly bytes: Buffer
}

export interface LineFile {
  readonly lines: AsyncGenerator<NumberedLine>
  /** Why it could not be read to its end, once it was read. */
  readonly damage: string | undefined
}

const CHUNK_BYTES = 1024 * 1024
/** A longer line is searched in pieces; no tape has one. */
const LONGEST_BYTES = 128 * 1024 * 1024
const HEAD_BYTES = 8 * 1024

/** The lines of a text, unpacked where it is gzip; `undefined` for what is no text. FeedtapeError `file-missing`. */
export async function openLines(path: string): Promise<LineFile | undefined> {
  const isPacked = (await headOf(path)).subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))
  const state: { damage: string | undefined } = { damage: undefined }
  const stream = bytesOf(path, isPacked)
  const chunks = readable(stream, state)[Symbol.asyncIterator]()
  const first = await chunks.next()
  const head = first.done === true ? Buffer.alloc(0) : first.value
  if (head.subarray(0, HEAD_BYTES).includes(0)) {
    stream.destroy()
    return undefined
  }
  return {
    lines: splitLines(head, chunks),
    get damage() {
      return state.damage
    },
  }
}

async function headOf(path: string): Promise<Buffer> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path)
    const head = Buffer.alloc(2)
    const { bytesRead } = await handle.read(head, 0, 2, 0)
    return head.subarray(0, bytesRead)
  } catch (cause) {
    throw new FeedtapeError('file-missing', 'the file cannot be read', {
      where: path,
      found: reasonOf(cause),
      next: 'check the path and its permissions',
      cause,
    })
  } finally {
    await handle?.close()
  }
}

function bytesOf(path: string, isPacked: boolean): Readable {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  if (!isPacked) return file
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES })
  file.on('error', error => unpacked.destroy(error))
  unpacked.on('close', () => file.destroy())
  return file.pipe(unpacked)
}

/** What came before the damage is searched all the same. */
async function* readable(stream: Readable, state: { damage: string | undefined }): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk
  } catch (thrown) {
    state.damage = reasonOf(thrown)
  }
}

async function* splitLines(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<NumberedLine> {
  let parts: Buffer[] = []
  let waiting = 0
  let number = 1
  for (let chunk: Buffer | undefined = head; chunk !== undefined; chunk = await nextOf(chunks)) {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield { number, bytes: Buffer.concat([...parts, chunk.subarray(from, end)]) }
      number += 1
      parts = []
      waiting = 0
      from = end + 1
    }
    parts.push(chunk.subarray(from))
    waiting += chunk.length - from
    if (waiting < LONGEST_BYTES) continue
    yield { number, bytes: Buffer.concat(parts) }
    parts = []
    waiting = 0
  }
  if (waiting > 0) yield { number, bytes: Buffer.concat(parts) }
}

async function nextOf(chunks: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  const step = await chunks.next()
  return step.done === true ? undefined : step.value
}
