import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { FeedtapeError, reasonOf } from '../model/errors.ts'

/** What to do instead, where that is more than to write a file. */
const WRITE_A_FILE = 'write it to a file first'

/** What is read more than once must be a file: of a pipe the first reading leaves nothing. Throws `usage`, `file-missing`. */
export async function requireRegularFiles(paths: readonly string[], next = WRITE_A_FILE): Promise<void> {
  for (const path of paths) {
    const found = path === '-' ? 'standard input' : kindOf(await statsOf(path))
    if (found === undefined) continue
    throw new FeedtapeError('usage', `${found} can be read only once`, {
      where: path,
      expected: 'a file: it is read more than once',
      found,
      next,
    })
  }
}

async function statsOf(path: string): Promise<Stats> {
  return await stat(path).catch((cause: unknown) => {
    throw new FeedtapeError('file-missing', 'the file cannot be read', {
      where: path,
      found: reasonOf(cause),
      next: 'check the path',
      cause,
    })
  })
}

/** Of what is no file. A folder is left to the reader, which says so. */
function kindOf(stats: Stats): string | undefined {
  if (stats.isFile() || stats.isDirectory()) return undefined
  return stats.isFIFO() || stats.isSocket() ? 'a pipe' : 'a device'
}
