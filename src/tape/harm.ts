import { type FileHandle, stat } from 'node:fs/promises'

/** What somebody else did to a file while we wrote it: what stands at its path is not, or not only, what we wrote. */
export type Harm =
  | { readonly kind: 'deleted'; readonly path: string }
  /** Another file stands there. Ours has been moved, or is deleted. */
  | { readonly kind: 'replaced'; readonly path: string; readonly isMoved: boolean }
  /** It is smaller than what we wrote (`cut`: logrotate's copytruncate), or larger (`shared`: a second writer). */
  | {
      readonly kind: 'cut' | 'shared'
      readonly path: string
      readonly sizeBytes: number
      readonly writtenBytes: number
    }

/** Counted beside the writes, so that a look between two of them accuses nobody. */
export interface WriteCount {
  /** The system has them. */
  readonly bytesWritten: number
  /** With those of a write that is under way. */
  readonly bytesBegun: number
}

/** A file that was only moved is whole, and none of our business. Pipes and devices keep nothing that could be harmed. */
export async function harmTo(handle: FileHandle, path: string, count: WriteCount): Promise<Harm | undefined> {
  const { bytesWritten } = count
  const ours = await handle.stat({ bigint: true })
  const { bytesBegun } = count
  if (!ours.isFile()) return undefined
  const there = await stat(path, { bigint: true }).catch(() => undefined)
  const isReplaced = there !== undefined && (there.ino !== ours.ino || there.dev !== ours.dev)
  const isDeleted = ours.nlink === 0n
  if (isReplaced) return { kind: 'replaced', path, isMoved: !isDeleted }
  if (isDeleted) return { kind: 'deleted', path }
  const sizeBytes = Number(ours.size)
  if (sizeBytes < bytesWritten) return { kind: 'cut', path, sizeBytes, writtenBytes: bytesWritten }
  if (sizeBytes > bytesBegun) return { kind: 'shared', path, sizeBytes, writtenBytes: bytesWritten }
  return undefined
}
