import { FeedtapeError } from '../model/errors.ts'
import { accountsOf, fillsOfAccount, type PositionsFile } from '../pnl/index.ts'
import { counted } from '../report/table.ts'
import { type Io, tell } from './io.ts'

/** What `--account` says, and whether a source of the tapes takes it: then a file that names none may stand beside it. */
export interface AskedAccount {
  readonly account: string | undefined
  readonly isForTapes: boolean
}

/** What of a file counts; what does not is said. Throws `usage` and `bad-positions`. */
export function fillsPlan(io: Io, read: PositionsFile, { account, isForTapes }: AskedAccount): PositionsFile {
  const { file } = read
  for (const { id, line, firstLine } of read.repeated) {
    tell(io, `${file}:${line}: fill ${id} again, as in line ${firstLine}; counted once`)
  }
  if (account === undefined) return read
  if (accountsOf(read.fills).length === 0) {
    if (isForTapes) return read
    throw new FeedtapeError('usage', 'a file that names no account has none to choose', {
      where: '--account',
      expected: `fills in ${file} with "account":${JSON.stringify(account)}`,
      found: 'no fill that names one',
      next: 'leave --account out: every fill of the file counts',
    })
  }
  const { positions, others, ofNobody, ofOthers } = fillsOfAccount(read, account)
  if (ofOthers > 0) {
    tell(io, `${file}: ${counted(ofOthers, 'fill')} of ${others.join(', ')} left out, by --account`)
  }
  if (ofNobody > 0) {
    const what = ofNobody === 1 ? '1 fill that names' : `${ofNobody} fills that name`
    tell(io, `${file}: ${what} no account left out, by --account`)
  }
  return positions
}
