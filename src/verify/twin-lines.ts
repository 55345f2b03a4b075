import { createReadStream } from 'node:fs'
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

export async function gathered(batches: LineBatches): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const batch of batches) for (const line of batch) lines.push(line)
  return lines
}

export async function* inOneBatch(make: () => Promise<readonly string[]>): LineBatches {
  yield await make()
}

function isAbsence(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
}
