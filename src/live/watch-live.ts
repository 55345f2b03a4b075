import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import type { BookPlan, EngineOptions } from '../pnl/index.ts'
import { type Progress, type RecordOptions, type RecordSummary, recordSession } from '../record/index.ts'
import { type LivePnl, LiveRun } from './live-run.ts'
import type { LiveEvents, LiveView } from './live-view.ts'

export interface WatchOptions extends Omit<RecordOptions, 'entry'> {
  /** One book each. */
  readonly positions: readonly BookPlan[]
  readonly rules: EngineOptions
  readonly events?: LiveEvents
  /** The run as it can be asked from now on, at any time until the end. */
  readonly began?: (look: () => LiveView) => void
  /** Called at these intervals of real time until the tape is sealed. */
  readonly beats?: readonly Beat[]
}

export interface Beat {
  readonly every: Micros
  run(view: LiveView): void
}

export interface WatchResult {
  readonly summary: RecordSummary
  readonly pnl: LivePnl
}

/** What is due without an entry, a stale price or a fill from a file, is seen so soon. */
const PROMPT: Micros = 100_000

/** Records, and counts what is recorded: replaying the tape with the same positions and rules gives the same lines. */
export async function watchLive(options: WatchOptions): Promise<WatchResult> {
  const { beats = [], began, events, positions, recording, rules, timers } = options
  const run = new LiveRun(recording, positions, rules, events)
  run.begin()
  began?.(() => run.look())
  const all: readonly Beat[] = [{ every: PROMPT, run: () => {} }, ...beats]
  const stops = all.map(({ every, run: hear }) => repeat(timers, every, () => hear(run.look())))
  try {
    const summary = await recordSession({
      ...options,
      entry: entry => run.take(entry),
      onProgress(progress) {
        if (isLastStatus(progress)) run.halt()
        options.onProgress?.(progress)
      },
    })
    // Asked again it gives the same seal.
    const seal = await recording.seal()
    return { summary, pnl: run.finish(seal?.at) }
  } finally {
    for (const stop of stops) stop()
  }
}

/** Behind it the tape is sealed. */
function isLastStatus(progress: Progress): boolean {
  return progress.kind === 'status' && progress.sources.every(({ state }) => state === 'ended')
}

function repeat(timers: Timers, every: Micros, then: () => void): () => void {
  let callOff = timers.after(every, next)
  function next(): void {
    callOff = timers.after(every, next)
    then()
  }
  return () => callOff()
}
