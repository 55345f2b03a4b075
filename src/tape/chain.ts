import { createHash } from 'node:crypto'
import type { Checkpoint, Seal } from './entry.ts'

/** A checkpoint follows this many entries, or this many bytes of lines, whichever comes first. */
export const CHECKPOINT_ENTRIES = 1024
export const CHECKPOINT_BYTES = 4 * 1024 * 1024

/**
 * The running hash, chained by segment: each is SHA-256 of the one before (as its 64 hex characters; nothing for
 * the first) and then of all bytes of the lines since the checkpoint before, newlines included. So segments can
 * be verified side by side, and a checkpoint line is bound by the segment that starts from its hash.
 */
export interface HashChain {
  update(bytes: Uint8Array): void
  /** Ends the segment before its checkpoint or seal, and starts the next from its hash. */
  close(): string
}

/** Starts behind a checkpoint, or (without one) at the header. */
export function createHashChain(previous: Checkpoint['hash'] | Seal['hash'] = ''): HashChain {
  let segment = createHash('sha256').update(previous)
  return {
    update(bytes) {
      segment.update(bytes)
    },
    close() {
      const hash = segment.digest('hex')
      segment = createHash('sha256').update(hash)
      return hash
    },
  }
}
