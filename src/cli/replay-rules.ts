import { readFile } from 'node:fs/promises'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import {
  type PnlOptions,
  type Positions,
  parseFeeRule,
  parseMarkChain,
  parseMatching,
  readPositions,
  type TapePositions,
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
  readonly positions: string
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

/** Throws `usage`, `bad-positions`, `file-missing`. */
export async function positionsOf(
  io: Io,
  { positions: source, account }: SourceOptions,
): Promise<Positions | TapePositions> {
  if (source === OF_THE_TAPES) return { from: 'fills', ...(account === undefined ? {} : { account }) }
  if (account !== undefined) {
    throw new FeedtapeError('usage', 'an account can be chosen among the tapes’ own fills only', {
      where: '--account',
      expected: '--positions fills',
      found: `--positions ${source}`,
      next: 'leave --account out: every fill of the file counts',
    })
  }
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
