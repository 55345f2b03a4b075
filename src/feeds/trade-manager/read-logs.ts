import type { SignalObservation } from '../../model/account.ts'
import { LONGEST_LINE, type LogLine, linesOf } from './log-lines.ts'
import type { ReadBody } from './message.ts'
import { type Lessons, taughtSignal } from './settings.ts'
import { isFragment, knownSignal, type SignalWords } from './signal-forms.ts'
import { suggestionFor } from './suggestion.ts'

export interface ReadLogs extends ReadBody {
  readonly observations: readonly SignalObservation[]
  /** Why a line was not compared with every form. */
  readonly remark?: string
}

/** Every line is a signal, also one that nobody understands: its text is kept, and may be taught. */
export function readLogs(data: unknown, lessons: Lessons): ReadLogs {
  if (typeof data !== 'string') return { observations: [], problems: ['data is no text'] }
  const observations: SignalObservation[] = []
  let tooLong = 0
  let tooCostly = 0
  for (const line of linesOf(data)) {
    const taught = line.isTooLong ? undefined : taughtSignal(line.plain, lessons)
    if (line.isTooLong) tooLong += 1
    if (taught === 'too-costly') tooCostly += 1
    observations.push(signalIn(line, taught === 'too-costly' ? undefined : taught))
  }
  const remarks = [
    ...(tooLong === 0 ? [] : [`${tooLong} longer than ${LONGEST_LINE} characters: compared with no form`]),
    ...(tooCostly === 0
      ? []
      : [`${tooCostly} on which a taught pattern could take too long: not compared with it`]),
  ]
  const remark = remarks.length === 0 ? {} : { remark: `lines: ${remarks.join('; ')}` }
  return { observations, problems: [], ...remark }
}

function signalIn(line: LogLine, taught: SignalWords | undefined): SignalObservation {
  const { text, repaired, bare, plain, isTooLong } = line
  const words = taught ?? (isTooLong ? undefined : knownSignal(bare))
  const isWanting =
    words === undefined || (words.action === 'close' && taught === undefined && !isFragment(bare))
  const suggestion = isWanting && !isTooLong ? suggestionFor(plain) : undefined
  return {
    kind: 'signal',
    session: '',
    ...(words ?? { name: '', action: 'unknown' }),
    text,
    ...(repaired === undefined ? {} : { repaired }),
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}
