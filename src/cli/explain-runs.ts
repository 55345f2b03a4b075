import { FeedtapeError } from '../model/errors.ts'
import { epochMicrosFromIso } from '../model/time.ts'
import { type CompareOptions, compareRuns, differenceLine, unpairedLine } from '../pnl/explain/index.ts'
import { runDifferenceText } from '../report/run-difference.ts'
import { type ExitCode, type Io, say } from './io.ts'
import { notAMoment } from './moment.ts'
import { runLinesOf } from './run-files.ts'

/** What a comparison of two runs is asked for. */
export interface RunsOptions {
  readonly at?: string
  readonly instrument?: string
  readonly book?: string
  readonly json?: true
}

/** The others say how tapes are to be counted; two runs are counted already. */
const OF_RUNS: readonly string[] = ['at', 'instrument', 'book', 'json']

export async function explainRuns(io: Io, a: string, b: string, options: RunsOptions): Promise<ExitCode> {
  refuseTapeOptions(options)
  const at = options.at === undefined ? undefined : epochMicrosFromIso(options.at)
  if (options.at !== undefined && at === undefined) throw notAMoment(options.at, 'ISO 8601 with its offset')
  const { instrument, book } = options
  const asked: CompareOptions = {
    ...(at === undefined ? {} : { at }),
    ...(instrument === undefined ? {} : { instrument }),
    ...(book === undefined ? {} : { book }),
  }
  const compared = await compareRuns(
    () => runLinesOf(a),
    () => runLinesOf(b),
    asked,
  )
  const lines =
    options.json === true
      ? [...compared.unpaired.map(unpairedLine), ...compared.differences.map(differenceLine)].map(json =>
          JSON.stringify(json),
        )
      : runDifferenceText(compared)
  for (const line of lines) await say(io, line)
  return 0
}

function refuseTapeOptions(options: RunsOptions): void {
  const strange = Object.keys(options).filter(name => !OF_RUNS.includes(name))
  if (strange.length === 0) return
  const written = strange.map(name => `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`)
  throw new FeedtapeError('usage', 'two runs are compared as they were counted', {
    where: written.join(' '),
    expected: 'with two runs only --at, --instrument, --book and --json',
    found: written.join(', '),
    next: `leave it out, or replay the tapes with it: feedtape replay TAPE ${written[0] ?? ''} … --json`,
  })
}
