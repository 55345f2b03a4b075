import type { EpochMicros } from '../model/time.ts'

/** Whether a position is what its source said last: a silence since may have hidden that it changed. */
export class Doubt {
  /** When that source was silenced; `undefined` while nobody doubts it. */
  since: EpochMicros | undefined = undefined
  /** When it last said that the position is what it is. */
  #confirmedAt: EpochMicros = Number.NEGATIVE_INFINITY

  /** Takes up a silence since `at`; false where it is in doubt already, or was confirmed since. */
  raise(at: EpochMicros): boolean {
    if (this.since !== undefined || this.#confirmedAt > at) return false
    this.since = at
    return true
  }

  /** False where nobody doubted it. */
  confirm(at: EpochMicros): boolean {
    this.#confirmedAt = at
    if (this.since === undefined) return false
    this.since = undefined
    return true
  }
}
