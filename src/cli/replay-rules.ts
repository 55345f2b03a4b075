import { readFile } from 'node:fs/promises'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import {
  type BookPlan,
  type PnlOptions,
  parseFeeRule,
  parseMarkChain,
  parseMatching,
  readPositions,
} from '../pnl/index.ts'
import { type Io, tell } from './io.ts'
import { durationOption } from './tapes.ts'

/** The rules of a run as they stand on the command line. */
export interface RuleOptions {
  readonly mark: string
  readonly staleAfter: string
  readonly matching: string
  readonly fees: string
  readonly pairs?: true
}

export interface SourceOptions {
  /** One book each. */
  readonly positions: readonly string[]
  readonly account?: string
}

/** Throws `usage`. */
export function rulesOf(options: RuleOptions): PnlOptions {
  const matching = parseMatching(options.matching)
  if (options.pairs === true && matching !== 'fifo') {
    throw new FeedtapeError('usage', `${matching} has no pairs`, {
      where: '--pairs',
      expected: '--matching fifo',
      found: `--matching ${matching}`,
      next: 'add --matching fifo: by average no fill closes another, each takes its share of all that is open',
    })
  }
  return {
    chain: parseMarkChain(options.mark),
    staleAfter: durationOption('--stale-after', options.staleAfter),
    matching,
    fees: parseFeeRule(options.fees),
    ...(options.pairs === true ? { pairs: true } : {}),
  }
}

/** The word for the fills that are on the tapes; a file of that name is `./fills`. */
const OF_THE_TAPES = 'fills'

/** One plan for each `--positions`, in their order. Throws `usage`, `bad-positions`, `file-missing`. */
export async function plansOf(io: Io, { positions, account }: SourceOptions): Promise<readonly BookPlan[]> {
  if (account !== undefined && !positions.includes(OF_THE_TAPES)) {
    throw new FeedtapeError('usage', 'an account can be chosen among the tapes’ own fills only', {
      where: '--account',
      expected: '--positions fills',
      found: positions.map(source => `--positions ${source}`).join(' '),
      next: 'leave --account out: every fill of the file counts',
    })
  }
  const twice = positions.find((source, index) => positions.indexOf(source) !== index)
  if (twice !== undefined) {
    throw new FeedtapeError('usage', 'a source of positions is named twice', {
      where: `--positions ${twice}`,
      expected: 'each once: every source is a book of its own',
      found: 'the same two times',
      next: 'leave one of them out',
    })
  }
  const plans: BookPlan[] = []
  for (const source of positions) plans.push(await planOf(io, source, account))
  return plans
}

async function planOf(io: Io, source: string, account: string | undefined): Promise<BookPlan> {
  if (source === OF_THE_TAPES) return { from: 'fills', ...(account === undefined ? {} : { account }) }
  const positions = readPositions(await textOf(source, '--positions'), source)
  for (const { id, line, firstLine } of positions.repeated) {
    tell(io, `${source}:${line}: fill ${id} again, as in line ${firstLine}; counted once`)
  }
  return positions
}

async function textOf(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new FeedtapeError('file-missing', 'the file cannot be read', {
      where: `${option} ${path}`,
      found: reasonOf(cause),
      next: 'check the path',
      cause,
    })
  }
}
