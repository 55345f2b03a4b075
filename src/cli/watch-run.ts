import { type LivePnl, type LiveView, Publisher, watchLive } from '../live/index.ts'
import { systemClock } from '../model/clock.ts'
import { reasonOf } from '../model/errors.ts'
import { systemRandom } from '../model/random.ts'
import type { Micros } from '../model/time.ts'
import { systemTimers } from '../model/timers.ts'
import { type BookPlan, type EngineOptions, summaryLines as pnlLines } from '../pnl/index.ts'
import type { Recording, RecordSummary, SourceOptions, SourceStatus } from '../record/index.ts'
import { watchTable } from '../report/watch.ts'
import { type ExitCode, explainFailure, type Io, tell } from './io.ts'
import { tellNothingHeld } from './nothing-held.ts'
import { jsonOutput, type PnlOutput, textOutput } from './pnl-output.ts'
import { recordExit } from './record-exit.ts'
import type { RecordRequest } from './record-request.ts'
import { listenForStop, openRecording } from './record-start.ts'
import { answerText, summaryLines } from './record-view.ts'
import { tellStrangers } from './tapes.ts'
import { tellUnpriced } from './unvalued.ts'
import type { PublishRequest } from './watch-publish.ts'
import { WatchStdout } from './watch-stdout.ts'
import { createWatchView, type WatchView } from './watch-view.ts'

export interface WatchRequest {
  readonly request: RecordRequest
  readonly sources: readonly SourceOptions[]
  readonly overwrite: boolean
  readonly rules: EngineOptions
  readonly plans: readonly BookPlan[]
  readonly publish: PublishRequest | undefined
  readonly isJson: boolean
  readonly isDigested: boolean
  readonly every: Micros | undefined
}

const SECOND: Micros = 1_000_000
/** Lines of a live run are seen so soon. */
const PROMPT: Micros = 100_000

export async function runWatch(io: Io, watch: WatchRequest): Promise<ExitCode> {
  const view = createWatchView(io, watch.isJson)
  const note = (text: string): void => view.note(text)
  const { publish } = watch
  const publisher =
    publish === undefined ? undefined : await Publisher.open({ ...publish, timers: systemTimers, note })
  if (publisher !== undefined) note(`publishing at ${publisher.url}`)
  try {
    return await recordAndCount(io, watch, view, publisher)
  } finally {
    await publisher?.close()
  }
}

async function recordAndCount(
  io: Io,
  watch: WatchRequest,
  view: WatchView,
  publisher: Publisher | undefined,
): Promise<ExitCode> {
  const { every, isJson, plans, request, rules, sources } = watch
  const recording = await openRecording(request, sources, watch.overwrite)
  const stopping = listenForStop(recording, text => view.note(text))
  const stdout = new WatchStdout(io, {
    note: text => view.note(text),
    left() {
      if (stopping.signal.aborted) return
      view.note('nobody reads the lines any longer: ending, sealing the tape')
      stopping.stop()
    },
  })
  const { lines } = stdout
  const printed = isJson ? jsonOutput(lines, every) : textOutput(lines, every ?? SECOND, rules)
  let standing: readonly SourceStatus[] = []
  const { pnl, summary } = await watchLive({
    recording,
    sources,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    limits: request.limits,
    signal: stopping.signal,
    positions: plans,
    rules,
    events: {
      line: (line, key) => printed.line(line, key),
      changed: (...change) => publisher?.changed(...change),
      failed: error => view.note(`the P&L ends here, the recording goes on: ${reasonOf(error)}`),
      ...(printed.tick === undefined || view.hasTable ? {} : { tick: printed.tick }),
    },
    began: look => publisher?.begin(look),
    beats: [
      { every: PROMPT, run: () => stdout.flush() },
      ...(publisher === undefined ? [] : [publisher.beat]),
      ...(view.hasTable ? [{ every: SECOND, run: (now: LiveView) => draw(now) }] : []),
    ],
    onProgress(progress) {
      view.show(progress)
      if (progress.kind !== 'status') return
      standing = progress.sources
      publisher?.status(standing)
    },
  }).finally(() => stopping.done())
  await publisher?.end(lastWords(pnl, recording, rules))
  view.end()
  tellRecording(io, recording, summary)
  return await conclude(io, { pnl, printed, stdout, watch, recording, summary })

  function draw(now: LiveView): void {
    const publishing =
      publisher === undefined ? {} : { publishing: { url: publisher.url, clients: publisher.clients } }
    view.draw(watchTable({ ...now, sources: standing, path: recording.path, ...publishing }))
  }
}

/** What is on the tape, beside the figures and not among them. */
function tellRecording(io: Io, recording: Recording, summary: RecordSummary): void {
  for (const line of summaryLines(summary)) tell(io, line)
  for (const line of answerText(recording, summary).split('\n')) tell(io, line)
}

interface Conclusion {
  readonly pnl: LivePnl
  readonly printed: PnlOutput
  readonly stdout: WatchStdout
  readonly watch: WatchRequest
  readonly recording: Recording
  readonly summary: RecordSummary
}

async function conclude(io: Io, conclusion: Conclusion): Promise<ExitCode> {
  const { pnl, printed, recording, stdout, summary, watch } = conclusion
  if (pnl.kind === 'counted') {
    printed.end(pnl.result, watch.isJson || watch.isDigested ? pnl.digest : undefined)
  }
  await stdout.end()
  const others = recording.parts === 1 ? '' : ` and the ${recording.parts - 1} parts behind it`
  const unread = stdout.verdict(`${recording.path}${others}`)
  if (recording.failure !== undefined) {
    tell(io, 'feedtape: no summary and no digest: the tape has not all that was counted')
  }
  const recorded = recordExit(io, recording, summary)
  if (pnl.kind === 'failed') return explainFailure(io, pnl.error)
  tellNothingHeld(io, pnl.result)
  const strangers = tellStrangers(io, pnl.result.tallies, [{ name: recording.path }])
  const unvalued = tellUnpriced(io, pnl.result)
  return unread === 4 ? unread : unvalued || strangers || recorded || unread
}

function lastWords(pnl: LivePnl, { header }: Recording, rules: EngineOptions) {
  if (pnl.kind === 'failed') return { error: reasonOf(pnl.error) }
  return { summary: pnlLines(pnl.result, [header], rules), digest: pnl.digest }
}
