import { excerpt, FeedtapeError } from '../model/errors.ts'
import { type EpochMicros, epochMicrosFromIso, microsFromDuration } from '../model/time.ts'

/** `--at` of tapes: a time, or a duration since they begin. Throws `usage`. */
export function momentOf(text: string): (start: EpochMicros) => EpochMicros {
  const at = epochMicrosFromIso(text)
  if (at !== undefined) return () => at
  const since = microsFromDuration(text)
  if (since === undefined) throw notAMoment(text, 'ISO 8601 with its offset, or a duration since the start')
  return start => start + since
}

export function notAMoment(text: string, expected: string): FeedtapeError {
  return new FeedtapeError('usage', 'not a moment', {
    where: '--at',
    expected: `${expected}, such as 2026-03-02T15:00:01Z${expected.includes('duration') ? ' or 90s' : ''}`,
    found: excerpt(text),
  })
}
