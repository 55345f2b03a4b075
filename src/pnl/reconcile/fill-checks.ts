import { FeedtapeError } from '../../model/errors.ts'
import type { BookReport, EngineOptions } from '../replay-options.ts'
import type { Check } from './check.ts'
import { checkDays } from './check-days.ts'
import { checkPairs } from './check-pairs.ts'
import { checkTotals } from './check-totals.ts'
import type { ForeignDay, ForeignFile } from './foreign-file.ts'
import type { TapeWords } from './tape-words.ts'

/** The book of the tapes' own fills: their ids and trade dates are the broker's. */
const FILLS = 'fills'

type BrokersFile = Extract<ForeignFile, { readonly kind: 'pairs' | 'balances' }>

/**
 * Fills against what their broker made of them: its pairs and its days, on the tapes and in files. Throws `usage`
 * where there are such files and no such fills, `ambiguous` and `bad-foreign` where they are of other accounts.
 */
export function fillChecks(
  books: readonly BookReport[],
  words: TapeWords,
  against: readonly ForeignFile[],
  options: EngineOptions & { readonly account?: string },
): readonly Check[] {
  const files = against.flatMap(file => (file.kind === 'pairs' || file.kind === 'balances' ? [file] : []))
  const fills = books.find(({ name }) => name === FILLS)
  const [first] = files
  if (fills === undefined && first !== undefined) throw noFills(first.file, books)
  if (fills === undefined) return []
  const account = options.account ?? accountOf(fills)
  const isTheirs = (word: { readonly account?: string | undefined }): boolean =>
    account === undefined || word.account === undefined || word.account === account
  const pairs = words.pairs.filter(isTheirs)
  const days = words.days.filter(isTheirs)
  return [
    ...(pairs.length > 0
      ? [checkPairs('fills against the broker’s fill pairs', fills.pairs ?? [], pairs)]
      : []),
    ...(days.length > 0 ? [checkDays('fills against the cash balance', fills, days, options)] : []),
    ...files.map(file => fileCheck(fills, file, options)),
  ]
}

function fileCheck(
  fills: BookReport,
  file: BrokersFile,
  options: EngineOptions & { readonly account?: string },
): Check {
  const name = `fills against ${file.file}`
  if (file.kind === 'pairs') return checkPairs(name, fills.pairs ?? [], file.pairs)
  const days = daysOfOne(file.file, file.days, options.account, accountOf(fills))
  const check = checkDays(name, fills, days, options)
  const { differences, notes } = checkTotals(days)
  return {
    ...check,
    differences: [...check.differences, ...differences],
    notes: [...check.notes, ...notes],
  }
}

/** That was asked for, or whose all fills are; `undefined` where nobody has said it. */
function accountOf({ source }: BookReport): string | undefined {
  return source?.positions === 'fills' ? source.account : undefined
}

/** One account's days, and that of the fills. */
function daysOfOne(
  file: string,
  days: readonly ForeignDay[],
  asked: string | undefined,
  ofFills: string | undefined,
): readonly ForeignDay[] {
  const accounts = [...new Set(days.flatMap(({ account }) => account ?? []))].sort()
  if (accounts.length === 0) return days
  if (asked === undefined && accounts.length > 1) {
    throw new FeedtapeError('ambiguous', 'the file has days of more than one account', {
      where: `--against ${file}`,
      expected: 'one account: the days of two are not one',
      found: accounts.join(', '),
      next: `--account ${accounts[0] ?? ''} (or another of them)`,
    })
  }
  const account = asked ?? ofFills
  const theirs = days.filter(day => account === undefined || day.account === account)
  if (theirs.length > 0) return theirs
  throw new FeedtapeError('bad-foreign', 'the file has no days of this account', {
    where: `--against ${file}`,
    expected: `days of ${account}, whose the fills are`,
    found: accounts.join(', '),
    next: 'give the export of that account, or choose another with --account',
  })
}

function noFills(file: string, books: readonly BookReport[]): FeedtapeError {
  const names = books.map(({ name }) => name)
  return new FeedtapeError(
    'usage',
    'a broker’s pairs and days are held against the fills on the tapes only',
    {
      where: `--against ${file}`,
      expected: '--positions fills, and a tape that has them',
      found: names.length === 0 ? 'no book' : `books of ${names.join(', ')}`,
      next: 'add --positions fills; feedtape import --from tradovate-csv makes such a tape of an export',
    },
  )
}
