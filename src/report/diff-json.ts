import type { DiffReport } from '../diff/index.ts'
import { isoFromEpochMicros } from '../model/time.ts'

/** Moments that JSON shows as ISO 8601; lengths of time stay µs. */
const MOMENTS: ReadonlySet<string> = new Set(['start', 'end', 'at', 'wireTime', 'from', 'to'])

export function diffJson(report: DiffReport): string {
  return JSON.stringify(report, (key: string, value: unknown) =>
    typeof value === 'number' && MOMENTS.has(key) ? isoFromEpochMicros(Math.round(value)) : value,
  )
}
