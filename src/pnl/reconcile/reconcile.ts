import type { Decimal } from '../../model/decimal.ts'
import { FeedtapeError } from '../../model/errors.ts'
import type { Tally } from '../../normalize/index.ts'
import { type EntrySource, TapeMerge } from '../../replay/index.ts'
import { PnlEngine } from '../engine.ts'
import { Trail } from '../explain/trail.ts'
import { MARK_RULES, type MarkChain } from '../mark.ts'
import type { BookPlan, BookReport, EngineOptions, PnlResult } from '../replay-options.ts'
import type { Check } from './check.ts'
import { checkBooks } from './check-books.ts'
import { checkDays } from './check-days.ts'
import { checkPairs } from './check-pairs.ts'
import { checkSeries, type SampledRule, SERIES_LAGS, type Series } from './check-series.ts'
import { checkTrades, emptyTradeNotes } from './check-trades.ts'
import type { ForeignFile } from './foreign-file.ts'
import { sampleRun } from './series-samples.ts'
import { readTapeWords, type TapeWords } from './tape-words.ts'

export interface ReconcileOptions extends EngineOptions {
  /** None: every kind of words that the tapes have. */
  readonly plans?: readonly BookPlan[]
  readonly account?: string
  readonly against?: readonly ForeignFile[]
  /** Of a foreign series: closer than this is equal. */
  readonly tolerance: Decimal
}

export interface Reconciliation {
  readonly checks: readonly Check[]
  /** No check has a difference. */
  readonly isEqual: boolean
  readonly tallies: readonly Tally[]
}

/** The tapes from their beginning: they are read once for each rule. */
export type Reopen = <T>(use: (sources: readonly EntrySource[]) => Promise<T>) => Promise<T>

/** Everything that the tapes and the files say of the same money, held against each other. Throws `usage`. */
export async function reconcile(reopen: Reopen, options: ReconcileOptions): Promise<Reconciliation> {
  const { against = [] } = options
  const words = await reopen(sources => readTapeWords(sources, options.account, options.settings))
  const plans = options.plans ?? plansFor(words, options.account)
  const ran = await reopen(sources => runOf(sources, plans, options))
  const checks = [
    ...bookChecks(ran),
    ...fillChecks(ran.result, words, against),
    ...(await seriesChecks(reopen, plans, ran.result, options)),
    ...against.flatMap(file =>
      file.kind === 'trades'
        ? [checkTrades(`${file.file} against its own prices`, file.trades, options)]
        : [],
    ),
    ...emptyChecks(words),
  ]
  if (checks.length === 0) throw nothingToCompare(words)
  return {
    checks,
    isEqual: checks.every(({ differences }) => differences.length === 0),
    tallies: ran.result.tallies,
  }
}

interface Ran {
  readonly result: PnlResult
  readonly trail: Trail
}

/** First in, first out: that is how brokers make pairs. */
async function runOf(
  sources: readonly EntrySource[],
  plans: readonly BookPlan[],
  options: EngineOptions,
): Promise<Ran> {
  const merge = new TapeMerge(sources)
  const trail = new Trail()
  const headers = sources.map(({ header }) => header)
  const engine = new PnlEngine(headers, plans, { ...options, matching: 'fifo', pairs: true }, trail)
  engine.begin(merge.start)
  await merge.run((entry, tape, at) => engine.take(entry, tape, at))
  return { result: engine.finish(merge.end), trail }
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
function bookChecks({ result: { books }, trail }: Ran): readonly Check[] {
  return books.flatMap((ours, index) => books.slice(index + 1).map(theirs => checkBooks(ours, theirs, trail)))
}

const FILLS = 'fills'

function fillChecks(
  { books }: PnlResult,
  words: TapeWords,
  against: readonly ForeignFile[],
): readonly Check[] {
  const fills = books.find(({ name }) => name === FILLS)
  if (fills === undefined) return []
  const pairs = fills.pairs ?? []
  const ofTape = [
    ...(words.pairs.length > 0
      ? [checkPairs('fills against the broker’s fill pairs', pairs, words.pairs)]
      : []),
    ...(words.days.length > 0
      ? [checkDays('fills against the cash balance', pairs, words.fees, words.days)]
      : []),
  ]
  return [
    ...ofTape,
    ...against.flatMap(file => {
      if (file.kind === 'pairs') return [checkPairs(`fills against ${file.file}`, pairs, file.pairs)]
      return file.kind === 'balances'
        ? [checkDays(`fills against ${file.file}`, pairs, words.fees, file.days)]
        : []
    }),
  ]
}

async function seriesChecks(
  reopen: Reopen,
  plans: readonly BookPlan[],
  { books }: PnlResult,
  options: ReconcileOptions,
): Promise<readonly Check[]> {
  const checks: Check[] = []
  for (const file of options.against ?? []) {
    if (file.kind !== 'series') continue
    for (const [index, plan] of plans.entries()) {
      const rules = await sampled(reopen, plan, file, options)
      checks.push(checkSeries(file, bookName(books, index), rules, options.tolerance))
    }
  }
  return checks
}

function bookName(books: readonly BookReport[], index: number): string {
  return books[index]?.name ?? ''
}

/** The rules that were asked for first, then each rule by itself. */
async function sampled(
  reopen: Reopen,
  plan: BookPlan,
  { points }: Series,
  options: ReconcileOptions,
): Promise<readonly SampledRule[]> {
  const asked = options.chain.join(',')
  const chains: readonly MarkChain[] = [
    options.chain,
    ...MARK_RULES.filter(rule => rule !== asked).map(rule => [rule]),
  ]
  const rules: SampledRule[] = []
  for (const chain of chains) {
    const samples = await reopen(sources =>
      sampleRun(sources, plan, { ...options, chain }, points, SERIES_LAGS),
    )
    rules.push({ chain, samples })
  }
  return rules
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
