import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { FeedtapeError, reasonOf } from '../model/errors.ts'

/** Lines in their order, some at a time: a twin of any length is never held as a whole. */
export type LineBatches = AsyncGenerator<readonly string[], void, undefined>

const CHUNK_BYTES = 1 << 18

/** The lines of a twin. A file that is not there has none. FeedtapeError `file-missing` where it cannot be read. */
export async function* readTwin(path: string): LineBatches {
  let rest = ''
  try {
    const chunks = createReadStream(path, { encoding: 'utf8', highWaterMark: CHUNK_BYTES })
    for await (const chunk of chunks) {
      const lines = `${rest}${String(chunk)}`.split('\n')
      rest = lines.pop() ?? ''
      if (lines.length > 0) yield lines
    }
  } catch (cause) {
    if (isAbsence(cause)) return
    throw new FeedtapeError('file-missing', 'the twin cannot be read', {
      where: path,
      found: reasonOf(cause),
      cause,
    })
  }
  if (rest !== '') yield [rest]
}

export async function firstLineOf(path: string): Promise<string | undefined> {
  for await (const [first] of readTwin(path)) return first
  return undefined
}

export interface Gathered {
  /** Absent where there are more than were asked for. */
  readonly lines?: readonly string[]
  readonly count: number
}

/** All of them, counted at least. */
export async function gathered(batches: LineBatches, most: number): Promise<Gathered> {
  const lines: string[] = []
  let count = 0
  for await (const batch of batches) {
    count += batch.length
    if (count <= most) for (const line of batch) lines.push(line)
    else lines.length = 0
  }
  return count <= most ? { lines, count } : { count }
}

/** Writes a twin as its lines are made. FeedtapeError `file-unwritable`. */
export async function writeTwin(path: string, batches: LineBatches): Promise<void> {
  await writeFile(path, ended(batches)).catch((cause: unknown) => {
    if (cause instanceof FeedtapeError) throw cause
    throw new FeedtapeError('file-unwritable', 'the twin cannot be written', {
      where: path,
      found: reasonOf(cause),
      next: 'check the folder and its permissions',
      cause,
    })
  })
}

async function* ended(batches: LineBatches): AsyncGenerator<string, void, undefined> {
  for await (const lines of batches) if (lines.length > 0) yield `${lines.join('\n')}\n`
}

export async function* inOneBatch(make: () => Promise<readonly string[]>): LineBatches {
  yield await make()
}

function isAbsence(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
}
