import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FeedtapeError } from '../model/errors.ts'
import { type OpenCapture, openCapture } from './foreign-tape.ts'
import type { Io } from './io.ts'

/** A tape, a folder of tapes, or several of them with commas between; any of them may be another capture. */
export async function openCaptures(io: Io, written: string, feed?: string): Promise<readonly OpenCapture[]> {
  const paths = (await Promise.all((await namesIn(written)).map(filesOf))).flat()
  const captures: OpenCapture[] = []
  try {
    for (const path of paths) captures.push(await openCapture(io, path, feed))
    return captures
  } catch (thrown) {
    await closeCaptures(captures)
    throw thrown
  }
}

export async function closeCaptures(captures: readonly OpenCapture[]): Promise<void> {
  for (const { tape, remove } of captures) {
    await tape.close()
    await remove()
  }
}

/** A file whose own name has a comma in it is that file. */
async function namesIn(written: string): Promise<readonly string[]> {
  if (!written.includes(',') || (await stat(written).catch(() => undefined)) !== undefined) return [written]
  return written.split(',').filter(name => name !== '')
}

async function filesOf(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() !== true) return [path]
  const names = (await readdir(path, { recursive: true })).filter(name =>
    /\.tape\.jsonl(?:\.gz)?$/.test(name),
  )
  if (names.length > 0) return names.toSorted().map(name => join(path, name))
  throw new FeedtapeError('file-missing', 'there are no tapes in this folder', {
    where: path,
    expected: 'files called *.tape.jsonl or *.tape.jsonl.gz',
    next: 'name the tapes, or another folder',
  })
}
