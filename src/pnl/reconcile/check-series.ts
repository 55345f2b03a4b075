import {
  absolute,
  compare,
  type Decimal,
  decimalFromNumber,
  decimalText,
  multiply,
  subtract,
} from '../../model/decimal.ts'
import { durationText, type Micros } from '../../model/time.ts'
import type { Cause } from '../lines.ts'
import type { MarkChain } from '../mark.ts'
import type { Check, CheckDifference } from './check.ts'
import { FIGURES, type Figure } from './figure.ts'
import type { Series, SeriesPoint } from './foreign-series.ts'
import type { MoneySum } from './money-sum.ts'
import type { Samples } from './series-samples.ts'

/** How late a dashboard may show what we have; asked for at each point. */
export const SERIES_LAGS: readonly Micros[] = [0, 250, 500, 1_000, 2_000, 5_000, 10_000].map(ms => ms * 1_000)

/** One way to compute it: a mark chain, a figure, so much later. */
interface Candidate {
  readonly chain: string
  readonly figure: Figure
  readonly lag: Micros
  /** Theirs is so many times ours. */
  readonly factor: Decimal | undefined
  readonly equal: number
  /** Of the points that differ. */
  readonly worst: Decimal | undefined
}

/** A rule with what it gives at each point. */
export interface SampledRule {
  readonly chain: MarkChain
  readonly samples: Samples
}

export interface SeriesRules {
  readonly tolerance: Decimal
  /** That is meant where the value has no name of its own. */
  readonly figure?: Figure
}

/**
 * A foreign series under each rule. Differences are those from one figure by the rules that were asked for, the first
 * of `rules`; which rule, other figure, delay or factor explains them is in the notes.
 */
export function checkSeries(
  series: Series,
  book: string,
  rules: readonly SampledRule[],
  { tolerance, figure }: SeriesRules,
): Check {
  const figures = series.figure === undefined ? FIGURES : [series.figure]
  const candidates = rules.flatMap(rule =>
    figures.flatMap(figure => SERIES_LAGS.map(lag => candidateOf(series, rule, figure, lag, tolerance))),
  )
  const [asked] = rules
  const chain = asked?.chain.join(',') ?? ''
  const found = best([...candidates, ...scaled(series, rules, figures, tolerance)])
  const judged = judgedBy(series, asked, figure)
  const ours = candidates.find(one => one.chain === chain && one.lag === 0 && one.figure === judged.figure)
  const differences =
    asked === undefined || ours === undefined ? [] : differencesOf(series, asked, ours, tolerance)
  return {
    name: `${series.file} against ${book}`,
    compared: series.points.length,
    differences,
    notes: notesOf({ series, candidates, ours, found, why: judged.why }),
  }
}

/** Of four figures one is meant: to be equal to any of them is no agreement. */
function judgedBy(
  { points, figure: named }: Series,
  asked: SampledRule | undefined,
  chosen: Figure | undefined,
): { readonly figure: Figure; readonly why?: string } {
  if (named !== undefined) return { figure: named }
  if (chosen !== undefined) return { figure: chosen }
  const samples = asked?.samples.get(0) ?? []
  const isOpen = points.some((_, index) => samples[index]?.isOpen === true)
  return isOpen
    ? { figure: 'unrealized', why: 'something was open' }
    : { figure: 'realized', why: 'nothing was open' }
}

function knownOf(sum: MoneySum | undefined): Decimal | undefined {
  return sum?.kind === 'sum' ? sum.value : undefined
}

function candidateOf(
  { points }: Series,
  { chain, samples }: SampledRule,
  figure: Figure,
  lag: Micros,
  tolerance: Decimal,
  factor?: Decimal,
): Candidate {
  let equal = 0
  let worst: Decimal | undefined
  for (const [index, { value }] of points.entries()) {
    const ours = knownOf(samples.get(lag)?.[index]?.figures[figure])
    if (ours === undefined) continue
    const difference = absolute(subtract(value, factor === undefined ? ours : multiply(ours, factor)))
    if (compare(difference, tolerance) <= 0) equal += 1
    else if (worst === undefined || compare(difference, worst) > 0) worst = difference
  }
  return { chain: chain.join(','), figure, lag, factor, equal, worst }
}

/** Where no rule explains it: whether theirs is always so many times ours, as by another point value. */
function scaled(
  series: Series,
  rules: readonly SampledRule[],
  figures: readonly Figure[],
  tolerance: Decimal,
): readonly Candidate[] {
  return rules.flatMap(rule =>
    figures.flatMap(figure => {
      const factor = factorOf(series.points, rule, figure)
      return factor === undefined ? [] : [candidateOf(series, rule, figure, 0, tolerance, factor)]
    }),
  )
}

/** Any two numbers have a quotient. */
const FEWEST = 3

/** The middle one of all quotients; a candidate that has then to hold at each point. */
function factorOf(
  points: readonly SeriesPoint[],
  { samples }: SampledRule,
  figure: Figure,
): Decimal | undefined {
  const quotients = points
    .flatMap(({ value }, index) => {
      const ours = knownOf(samples.get(0)?.[index]?.figures[figure])
      const quotient =
        ours === undefined ? Number.NaN : Number(decimalText(value)) / Number(decimalText(ours))
      return Number.isFinite(quotient) && quotient !== 0 ? [quotient] : []
    })
    .sort((a, b) => a - b)
  const middle = quotients[Math.floor(quotients.length / 2)]
  if (middle === undefined || quotients.length < FEWEST || Math.abs(middle - 1) < 1e-6) return undefined
  return decimalFromNumber(Number(middle.toPrecision(9)))
}

/** Most points equal; then no factor, the least delay, the least of the worst. Earlier ones win. */
function best(candidates: readonly Candidate[]): Candidate | undefined {
  const [first, ...more] = candidates
  if (first === undefined) return undefined
  return more.reduce((one, other) => (isBetter(other, one) ? other : one), first)
}

function isBetter(one: Candidate, other: Candidate): boolean {
  if (one.equal !== other.equal) return one.equal > other.equal
  if ((one.factor === undefined) !== (other.factor === undefined)) return one.factor === undefined
  if (one.lag !== other.lag) return one.lag < other.lag
  if (one.worst === undefined || other.worst === undefined)
    return one.worst === undefined && other.worst !== undefined
  return compare(one.worst, other.worst) < 0
}

function differencesOf(
  { file, points }: Series,
  { samples }: SampledRule,
  { figure }: Candidate,
  tolerance: Decimal,
): readonly CheckDifference[] {
  return points.flatMap(({ at, value, instrument, line }, index): CheckDifference[] => {
    const sample = samples.get(0)?.[index]
    const sum = sample?.figures[figure]
    const ours = knownOf(sum)
    const text = sum?.kind === 'unknown' ? sum.reason : ours === undefined ? 'not there' : decimalText(ours)
    const difference = ours === undefined ? undefined : subtract(value, ours)
    if (difference !== undefined && compare(absolute(difference), tolerance) <= 0) return []
    return [
      {
        what: instrument === undefined ? figure : `${instrument} ${figure}`,
        ours: { text, ...placeOf(sample?.cause) },
        theirs: { text: decimalText(value), at, place: `${file}:${line}` },
        ...(difference === undefined ? {} : { difference }),
      },
    ]
  })
}

function placeOf(cause: Cause | undefined): { readonly at?: number; readonly place?: string } {
  if (cause === undefined) return {}
  const { at, kind, tape, seq, line } = cause
  const where =
    seq === undefined
      ? line === undefined
        ? ''
        : `, line ${line} of the positions`
      : `, entry ${seq} of ${tape ?? '?'}`
  return { at, place: `${kind}${where}` }
}

interface Found {
  readonly series: Series
  readonly candidates: readonly Candidate[]
  readonly ours: Candidate | undefined
  readonly found: Candidate | undefined
  /** Why this figure was judged by, where nobody named it. */
  readonly why: string | undefined
}

function notesOf({ series: { points }, candidates, ours, found, why }: Found): readonly string[] {
  if (ours === undefined || found === undefined) return []
  const byRule = [...new Set(candidates.map(({ chain }) => chain))].flatMap(chain => {
    const one = best(candidates.filter(candidate => candidate.chain === chain && candidate.lag === 0))
    return one === undefined ? [] : [`by ${candidateText(one, points.length)}`]
  })
  const judged = why === undefined ? [] : [`judged by ${ours.figure}, since ${why}: --figure chooses another`]
  if (ours.equal === points.length) return [...byRule, ...judged]
  return [...byRule, ...judged, explanationOf(ours, found, points.length)]
}

function explanationOf(ours: Candidate, found: Candidate, points: number): string {
  if (found.equal === ours.equal) return 'no other rule, delay or factor explains more of it'
  const all = found.equal === points ? 'explained' : 'best explained'
  const factor =
    found.factor === undefined
      ? ''
      : `, times ${decimalText(found.factor)}: another point value, or another size`
  const lag = found.lag === 0 ? '' : `, ${durationText(found.lag)} later`
  return `${all} by mark ${found.chain}, ${found.figure}${lag}${factor}: ${found.equal} of ${points} points`
}

function candidateText({ chain, figure, equal, worst }: Candidate, points: number): string {
  const apart = worst === undefined ? '' : `, at most ${decimalText(worst)} apart`
  return `mark ${chain}, ${figure}: ${equal} of ${points} points equal${apart}`
}
