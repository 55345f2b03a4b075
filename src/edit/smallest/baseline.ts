import { FeedtapeError } from '../../model/errors.ts'
import { durationText } from '../../model/time.ts'
import { createRedactor, type KnownSecret } from '../../tape/index.ts'
import { learnSecrets } from '../scrub/index.ts'
import type { CheckCommand, CommandEnd } from './command.ts'
import { SearchEnded, type Trials } from './trials.ts'
import type { WholeTape } from './whole-tape.ts'

export interface Baseline {
  readonly path: string
  readonly tape: WholeTape
  readonly check: CheckCommand
  readonly trials: Trials
  readonly known: readonly KnownSecret[]
  readonly stop: AbortSignal
}

/** What a shell says of a command that it cannot run. */
const NOT_RUN: ReadonlySet<number> = new Set([126, 127])
const LINES_SHOWN = 10

/** Runs the command over all of the tape, where it has to fail; gives its size. Throws `usage`, SearchEnded. */
export async function runBaseline(baseline: Baseline): Promise<number> {
  const { tape, trials, stop } = baseline
  const { end, bytes } = await trials.runOn(tape.units, stop)
  if (end.kind === 'stopped') throw new SearchEnded()
  if (!trials.isFailure(end) || (end.kind === 'exit' && NOT_RUN.has(end.code))) {
    throw await refusal(baseline, end)
  }
  if (end.kind === 'exit') trials.code = end.code
  return bytes
}

async function refusal({ path, tape, check, trials, known, stop }: Baseline, end: CommandEnd) {
  const where = `--failing '${check.command}'`
  const error = (what: string, expected: string, found: string, next: string): FeedtapeError =>
    new FeedtapeError('usage', what, { where, expected, found, next })
  if (end.kind !== 'exit') {
    const words = end.kind === 'hung' ? await shown(end.words, path, known) : ''
    const found = `nothing for ${durationText(check.timeout)}; ${words}`
    const next = 'let it end by itself (`timeout 10 …` fails with 124), or give it time: --command-timeout'
    return error('the command hangs on the whole tape', 'that it ends and fails', found, next)
  }
  const words = await shown(end.words, path, known)
  const found = `exit ${end.code}; ${words}`
  if (NOT_RUN.has(end.code)) {
    return error('the command cannot be run', 'a command of the shell', found, 'run it by hand')
  }
  if (end.code !== 0) {
    const expected = `a failure that says '${check.saying}'`
    return error('the command fails, but does not say that', expected, found, 'correct --saying')
  }
  if (tape.source.problemCount > 0 && trials.isFailure(await trials.runOver(path, stop))) {
    const next = 'feedtape check tells what is damaged'
    return error('the command fails on the tape’s damage only', 'that what is safe of it fails', found, next)
  }
  const next = 'run it by hand; FEEDTAPE_TAPE and {} are the tape’s path'
  return error('the command does not fail on the whole tape', 'an exit code other than 0', found, next)
}

/** The end of what somebody's program printed: it may hold what the tape holds. */
async function shown(words: string, path: string, known: readonly KnownSecret[]): Promise<string> {
  const redactor = createRedactor()
  for (const secret of (await learnSecrets(path, known)).wanted) redactor.learn(secret)
  const lines = redactor.redactText(words).text.trimEnd().split(/\r?\n/).slice(-LINES_SHOWN)
  const text = lines.join('\n').replace(/[^\P{C}\n\t]/gu, '')
  return text.trim() === '' ? 'it printed nothing' : `the last that it printed:\n${text}`
}
