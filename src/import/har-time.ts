import type { EpochMicros } from '../model/time.ts'

/** The year 2200 in seconds, and in ms: later is no time, and microseconds stay far below 2^53. */
const SECONDS_END = 7_258_118_400
const MILLISECONDS_END = SECONDS_END * 1_000
/** 1973 in ms. */
const MILLISECONDS_START = 1e11
/** 1973 in seconds. Below stand Playwright's −1 (`mode: 'minimal'`) and a browser's own monotonic seconds. */
const SECONDS_START = 1e8

export type TimeUnit = 'seconds' | 'milliseconds' | 'none'

/**
 * What a socket message's `time` counts. Chrome writes epoch seconds; Playwright wrote seconds first and
 * milliseconds since (microsoft/playwright#41360, #41364), under the same key and with nothing to say so.
 */
export function timeUnit(time: number): TimeUnit {
  if (time >= MILLISECONDS_START && time < MILLISECONDS_END) return 'milliseconds'
  return time >= SECONDS_START && time < SECONDS_END ? 'seconds' : 'none'
}

/** To the microsecond: a double holds epoch seconds to 0.24 µs. `undefined` where it is no wall time. */
export function messageTime(time: number): EpochMicros | undefined {
  switch (timeUnit(time)) {
    case 'seconds':
      return Math.round(time * 1_000_000)
    case 'milliseconds':
      return Math.round(time * 1_000)
    case 'none':
      return undefined
  }
}
