import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FeedtapeError } from '../model/errors.ts'
import { codeOf, unwritable } from './unwritable.ts'

const { O_APPEND, O_CREAT, O_EXCL, O_NONBLOCK, O_TRUNC, O_WRONLY } = constants

/**
 * At the end, wherever somebody else has moved that: bytes of two writers stand one behind the other, and a file that
 * was cut stays short, so that its size tells of either.
 */
const NEW = O_WRONLY | O_CREAT | O_EXCL | O_APPEND
const IN_PLACE = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
/** Opened so, a pipe without a reader is an error, and a full one is no thread that waits for ever. */
const PIPE = O_WRONLY | O_NONBLOCK

/** As `openFileSink`. */
export async function openTarget(path: string, overwrite: boolean): Promise<FileHandle> {
  await makeFolder(dirname(path)).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
  const there = await stat(path).catch(() => undefined)
  if (there?.isDirectory() === true) {
    throw new FeedtapeError('file-unwritable', 'the tape cannot be written: this is a folder', {
      where: path,
      expected: 'a file',
      next: 'name a file in it, as NAME.tape.jsonl',
    })
  }
  const opened = overwrite ? openOver(path, there?.isFIFO() === true) : open(path, NEW)
  return await opened.catch((cause: unknown) => {
    throw codeOf(cause) === 'EEXIST' ? exists(path, cause) : unwritable(path, cause)
  })
}

/** One by one from the nearest that is there: Node's recursive mkdir never comes back from /proc/x (Node 24). */
export async function makeFolder(path: string): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  )
  if (isThere || dirname(path) === path) return
  await makeFolder(dirname(path))
  await mkdir(path).catch((cause: unknown) => {
    if (codeOf(cause) !== 'EEXIST') throw cause
  })
}

async function openOver(path: string, isPipe: boolean): Promise<FileHandle> {
  if (isPipe) return await open(path, PIPE)
  const there = await lstat(path).catch(() => undefined)
  if (there !== undefined && !isOursAlone(there)) return await open(path, IN_PLACE)
  // A folder that lets nobody put a file in may still hold one that can be written.
  return await openFresh(path, there).catch(() => open(path, IN_PLACE))
}

/** A device stays what it is, a link and its target stay linked, and a file stays its owner's. */
function isOursAlone(there: Stats): boolean {
  return there.isFile() && there.nlink === 1 && there.uid === (process.geteuid?.() ?? there.uid)
}

/** A new file in the place of the old one: whoever still writes or reads that goes on with it, beside ours. */
async function openFresh(path: string, there: Stats | undefined): Promise<FileHandle> {
  // A file that is write-protected is not replaced either.
  if (there !== undefined) await open(path, O_WRONLY).then(handle => handle.close())
  const beside = `${path}.new-${process.pid}`
  const handle = await open(beside, NEW)
  try {
    if (there !== undefined) await handle.chmod(there.mode & 0o777)
    await rename(beside, path)
    return handle
  } catch (cause) {
    await handle.close()
    await unlink(beside)
    throw cause
  }
}

function exists(path: string, cause: unknown): FeedtapeError {
  return new FeedtapeError('file-exists', 'the file is there already', {
    where: path,
    expected: 'a new file',
    next: 'choose another -o, or say --overwrite',
    cause,
  })
}
