import type { Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { FeedtapeError } from '../model/errors.ts'

/** Of one name, left behind by runs that were killed: more is no accident. */
const MOST_UNFINISHED = 100

/**
 * A tape is written beside its name and renamed, which would put a file in the place of a device or pipe that has it.
 * FeedtapeError `file-unwritable` where something is there that is no file.
 */
export async function refuseIrregular(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined)
  const found = stats === undefined ? undefined : irregularKind(stats)
  if (found === undefined) return
  throw new FeedtapeError('file-unwritable', 'a tape is written to a file', {
    where: path,
    expected: 'a new name, or a regular file',
    found,
    next: 'choose another -o',
  })
}

/** What it is, if it is no regular file. */
export function irregularKind(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a pipe'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}

export interface Unfinished {
  readonly path: string
  readonly handle: FileHandle
}

/** Opens `NAME.unfinished`, or `NAME.unfinished2` and so on where that is somebody's: a file that was not there. */
export async function openUnfinished(path: string): Promise<Unfinished> {
  for (let number = 1; ; number++) {
    const own = `${path}.unfinished${number === 1 ? '' : number}`
    try {
      return { path: own, handle: await open(own, 'wx') }
    } catch (thrown) {
      const isThere = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST'
      if (!isThere) throw thrown
      if (number >= MOST_UNFINISHED) throw tooMany(path, own)
    }
  }
}

function tooMany(path: string, last: string): FeedtapeError {
  return new FeedtapeError('file-exists', `${MOST_UNFINISHED} unfinished files of this name are there`, {
    where: path,
    found: last,
    next: 'remove those that no run is writing any more',
  })
}
