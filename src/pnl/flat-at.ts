import type { EpochMicros } from '../model/time.ts'

/**
 * When nothing was held before what comes at `at`, and was `done` then, if its source says so. What is older than the
 * run was held at its start, and so was what comes with the start and has no time of its own.
 */
export function flatAt(start: EpochMicros, at: EpochMicros, done?: EpochMicros): EpochMicros | undefined {
  const isWithin = done === undefined ? at > start : done >= start
  return isWithin ? at : undefined
}
