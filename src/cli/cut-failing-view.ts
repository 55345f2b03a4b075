import type { SearchProgress, SmallestReport } from '../edit/smallest/index.ts'
import type { JsonObject } from '../model/observation.ts'
import { durationText } from '../model/time.ts'
import { bytesText, counted, grouped, plain } from '../report/table.ts'
import type { Io } from './io.ts'

const ERASE_LINE = '\r\u001b[2K'

/** On a terminal one line that changes. */
export function createSearchView(io: Io): { show(progress: SearchProgress): void; end(): void } {
  let isShown = false
  return {
    show({ runs, left, of }) {
      if (!io.isTerminal) return
      isShown = true
      io.stderr.write(`${ERASE_LINE}${counted(runs, 'run')} · ${grouped(left)} of ${grouped(of)} left`)
    },
    end() {
      if (isShown) io.stderr.write(ERASE_LINE)
    },
  }
}

export function smallestLines(output: string, report: SmallestReport): readonly string[] {
  const { entries, bytes, bytesBefore, runs, elapsed, exitCode, written, confirmed, replaced } = report
  const found = `${grouped(entries.after)} of ${counted(entries.before, 'entry', 'entries')}`
  const effort = `${counted(runs, 'run')} in ${durationText(elapsed)}`
  const kinds = [...report.kinds].map(([kind, count]) => `${grouped(count)} ${plain(kind)}`)
  const name = written === 'nothing' ? 'not written' : plain(output)
  const size = written === 'nothing' ? '' : `, ${bytesText(bytes)} of ${bytesText(bytesBefore)}`
  const again = confirmed.of === 0 ? '' : `, ${confirmed.failed} of ${confirmed.of} times more`
  const then = report.isStillFailing ? 'it still fails' : 'it did not fail then'
  return [
    `${name}: ${found}${size}; ${effort}`,
    `  left      ${kinds.length === 0 ? 'no entries' : kinds.join(', ')}`,
    `  fails     exit ${exitCode}${again}`,
    ...(written === 'scrubbed' ? [`  scrubbed  ${counted(replaced, 'stand-in')} put in; ${then}`] : []),
  ]
}

export interface Warning {
  readonly text: string
  /** Whether the answer is less than it should be. */
  readonly isLoss: boolean
}

/** What somebody should know before this becomes a fixture. */
export function smallestWarnings(output: string, report: SmallestReport): readonly Warning[] {
  const { confirmed, entries, hung, stoppedBy, suspicious, written } = report
  const warnings: Warning[] = []
  const warn = (text: string, isLoss = true): number => warnings.push({ text, isLoss })
  if (stoppedBy !== undefined) warn(`it may not be the smallest: ${ENDED[stoppedBy]}`)
  if (confirmed.failed < confirmed.of) {
    warn(`it failed in ${confirmed.failed} of ${confirmed.of} further runs: the command is flaky`)
  }
  if (entries.after === 0 && stoppedBy === undefined) {
    const next = 'if that is another failure, --saying TEXT tells it apart'
    warn(`the command fails on a tape without entries, too: ${next}`, false)
  }
  if (hung > 0) warn(`${counted(hung, 'run')} hung, which counts as not failing`, false)
  if (written === 'nothing') {
    warn('scrubbed it no longer fails: nothing is written; --keep-secrets writes it as it is')
  }
  if (written === 'unscrubbed') {
    warn('scrubbed it no longer fails: it is written with its secrets; do not commit it')
  }
  if (written === 'scrubbed' && suspicious > 0) {
    warn(`${counted(suspicious, 'place')} may still hold a secret: feedtape scrub --check ${output}`)
  }
  return warnings
}

const ENDED = {
  runs: 'the runs are used up (--max-runs)',
  time: 'time is up (--for)',
  interrupt: 'the search was ended',
} as const

export function smallestJson(output: string, report: SmallestReport): JsonObject {
  const { entries, bytes, bytesBefore, runs, hung, elapsed, exitCode, written, confirmed } = report
  return {
    kind: 'smallest',
    output: written === 'nothing' ? null : output,
    written,
    entries: { ...entries },
    bytes: { before: bytesBefore, after: written === 'nothing' ? null : bytes },
    kinds: Object.fromEntries(report.kinds),
    exitCode,
    runs,
    hung,
    elapsedMicros: elapsed,
    isSmallest: report.stoppedBy === undefined,
    stoppedBy: report.stoppedBy ?? null,
    confirmed: { ...confirmed },
    replaced: report.replaced,
    isStillFailing: report.isStillFailing,
    suspicious: report.suspicious,
  }
}
