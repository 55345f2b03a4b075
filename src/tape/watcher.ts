import type { Checkpoint, Seal } from './entry.ts'
import type { Place } from './order.ts'
import type { TapeProblem } from './problems.ts'

/** Sees of a tape what `next` does not hand on. */
export interface TapeWatcher {
  /** All lines but checkpoints and the seal, as they stand on the tape: each byte once, in order; valid in the call. */
  bytes?(lines: Buffer): void
  /** Each checkpoint and the seal, in its turn. */
  segmentEnd(line: Checkpoint | Seal, place: Place): void
  /** A line that could not be read; without bytes where it was too long to be kept. */
  damaged?(what: TapeProblem['what'], line: Buffer): void
}
