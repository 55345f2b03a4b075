import { FeedtapeError, reasonOf } from '../model/errors.ts'

/** `hasBegun`: some of it is on the disk already. */
export function unwritable(path: string, cause: unknown, hasBegun = false): FeedtapeError {
  const code = codeOf(cause) ?? ''
  const next = NEXT.get(code) ?? 'choose another -o'
  const isKept = hasBegun && !PIPE.has(code)
  return new FeedtapeError('file-unwritable', 'the tape cannot be written', {
    where: path,
    found: FOUND.get(code) ?? reasonOf(cause),
    next: isKept ? `${next}; what was written so far can be read` : next,
    cause,
  })
}

export function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
}

/** What a pipe took is its reader's. */
const PIPE: ReadonlySet<string> = new Set(['ENXIO', 'EPIPE'])

/** What Node's words do not make plain. */
const FOUND: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'ENOSPC: the disk is full'],
  ['EDQUOT', 'EDQUOT: the quota of this user is used up'],
  ['EROFS', 'EROFS: the disk is mounted read-only'],
  ['ENXIO', 'ENXIO: nobody reads this pipe'],
  ['EPIPE', 'EPIPE: nobody reads this pipe any longer'],
])

const NEXT: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'free the disk or choose another -o'],
  ['EDQUOT', 'free what this user has on the disk, or choose an -o on another'],
  ['EROFS', 'choose an -o on a disk that can be written'],
  ['EACCES', 'choose an -o where this user may write'],
  ['EPERM', 'choose an -o where this user may write'],
  ['ENOENT', 'choose an -o in a folder that is there or can be made'],
  ['ENOTDIR', 'choose an -o whose folder is one: a file stands in its way'],
  ['ENAMETOOLONG', 'choose an -o with a shorter name'],
  ['EIO', 'look after the disk (its own words are in the system’s log), or choose another -o'],
  ['ENXIO', 'start its reader first, such as: cat PIPE > FILE &'],
  ['EPIPE', 'record again, with a reader that stays to the end'],
])
