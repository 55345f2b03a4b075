import { FeedtapeError } from '../../model/errors.ts'
import type { BookPlan, PnlResult } from '../replay-options.ts'
import type { Check } from './check.ts'
import { checkBooks } from './check-books.ts'
import { checkTrades, emptyTradeNotes } from './check-trades.ts'
import { fillChecks } from './fill-checks.ts'
import { type Ran, type ReconcileOptions, type Reopen, runOf } from './reconcile-run.ts'
import { seriesChecks } from './series-checks.ts'
import { readTapeWords, type TapeWords } from './tape-words.ts'

export interface Reconciliation {
  readonly checks: readonly Check[]
  /** No check has a difference. Nothing compared is nothing found equal. */
  readonly isEqual: boolean
  /** Some check had something to compare. */
  readonly isCompared: boolean
  /** Of the run by the rules that were asked for, first in, first out. */
  readonly result: PnlResult
}

/** Everything that the tapes and the files say of the same money, held against each other. Throws `usage`. */
export async function reconcile(reopen: Reopen, options: ReconcileOptions): Promise<Reconciliation> {
  const { against = [] } = options
  const words = await reopen(sources => readTapeWords(sources, options.account, options.settings))
  const plans = options.plans ?? plansFor(words, options.account)
  const ran = await reopen(sources => runOf(sources, plans, options))
  const checks = [
    ...bookChecks(ran, words),
    ...fillChecks(ran.result.books, words, against, options),
    ...(await seriesChecks(reopen, plans, ran, options)),
    ...against.flatMap(file => (file.kind === 'trades' ? [checkTrades(file, options)] : [])),
    ...emptyChecks(words),
  ]
  if (checks.length === 0) throw nothingToCompare(words)
  const isCompared = checks.some(({ compared }) => compared > 0)
  return {
    checks,
    isEqual: isCompared && checks.every(({ differences }) => differences.length === 0),
    isCompared,
    result: ran.result,
  }
}

function plansFor(
  { fills, positions, signals }: TapeWords,
  account: string | undefined,
): readonly BookPlan[] {
  const whose = account === undefined ? {} : { account }
  return [
    ...(fills > 0 ? [{ from: 'fills' as const, ...whose }] : []),
    ...(signals > 0 ? [{ from: 'signals' as const }] : []),
    ...(positions > 0 ? [{ from: 'broker' as const, ...whose }] : []),
  ]
}

/** Each book against those behind it: what was computed against what was told. */
function bookChecks(
  { result: { books }, trail, canonical }: Ran,
  { tradeDates }: TapeWords,
): readonly Check[] {
  const dates = new Map([...tradeDates].map(([name, date]) => [canonical(name), date]))
  return books.flatMap((ours, index) =>
    books.slice(index + 1).map(theirs => checkBooks(ours, theirs, trail, dates)),
  )
}

/** What Trade Manager's page does with an empty row is no difference of ours, and to be known. */
function emptyChecks({ empty }: TapeWords): readonly Check[] {
  if (empty.length === 0) return []
  return [
    {
      name: 'Trade Manager’s open trades',
      compared: empty.length,
      differences: [],
      notes: emptyTradeNotes(empty),
    },
  ]
}

function nothingToCompare({ fills, positions, signals }: TapeWords): FeedtapeError {
  return new FeedtapeError('usage', 'there is nothing to hold against each other', {
    where: 'reconcile',
    expected:
      'two accounts of the same money: fills and the broker’s positions, signals, or a file with --against',
    found: `${fills} fills, ${positions} positions, ${signals} signals on the tapes, and no file`,
    next: '--against FILE with a CSV of time and value, or --positions twice',
  })
}
