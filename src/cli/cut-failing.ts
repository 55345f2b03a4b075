import { basename, dirname, join } from 'node:path'
import { type SmallestReport, smallestTape } from '../edit/smallest/index.ts'
import { systemClock } from '../model/clock.ts'
import { FeedtapeError } from '../model/errors.ts'
import { systemTimers } from '../model/timers.ts'
import { type FailingFlags, limitsOf } from './cut-failing-flags.ts'
import { createSearchView, smallestJson, smallestLines, smallestWarnings } from './cut-failing-view.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { createStop } from './record-stop.ts'
import { knownSecrets } from './scrub.ts'
import { tellProblems } from './tapes.ts'

interface Request extends FailingFlags {
  readonly failing: string
  readonly output?: string
  readonly json?: true
}

/** `feedtape cut TAPE --failing COMMAND`. */
export async function cutFailing(io: Io, path: string, request: Request): Promise<ExitCode> {
  const output = request.output ?? defaultOutput(path)
  refuse(path, output)
  const { timeout, ...limits } = limitsOf(request)
  const known = await knownSecrets(io, request.secretFile)
  const { failing: command, saying } = request
  const view = createSearchView(io)
  const signals = listen(io)
  const report = await smallestTape(path, {
    ...limits,
    output,
    check: { command, timeout, timers: systemTimers, ...(saying === undefined ? {} : { saying }) },
    isAnyFailure: request.anyFailure === true,
    keepSecrets: request.keepSecrets === true,
    known,
    clock: systemClock,
    stop: signals.stop,
    leave: signals.leave,
    onProgress: progress => view.show(progress),
  }).finally(() => {
    signals.done()
    view.end()
  })
  if (report === undefined) {
    tell(io, 'feedtape: left before there was a smaller tape that surely fails; nothing is written')
    return 3
  }
  return await answer(io, output, report, request.json === true)
}

async function answer(io: Io, output: string, report: SmallestReport, isJson: boolean): Promise<ExitCode> {
  if (isJson) await say(io, JSON.stringify(smallestJson(output, report)))
  else for (const line of smallestLines(output, report)) await say(io, line)
  const warnings = smallestWarnings(output, report)
  for (const { text } of warnings) tell(io, text)
  const code = tellProblems(io, [report.source])
  if (report.written === 'nothing') return 1
  return warnings.some(({ isLoss }) => isLoss) ? 3 : code
}

/** The first signal ends the search, a second one everything. Commands are in groups of their own, and hear of none. */
function listen(io: Io) {
  const [stop, leave] = [new AbortController(), new AbortController()]
  const onSignal = createStop({
    clock: systemClock,
    onFirst() {
      tell(io, 'ending: the smallest tape so far is scrubbed, run and written (once more to leave at once)')
      stop.abort()
    },
    onSecond: () => leave.abort(),
  })
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of names) process.on(name, onSignal)
  return {
    stop: stop.signal,
    leave: leave.signal,
    done() {
      for (const name of names) process.off(name, onSignal)
    },
  }
}

function refuse(path: string, output: string): void {
  if (path === '-') {
    throw new FeedtapeError('usage', 'a command needs a file', {
      where: '-',
      expected: 'a file',
      next: 'save the tape first',
    })
  }
  if (output === '-' || output.endsWith('.gz')) {
    throw new FeedtapeError('usage', 'a cut tape is written plain', {
      where: '--output',
      expected: 'NAME.tape.jsonl',
      found: output,
      next: 'gzip it afterwards',
    })
  }
}

function defaultOutput(path: string): string {
  const stem = basename(path).replace(/(?:\.tape)?\.jsonl(?:\.gz)?$/, '')
  return join(dirname(path), `${stem}.smallest.tape.jsonl`)
}
