import { FeedtapeError } from '../model/errors.ts'
import { refuseStdout } from './write-report.ts'

export interface VerifyFlags {
  readonly update?: true
  readonly reason?: string
  readonly fullDiff?: true
  readonly damaged?: true
  readonly jobs?: string
  readonly shard?: string
  readonly junit?: string
  readonly markdown?: string | true
  readonly annotations?: string
  readonly parser?: string
  readonly field?: readonly string[]
  readonly parserTimeout?: string
  readonly json?: true
}

/** Throws `usage` for options that do not go together, or that would be of no effect. */
export function checkVerifyOptions(options: VerifyFlags): void {
  const {
    annotations,
    damaged,
    field,
    fullDiff,
    jobs,
    junit,
    markdown,
    parser,
    parserTimeout,
    reason,
    update,
  } = options
  if (update === true) {
    if (parser !== undefined)
      throw together('--update', '--parser', 'a parser is held against feedtape: it writes no twins')
    if (junit !== undefined) throw together('--update', '--junit', 'compare first: --junit without --update')
    if (markdown !== undefined)
      throw together('--update', '--markdown', 'compare first: --markdown without --update')
    if (jobs !== undefined)
      throw together('--update', '--jobs', 'it reads one case after the other: leave --jobs out')
  } else {
    if (reason !== undefined) throw without('--reason', '--update')
    if (fullDiff === true) throw without('--full-diff', '--update')
    if (damaged === true) throw without('--damaged', '--update')
  }
  refuseStdout(junit, '--junit')
  refuseStdout(markdown, '--markdown')
  if (parser === undefined) {
    if (field !== undefined) throw without('--field', '--parser')
    if (parserTimeout !== undefined) throw without('--parser-timeout', '--parser')
  }
  if (annotations !== undefined && annotations !== 'github' && annotations !== 'none') {
    throw new FeedtapeError('usage', 'annotations are for nobody that is known', {
      where: `--annotations ${annotations}`,
      expected: 'github or none',
      found: annotations,
    })
  }
}

const MOST_JOBS = 64

/** `undefined` where it is left to the number of cores and the size of the tapes. Throws `usage`. */
export function jobsOf({ jobs }: Pick<VerifyFlags, 'jobs'>): number | undefined {
  if (jobs === undefined) return undefined
  const count = /^\d{1,2}$/.test(jobs) ? Number(jobs) : 0
  if (count >= 1 && count <= MOST_JOBS) return count
  throw new FeedtapeError('usage', 'the number of jobs is not one', {
    where: `--jobs ${jobs}`,
    expected: `a whole number from 1 to ${MOST_JOBS}`,
    found: jobs,
  })
}

function together(one: string, other: string, next: string): FeedtapeError {
  return new FeedtapeError('usage', `${one} and ${other} do not go together`, { where: other, next })
}

function without(option: string, needed: string): FeedtapeError {
  return new FeedtapeError('usage', `${option} is of no effect without ${needed}`, {
    where: option,
    next: `add ${needed}, or leave it out`,
  })
}
