import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Clock } from '../../model/clock.ts'
import { FeedtapeError } from '../../model/errors.ts'
import type { Micros } from '../../model/time.ts'
import type { KnownSecret, TapeReader } from '../../tape/index.ts'
import { runBaseline } from './baseline.ts'
import type { CheckCommand } from './command.ts'
import { type Finished, finish } from './finish.ts'
import { groupingsOf, singles } from './groupings.ts'
import { Reducer } from './reducer.ts'
import { SearchEnded, type StoppedBy, Trials } from './trials.ts'
import { WholeTape } from './whole-tape.ts'

export interface SmallestOptions {
  readonly output: string
  readonly check: CheckCommand
  /** Any exit code but 0 is the failure, not just the whole tape's. */
  readonly isAnyFailure: boolean
  /** The search takes no more runs; those that confirm its result come on top. */
  readonly maxRuns: number
  /** Nor longer than that. */
  readonly duration?: Micros
  readonly jobs: number
  readonly keepSecrets: boolean
  readonly known?: readonly KnownSecret[]
  readonly clock: Clock
  /** Ends the search: the smallest tape so far is written. */
  readonly stop: AbortSignal
  /** Ends everything: nothing is written. */
  readonly leave: AbortSignal
  readonly onProgress?: (progress: SearchProgress) => void
}

export interface SearchProgress {
  readonly runs: number
  readonly left: number
  readonly of: number
}

export interface SmallestReport extends Finished {
  readonly exitCode: number
  readonly entries: { readonly before: number; readonly after: number }
  readonly bytesBefore: number
  readonly runs: number
  /** Of them hung, which counts as not failing. */
  readonly hung: number
  readonly elapsed: Micros
  /** Why it may not be the smallest. */
  readonly stoppedBy: StoppedBy | undefined
  /** What is left, by kind. */
  readonly kinds: ReadonlyMap<string, number>
  /** The tape that it was cut from, for what was wrong with it. */
  readonly source: TapeReader
}

const CONFIRMATIONS = 3

/**
 * Cuts the smallest tape over which a command still fails as it does over all of it: no single further entry can go.
 * `undefined` where it was left before there was any. FeedtapeError `usage` where the command does not fail, as
 * TapeReader.open, `file-exists` and `file-unwritable`.
 */
export async function smallestTape(
  path: string,
  options: SmallestOptions,
): Promise<SmallestReport | undefined> {
  await refuseExisting(options.output)
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-smallest-'))
  try {
    const tape = await WholeTape.read(path, join(folder, 'lines'))
    try {
      return await search(path, tape, folder, options)
    } catch (thrown) {
      if (thrown instanceof SearchEnded) return undefined
      throw thrown
    } finally {
      await tape.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function search(path: string, tape: WholeTape, folder: string, options: SmallestOptions) {
  const { output, check, keepSecrets, known = [], clock, duration, leave } = options
  const startedAt = clock.monotonic()
  const timeUp = new AbortController()
  const callOff = duration === undefined ? undefined : check.timers.after(duration, () => timeUp.abort())
  const stop = AbortSignal.any([options.stop, timeUp.signal, leave])
  const name = nameOf(path)
  const trials = new Trials({ ...options, tape, folder, name, stop })
  try {
    const bytesBefore = await runBaseline({ path, tape, check, trials, known, stop })
    const { units, isDone } = await reduce(tape, trials, options)
    callOff?.()
    const stoppedBy = isDone ? undefined : endOf(trials, options.stop)
    const confirmations = stoppedBy === 'interrupt' ? 0 : CONFIRMATIONS
    const finished = await finish({
      ...{ path, tape, units, trials, folder, output, known, keepSecrets, confirmations },
    })
    const kept = tape.entriesAmong(units)
    return {
      ...finished,
      exitCode: trials.code,
      entries: { before: tape.entries.length, after: kept.length },
      bytesBefore,
      runs: trials.runs,
      hung: trials.hung,
      elapsed: clock.monotonic() - startedAt,
      stoppedBy,
      kinds: kindsOf(tape, kept),
      source: tape.source,
    }
  } finally {
    callOff?.()
  }
}

async function reduce(tape: WholeTape, trials: Trials, { jobs, onProgress }: SmallestOptions) {
  const reducer = new Reducer(
    tape.units,
    async units => {
      const isFailing = await trials.fails(units)
      onProgress?.({ runs: trials.runs, left: reducer.left.length, of: tape.entries.length + 1 })
      return isFailing
    },
    { needs: unit => tape.needs.of(unit), jobs },
  )
  try {
    if (await reducer.empty()) return { units: reducer.left, isDone: true }
    for (const grouping of groupingsOf(tape)) await reducer.coarse(grouping)
    await reducer.fine(singles(tape))
    return { units: reducer.left, isDone: true }
  } catch (thrown) {
    if (!(thrown instanceof SearchEnded)) throw thrown
    return { units: reducer.left, isDone: false }
  }
}

function endOf({ isExhausted }: Trials, interrupt: AbortSignal): StoppedBy {
  if (interrupt.aborted) return 'interrupt'
  return isExhausted ? 'runs' : 'time'
}

function kindsOf(tape: WholeTape, kept: readonly number[]): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>()
  for (const index of kept) {
    const kind = tape.entries[index]?.kind ?? ''
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  return kinds
}

/** The tape's own name, for a command that looks at it; unpacked. */
function nameOf(path: string): string {
  return basename(path).replace(/\.gz$/, '')
}

/** Before hundreds of runs, not behind them. */
async function refuseExisting(output: string): Promise<void> {
  const isThere = await stat(output).then(
    () => true,
    () => false,
  )
  if (!isThere) return
  throw new FeedtapeError('file-exists', 'the file is there already', {
    where: output,
    expected: 'a new file',
    next: 'choose another -o',
  })
}
