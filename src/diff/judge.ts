import { durationText, type Micros } from '../model/time.ts'
import type { FieldReport, Judgement, PairReport, Verdict } from './diff-report.ts'
import { secondsText } from './explain.ts'
import type { Which } from './side.ts'
import { NO_TOLERANCE, type Tolerances, toleranceText } from './tolerance.ts'

export interface Limits {
  readonly tolerances: Tolerances
  readonly maxLag?: Micros | undefined
  /** 0 … 1. */
  readonly minCoverage?: number | undefined
}

/** Fields by their tolerances, and lag and coverage where a limit is given. */
export function judge(pairs: readonly PairReport[], limits: Limits): Verdict {
  const judgements = pairs.flatMap(pair => [
    ...fieldJudgements(pair, limits),
    ...bandJudgements(pair, limits),
    ...lagJudgements(pair, limits),
    ...coverageJudgements(pair, limits),
  ])
  const isCompared = pairs.some(({ band, fields }) => fields.length > 0 || band !== undefined)
  return { isWithin: judgements.every(({ isWithin }) => isWithin), isCompared, judgements }
}

function fieldJudgements({ fields, instrument, tick }: PairReport, { tolerances }: Limits): Judgement[] {
  return fields.map(report => {
    const { beyond, field, isInTicks, worst } = report
    const tolerance = tolerances.get(field) ?? NO_TOLERANCE
    const isUnknown = tolerance.unit === 'tick' && tick === undefined
    const strays = judgedSides(report).map(side => report.strays[side])
    const stray = strays.map(one => one.worst?.distance ?? 0).find(distance => distance !== 0)
    const found =
      worst !== undefined
        ? `${distanceText(worst.distance, isInTicks)} at worst`
        : stray === undefined
          ? 'equal'
          : `a value ${distanceText(stray, isInTicks)} off all that the other side had`
    return {
      instrument,
      what: field,
      isWithin: beyond.count === 0 && strays.every(one => one.beyond.count === 0),
      allowed: isUnknown
        ? `${toleranceText(tolerance)}, but the tick is unknown: 0`
        : toleranceText(tolerance),
      found,
    }
  })
}

/** A side that passes on less must have no value of its own; the other naturally has. */
export function judgedSides({ changes, polled }: Pick<FieldReport, 'changes' | 'polled'>): readonly Which[] {
  if (polled !== undefined) return [polled]
  if (changes.a === changes.b) return ['a', 'b']
  return changes.a < changes.b ? ['a'] : ['b']
}

function bandJudgements({ band, instrument, tick }: PairReport, { tolerances }: Limits): Judgement[] {
  const tolerance = tolerances.get('band')
  if (band === undefined || tolerance === undefined) return []
  const { beyond, worst } = band
  const found =
    worst === undefined
      ? 'always between'
      : `${distanceText(worst.distance, tick !== undefined)} outside at worst`
  return [
    { instrument, what: 'band', isWithin: beyond.count === 0, allowed: toleranceText(tolerance), found },
  ]
}

/** The middle is judged, and the end of one that grows: an uneven lag has outliers on any network. A lag that could not be found is not within. */
function lagJudgements({ instrument, lag: { growth, spread } }: PairReport, { maxLag }: Limits): Judgement[] {
  if (maxLag === undefined) return []
  const atEnd = growth?.last ?? 0
  const isWithin = spread !== undefined && Math.max(Math.abs(spread.median), Math.abs(atEnd)) <= maxLag
  const end = growth === undefined ? '' : `, ${secondsText(growth.last)} at the end`
  const found = spread === undefined ? 'not found' : `${secondsText(spread.median)}${end}`
  return [{ instrument, what: 'lag', isWithin, allowed: durationText(maxLag), found }]
}

function coverageJudgements({ fields, instrument }: PairReport, { minCoverage }: Limits): Judgement[] {
  if (minCoverage === undefined) return []
  const coverages = fields.flatMap(({ coverage }) => coverage ?? [])
  const least = coverages.length === 0 ? 0 : Math.min(...coverages)
  const allowed = `at least ${percentText(minCoverage)}`
  return [
    { instrument, what: 'coverage', isWithin: least >= minCoverage, allowed, found: percentText(least) },
  ]
}

export function percentText(share: number): string {
  // Never a round 100 for what is not all.
  const percent = share < 1 && share > 0.9995 ? Math.floor(share * 10_000) / 100 : share * 100
  return `${Number(percent.toFixed(2))}%`
}

/** `+1 tick`, `−0.5`: with its sign. */
export function distanceText(distance: number, isInTicks: boolean): string {
  const size = `${distance > 0 ? '+' : ''}${Number(distance.toFixed(6))}`
  if (!isInTicks) return size
  return `${size} ${Math.abs(distance) === 1 ? 'tick' : 'ticks'}`
}
