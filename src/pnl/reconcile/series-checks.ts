import { FeedtapeError } from '../../model/errors.ts'
import { isoFromEpochMicros } from '../../model/time.ts'
import { MARK_RULES, type MarkChain } from '../mark.ts'
import type { BookPlan, BookReport } from '../replay-options.ts'
import type { Check } from './check.ts'
import { checkSeries, type SampledRule, SERIES_LAGS } from './check-series.ts'
import type { Series, SeriesPoint } from './foreign-series.ts'
import type { Ran, ReconcileOptions, Reopen } from './reconcile-run.ts'
import { sampleRun } from './series-samples.ts'

/** Each foreign series against each book. Throws `usage` without a book, and `bad-foreign` at points of nothing. */
export async function seriesChecks(
  reopen: Reopen,
  plans: readonly BookPlan[],
  ran: Ran,
  options: ReconcileOptions,
): Promise<readonly Check[]> {
  const series = (options.against ?? []).flatMap(file => (file.kind === 'series' ? [file] : []))
  const checks: Check[] = []
  for (const file of series) {
    if (plans.length === 0) throw noBook(file)
    refuseOutside(file, ran)
    refuseStrangers(file, ran)
    for (const [index, plan] of plans.entries()) {
      const book = ran.result.books[index]
      if (book === undefined) continue
      const rules = await sampled(reopen, plan, file.points, namesHeld(book, file.points, ran), options)
      checks.push(checkSeries(file, book.name, rules, options))
    }
  }
  return checks
}

/** The rules that were asked for first, then each rule by itself. */
async function sampled(
  reopen: Reopen,
  plan: BookPlan,
  points: readonly SeriesPoint[],
  held: ReadonlySet<string>,
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
      sampleRun(sources, plan, { ...options, chain }, { points, held, lags: SERIES_LAGS }),
    )
    rules.push({ chain, samples })
  }
  return rules
}

/** Names of the points that a book has ever held; before its first fill such a one is flat, any other is not there. */
function namesHeld(
  { positions }: BookReport,
  points: readonly SeriesPoint[],
  { canonical }: Ran,
): ReadonlySet<string> {
  const instruments = new Set(positions.map(({ instrument }) => instrument))
  const names = points.flatMap(({ instrument }) => instrument ?? [])
  return new Set(names.filter(name => instruments.has(canonical(name))))
}

function noBook({ file }: Series): FeedtapeError {
  return new FeedtapeError('usage', 'a series is held against positions, and there are none', {
    where: `--against ${file}`,
    expected: 'fills, positions or signals on the tapes, or --positions',
    found: 'none of them',
    next: '--positions FILE with the fills behind the series',
  })
}

/** What was before the tapes and behind them nobody knows; it was not 0. */
function refuseOutside({ file, points }: Series, { result: { start, end } }: Ran): void {
  const outside = points.filter(({ at }) => at < start || at > end)
  const [first] = outside
  if (first === undefined) return
  const more = outside.length === 1 ? '' : `, and ${outside.length - 1} more points outside`
  throw new FeedtapeError('bad-foreign', 'a point is of a time that the tapes do not tell of', {
    where: `${file}:${first.line}`,
    expected: `from ${isoFromEpochMicros(start)} to ${isoFromEpochMicros(end)}`,
    found: `${isoFromEpochMicros(first.at)}${more}`,
    next: 'leave these rows out, or name the tapes of that time, too',
  })
}

function refuseStrangers({ file, points }: Series, ran: Ran): void {
  const { books } = ran.result
  const held = new Set(books.flatMap(book => [...namesHeld(book, points, ran)]))
  const stranger = points.find(({ instrument }) => instrument !== undefined && !held.has(instrument))
  if (stranger === undefined) return
  const instruments = new Set(books.flatMap(({ positions }) => positions.map(({ instrument }) => instrument)))
  throw new FeedtapeError('bad-foreign', 'a point is of an instrument that nobody has held', {
    where: `${file}:${stranger.line}`,
    expected: instruments.size === 0 ? 'none: no position was held' : [...instruments].sort().join(', '),
    found: stranger.instrument ?? '',
    next: 'write the name as it is here, or leave the row out',
  })
}
