import { lstat, readdir, unlink } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { FeedtapeError } from '../model/errors.ts'
import { partPath } from './rotation.ts'
import { codeOf, unwritable } from './unwritable.ts'

interface OlderPart {
  readonly path: string
  readonly part: number
  readonly isFile: boolean
}

/**
 * What another recording left under the names of this one's parts would be read together with it. Throws
 * `file-exists` where there is any; nothing has been touched by then.
 */
export async function refuseOlderParts(path: string): Promise<void> {
  const [first, ...others] = await olderParts(path)
  if (first === undefined) return
  throw new FeedtapeError('file-exists', `part ${first.part} of a tape of this name is there already`, {
    where: first.path,
    expected: 'a new name, without parts of another recording',
    ...(others.length === 0 ? {} : { found: `${others.length} more, up to ${others.at(-1)?.path}` }),
    next: 'choose another -o, or say --overwrite',
  })
}

/** Gives those that were removed, by their numbers. What is no plain file stays. */
export async function removeOlderParts(path: string): Promise<readonly string[]> {
  const removed: string[] = []
  for (const part of await olderParts(path)) {
    if (!part.isFile) continue
    await unlink(part.path).catch((cause: unknown) => {
      if (codeOf(cause) !== 'ENOENT') throw unwritable(part.path, cause)
    })
    removed.push(part.path)
  }
  return removed
}

/** Where all were removed at the beginning: what stands there now is of somebody who records at the same time. */
export async function refuseNewPart(path: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined)
  if (there?.isFile() !== true) return
  throw new FeedtapeError('file-exists', 'somebody else has made this part meanwhile', {
    where: path,
    expected: 'a new file: those of older recordings were removed at the beginning',
    next: 'record again, each recorder with an -o of its own; what was written so far can be read',
  })
}

/** A folder that cannot be listed has none that we could see: each is met when its turn comes. */
async function olderParts(path: string): Promise<readonly OlderPart[]> {
  const inFolder = await readdir(dirname(path), { withFileTypes: true }).catch(() => [])
  const parts = inFolder.flatMap(entry => {
    const part = Number(/\.part(\d+)[^/]*$/.exec(entry.name)?.[1])
    // So written, and no other way: `part02` is somebody else's.
    if (!(part >= 2) || partPath(basename(path), part) !== entry.name) return []
    return [{ path: partPath(path, part), part, isFile: entry.isFile() }]
  })
  return parts.toSorted((a, b) => a.part - b.part)
}
