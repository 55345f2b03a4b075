import { FeedtapeError } from '../model/errors.ts'
import { isWhole, type Recording, type RecordSummary, type SourceSummary } from '../record/index.ts'
import { type ExitCode, type Io, tell } from './io.ts'
import { harmError } from './record-harm.ts'

/** Throws `no-session` where nothing came of any source, and where there is no tape at all. */
export function recordExit(io: Io, recording: Recording, summary: RecordSummary): ExitCode {
  const { ending, connections, sources, standing } = summary
  const where = recording.path
  if (ending.kind === 'broken') throw ending.error
  const [harm, ...harms] = summary.harms
  if (harm !== undefined) throw harmError([harm, ...harms], summary.parts)
  if (ending.kind === 'refused' && standing === undefined) {
    throw new FeedtapeError('no-session', ending.reason, { where, next: ending.next })
  }
  if (connections === 0) {
    const next = 'check the address and the network; what was tried is on the tape'
    throw new FeedtapeError('no-session', 'no connection came about', { where, next })
  }
  const failing = sources.filter(source => tellFailing(io, where, source, sources.length > 1))
  const isComplete = isWhole(summary)
  if (!isComplete) tellLoss(io, summary)
  return isComplete && failing.length === 0 ? 0 : 3
}

/** Whether this one was refused, or never came about. */
function tellFailing(io: Io, path: string, source: SourceSummary, isOneOfMany: boolean): boolean {
  const where = isOneOfMany ? `${path} (${source.name})` : path
  const { connections, ending } = source
  if (ending.kind === 'refused') {
    const refusal = new FeedtapeError('no-session', ending.reason, { where, next: ending.next })
    tell(io, `feedtape: ${refusal.explain()}`)
    return true
  }
  if (connections > 0) return false
  const next = 'check its address and the network; what was tried is on the tape'
  const nothing = new FeedtapeError('no-session', 'no connection came about', { where, next })
  tell(io, `feedtape: ${nothing.explain()}`)
  return true
}

function tellLoss(io: Io, summary: RecordSummary): void {
  const { entries, framesReceived, framesRecorded, sealed, written } = summary
  tell(io, 'feedtape: the figures of socket, tape and seal differ: something was lost')
  tell(io, `  expected  ${framesReceived} frames on the tape, ${entries} entries written and sealed`)
  tell(io, `  found     ${framesRecorded} frames, ${written} written, ${sealed ?? 'none'} sealed`)
}
