import { FeedtapeError } from '../../model/errors.ts'
import type { Fill, PositionsFile } from './positions-file.ts'

/** One account's fills of a file, and what stayed out for it. */
export interface AccountFills {
  readonly positions: PositionsFile
  /** The accounts of the others, sorted. */
  readonly others: readonly string[]
  readonly ofOthers: number
  /** Fills that name no account. */
  readonly ofNobody: number
}

/** Of a file that names accounts. Throws `bad-positions` where none of its fills is of this one. */
export function fillsOfAccount(positions: PositionsFile, account: string): AccountFills {
  const { file, fills } = positions
  const own = fills.filter(fill => fill.account === account)
  const others = accountsOf(fills).filter(other => other !== account)
  const ofNobody = fills.filter(fill => fill.account === undefined).length
  if (own.length === 0) throw noSuchAccount(file, account, others)
  return {
    positions: { ...positions, fills: own },
    others,
    ofOthers: fills.length - own.length - ofNobody,
    ofNobody,
  }
}

/** Sorted. */
export function accountsOf(fills: readonly Fill[]): readonly string[] {
  return [...new Set(fills.flatMap(({ account }) => account ?? []))].sort()
}

function noSuchAccount(file: string, account: string, others: readonly string[]): FeedtapeError {
  return new FeedtapeError('bad-positions', 'the file has no fill of this account', {
    where: `--account ${account}`,
    expected: `a fill in ${file} with "account":${JSON.stringify(account)}`,
    found: others.join(', '),
    next: 'choose one of them',
  })
}
