import type { Command } from 'commander'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import type { Micros } from '../model/time.ts'
import { durationOf } from './written.ts'

/** As commander gives them. */
export interface FailingFlags {
  readonly failing?: string
  readonly anyFailure?: true
  readonly saying?: string
  readonly maxRuns?: string
  readonly for?: string
  readonly jobs?: string
  readonly commandTimeout?: string
  readonly secretFile?: string
  readonly keepSecrets?: true
}

const MAX_RUNS = 500
const COMMAND_TIMEOUT: Micros = 60_000_000
/** Behind it a machine only gets slower. */
const MOST_JOBS = 64

export function describeFailing(command: Command): void {
  command
    .option('--failing <command>', 'the smallest tape over which this still fails as it does over all of it')
    .option('--any-failure', 'with --failing: any exit code but 0, not just the whole tape’s')
    .option('--saying <text>', 'with --failing: it fails only if it also prints this')
    .option('--max-runs <number>', `with --failing: search no longer than so many runs (default ${MAX_RUNS})`)
    .option('--for <duration>', 'with --failing: nor longer than this: 90s, 10m')
    .option('--jobs <number>', 'with --failing: so many runs at a time (default 1)')
    .option('--command-timeout <duration>', 'with --failing: a run that takes longer hangs (default 60s)')
    .option('--secret-file <file>', 'with --failing: values that no pattern can know, one a line')
    .option('--keep-secrets', 'with --failing: write it unscrubbed if it fails only so')
    .addHelpText(
      'after',
      `
--failing runs the command in the shell with the tape's path for {} or, where neither that nor FEEDTAPE_TAPE stands in
it, behind it. FEEDTAPE_TAPE is the path in its environment. The tape is cut down as long as the exit code stays; what is
left is run 3 times more, scrubbed, run again and written. Ctrl-C writes the smallest so far.
  feedtape cut TAPE --failing 'npx vitest run my.test.ts' --saying 'expected 25650.25'
  feedtape cut TAPE --failing 'python3 -m mine.test {}' --saying KeyError --jobs 2
  feedtape cut TAPE --failing "feedtape diff {} --parser 'python3 mine.py'"
  feedtape cut TAPE --failing 'd=$(dirname {}); npx feedtape@0.1.0 verify $d --update && feedtape verify $d'
Other failures may share an exit code (a test that finds no quotes at all): --saying tells them apart.`,
    )
}

export interface Limits {
  readonly maxRuns: number
  readonly jobs: number
  readonly timeout: Micros
  readonly duration?: Micros
}

/** Throws `usage`. */
export function limitsOf(flags: FailingFlags): Limits {
  const duration = flags.for === undefined ? undefined : durationFlag('--for', flags.for)
  return {
    maxRuns: numberFlag('--max-runs', flags.maxRuns, MAX_RUNS, 1_000_000),
    jobs: numberFlag('--jobs', flags.jobs, 1, MOST_JOBS),
    timeout: durationFlag('--command-timeout', flags.commandTimeout, COMMAND_TIMEOUT),
    ...(duration === undefined ? {} : { duration }),
  }
}

/** The flags of `--failing` mean nothing without it, and a slice is another cut. Throws `usage`. */
export function refuseMixture(flags: FailingFlags & Readonly<Record<string, unknown>>): void {
  const isSet = (name: string): boolean => flags[name] !== undefined
  const slicing = ['from', 'to', 'conn', 'symbol', 'kind', 'overwrite'].filter(isSet)
  const { failing, ...others } = {
    failing: flags.failing,
    'any-failure': flags.anyFailure,
    saying: flags.saying,
    'max-runs': flags.maxRuns,
    for: flags.for,
    jobs: flags.jobs,
    'command-timeout': flags.commandTimeout,
    'secret-file': flags.secretFile,
    'keep-secrets': flags.keepSecrets,
  }
  const [stray] = Object.entries(others).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (failing === undefined && stray !== undefined) {
    throw new FeedtapeError('usage', `--${stray} belongs to --failing`, {
      where: `--${stray}`,
      expected: '--failing COMMAND with it',
      next: 'say which command fails',
    })
  }
  if (failing === undefined) return
  if (failing.trim() === '') {
    throw new FeedtapeError('usage', 'which command fails?', {
      where: '--failing',
      expected: "a command as a shell takes it: 'python3 -m mine.test {}'",
      found: 'nothing',
    })
  }
  if (slicing[0] !== undefined) {
    throw new FeedtapeError('usage', `--failing finds its slice itself`, {
      where: `--${slicing[0]}`,
      next: slicing[0] === 'overwrite' ? 'choose another -o' : 'cut that slice first, then search in it',
    })
  }
}

function numberFlag(name: string, text: string | undefined, preset: number, most: number): number {
  if (text === undefined) return preset
  const number = Number(text)
  if (/^[1-9]\d{0,6}$/.test(text) && number <= most) return number
  throw new FeedtapeError('usage', 'not a number of that', {
    where: name,
    expected: `a whole number from 1 to ${most}`,
    found: excerpt(text),
  })
}

function durationFlag(name: string, text: string): Micros
function durationFlag(name: string, text: string | undefined, preset: Micros): Micros
function durationFlag(name: string, text: string | undefined, preset: Micros = 0): Micros {
  if (text === undefined) return preset
  const duration = durationOf(text)
  if (duration !== undefined) return duration
  throw new FeedtapeError('usage', 'not a duration', {
    where: name,
    expected: 'a number with its unit: 250ms, 90s, 10m',
    found: excerpt(text),
    next: `write it like ${name} 60s`,
  })
}
