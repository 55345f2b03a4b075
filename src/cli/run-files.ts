import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import { type RunLine, readRun } from '../pnl/explain/index.ts'

/** What a file seems to be by its first line; `neither` is left to whoever reads it, and says what is wrong. */
export type FileKind = 'tape' | 'run' | 'empty' | 'neither'

const GZIP = Buffer.from([0x1f, 0x8b])
/** A header and the first line of a run are shorter; of a longer line the beginning has to do. */
const HEAD_CHARACTERS = 64 * 1024

/** The lines of a run, unpacked where it is gzip. Throws `bad-run`, `file-missing`. */
export async function* runLinesOf(path: string): AsyncGenerator<RunLine> {
  yield* readRun(textLinesOf(path), path)
}

export async function fileKindOf(path: string): Promise<FileKind> {
  const isPacked = await isGzip(path)
  let head = ''
  try {
    for await (const text of textsOf(path, isPacked)) {
      head = `${head}${text}`.replace(/^\uFEFF?\s*/, '')
      if (head.length >= HEAD_CHARACTERS || head.includes('\n')) break
    }
  } catch (thrown) {
    // Where its packing is damaged is for its reader to say.
    if (!isPacked) throw unreadable(path, thrown)
    if (head === '') return 'neither'
  }
  return head === '' ? 'empty' : kindOfLine(head.split('\n', 1)[0] ?? '')
}

/** Its keys may stand in any order, but for a line that is torn. */
function kindOfLine(line: string): FileKind {
  const kind = parsedKind(line) ?? /^\{\s*"kind"\s*:\s*"(?<kind>[^"]*)/.exec(line)?.groups?.['kind']
  if (kind === undefined) return 'neither'
  return kind === 'header' ? 'tape' : 'run'
}

function parsedKind(line: string): string | undefined {
  try {
    const json: unknown = JSON.parse(line)
    if (typeof json !== 'object' || json === null || !('kind' in json)) return undefined
    return typeof json.kind === 'string' ? json.kind : undefined
  } catch {
    return undefined
  }
}

async function* textLinesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  try {
    for await (const text of textsOf(path, await isGzip(path))) {
      const [first = '', ...more] = text.split('\n')
      rest += first
      for (const line of more) {
        yield withoutReturn(rest)
        rest = line
      }
    }
  } catch (thrown) {
    if (thrown instanceof FeedtapeError) throw thrown
    throw damaged(path, thrown)
  }
  if (rest !== '') yield withoutReturn(rest)
}

/** Lines of a run never end in it by themselves: an editor put it there. */
function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

async function* textsOf(path: string, isPacked: boolean): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  for await (const bytes of bytesOf(path, isPacked)) yield decoder.decode(bytes, { stream: true })
  yield decoder.decode()
}

function bytesOf(path: string, isPacked: boolean): Readable {
  const file = createReadStream(path)
  if (!isPacked) return file
  const unpacked = createGunzip()
  file.on('error', error => unpacked.destroy(error))
  unpacked.on('close', () => file.destroy())
  return file.pipe(unpacked)
}

/** By its first bytes, not its name. */
async function isGzip(path: string): Promise<boolean> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(GZIP.length), 0, GZIP.length)
      return buffer.subarray(0, bytesRead).equals(GZIP)
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): FeedtapeError {
  return new FeedtapeError('file-missing', 'the file cannot be read', {
    where: path,
    found: reasonOf(cause),
    next: 'check the path',
    cause,
  })
}

function damaged(path: string, cause: unknown): FeedtapeError {
  return new FeedtapeError('bad-run', 'the run cannot be read to its end', {
    where: path,
    expected: 'the lines of replay --json or watch --json, or these packed by gzip',
    found: reasonOf(cause),
    next: 'write it again',
    cause,
  })
}
