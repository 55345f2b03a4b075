import { pairwise } from '../schema/stretches.ts'

/** How often something was there, of how many times it could have been, by stretch of a recording. */
export interface Rate {
  readonly hits: readonly number[]
  readonly trials: readonly number[]
}

/** Fewer trials or stretches than this say nothing about a rate. */
export const LEAST_TRIALS = 50
export const LEAST_STRETCHES = 8

/** Hardly likelier by chance than a coin's side: worth a line, if no alarm. */
export const WORTH_A_LINE = 0.5

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

export function isMeasured({ trials }: Rate): boolean {
  return total(trials) >= LEAST_TRIALS && trials.filter(count => count > 0).length >= LEAST_STRETCHES
}

/**
 * The chance of so different rates where nothing changed. Packets are not independent (a snapshot, a busy minute), so
 * the rate's own movement from stretch to stretch is the measure, over short stretches and over long ones, and at
 * least that of independent packets.
 */
export function rateChance(one: Rate, other: Rate): number {
  const pooled = (total(one.hits) + total(other.hits)) / (total(one.trials) + total(other.trials))
  const difference = Math.abs(rateOf(one) - rateOf(other))
  if (difference === 0) return 1
  const [before, after] = [varianceOf(one, pooled), varianceOf(other, pooled)]
  const variance = before.value + after.value
  // Welch's: a variance that eight long stretches have shown is known less well than one of sixty short ones.
  const freedom = variance ** 2 / (before.value ** 2 / before.freedom + after.value ** 2 / after.freedom)
  return twoSided(difference / Math.sqrt(variance), Math.max(freedom, 1))
}

interface Variance {
  readonly value: number
  readonly freedom: number
}

export function rateOf({ hits, trials }: Rate): number {
  return total(hits) / Math.max(total(trials), 1)
}

/**
 * Whether two rates are further apart than a trend within both recordings would carry them: the day's highs are many at
 * the beginning and few at the end, and no scatter of short stretches says so.
 */
export function isBeyondTrend(one: Rate, other: Rate): boolean {
  return Math.abs(rateOf(one) - rateOf(other)) > halvesDifference(one) + halvesDifference(other)
}

function halvesDifference({ hits, trials }: Rate): number {
  const middle = Math.ceil(trials.length / 2)
  const [first, second] = [
    { hits: hits.slice(0, middle), trials: trials.slice(0, middle) },
    { hits: hits.slice(middle), trials: trials.slice(middle) },
  ]
  if (total(first.trials) === 0 || total(second.trials) === 0) return 0
  return Math.abs(rateOf(first) - rateOf(second))
}

function varianceOf(rate: Rate, pooled: number): Variance {
  const count = total(rate.trials)
  // One that was always there might have been missing once.
  const share = Math.min(Math.max(pooled, 1 / (count + 2)), 1 - 1 / (count + 2))
  const independent = { value: (share * (1 - share)) / count, freedom: Math.max(count - 1, 1) }
  const scatter = scatterOf(rate)
  return scatter.value > independent.value ? scatter : independent
}

/** How far a rate moves by itself: over short stretches and over long ones, the more. */
function scatterOf({ hits, trials }: Rate): Variance {
  let scatter: Variance = { value: 0, freedom: 1 }
  while (trials.length >= LEAST_STRETCHES) {
    const value = ratioVariance(hits, trials)
    const used = trials.filter(count => count > 0).length
    if (value > scatter.value) scatter = { value, freedom: Math.max(used - 1, 1) }
    hits = pairwise(hits)
    trials = pairwise(trials)
  }
  return scatter
}

/** Of a ratio of sums, from how its parts scatter about it. */
function ratioVariance(hits: readonly number[], trials: readonly number[]): number {
  const used = trials.filter(count => count > 0).length
  const ratio = total(hits) / total(trials)
  const mean = total(trials) / used
  const squares = trials.map((count, index) => ((hits[index] ?? 0) - ratio * count) ** 2)
  return total(squares) / (mean * mean * used * Math.max(used - 1, 1))
}

/** The chance of so different paces: things by the time that they took, by stretch. */
export function paceChance(one: Rate, other: Rate): number {
  const [before, after] = [rateOf(one), rateOf(other)]
  if (before === 0 || after === 0) return 1
  const relative = scatterOf(one).value / before ** 2 + scatterOf(other).value / after ** 2
  // A heartbeat's own pace hardly scatters; the market's does so over times of which a recording has few.
  const error = Math.max(Math.sqrt(relative), LEAST_ERROR)
  return twoSided(Math.abs(Math.log(after / before)) / error, 2 * (LEAST_STRETCHES - 1))
}

const LEAST_ERROR = 0.02

/** The chance that all of `count` things fell among `there`, and none among `elsewhere`, where they fall anywhere. */
export function allThereChance(count: number, there: number, elsewhere: number): number {
  if (count > 2_000) return 0
  let chance = 1
  for (let taken = 0; taken < count; taken += 1) {
    const left = Math.max(there - taken, 0)
    chance *= left / (left + elsewhere)
  }
  return chance
}

/**
 * The same for what comes in clusters: a snapshot's fields together, a state that lasts. The rate's own movement says
 * how many independent sightings they are worth.
 */
export function clusteredChance(there: Rate, elsewhere: number): number {
  const [hits, trials] = [total(there.hits), total(there.trials)]
  const plain = allThereChance(hits, trials, elsewhere)
  const share = hits / Math.max(trials, 1)
  const independent = (share * (1 - share)) / Math.max(trials, 1)
  if (independent <= 0) return plain
  const effect = Math.max(varianceOf(there, share).value / independent, 1)
  return Math.max(plain, (trials / (trials + elsewhere)) ** (hits / effect))
}

/**
 * The same for what comes in runs of any length, and then not for hours, as new extremes do: a recording's scatter says
 * nothing of that. Of eight to fifteen stretches each that has any is one sighting.
 */
export function runsChance({ hits, trials }: Rate, elsewhere: number): number {
  const there = total(trials)
  while (hits.length >= 2 * LEAST_STRETCHES) hits = pairwise(hits)
  return (there / (there + elsewhere)) ** hits.filter(count => count > 0).length
}

/** Which of several chances are too small all the same, when so many were looked at (Holm's). */
export function holm(chances: readonly number[], level: number): readonly boolean[] {
  const order = chances.map((chance, index) => ({ chance, index })).sort((a, b) => a.chance - b.chance)
  const isSmall = chances.map(() => false)
  for (const [rank, { chance, index }] of order.entries()) {
    if (chance > level / (order.length - rank)) break
    isSmall[index] = true
  }
  return isSmall
}

/** Student's, by Wallace's way to the normal distribution. */
function twoSided(t: number, freedom: number): number {
  if (!Number.isFinite(t)) return 0
  const correction = (8 * freedom + 1) / (8 * freedom + 3)
  return 2 * normalTail(correction * Math.sqrt(freedom * Math.log1p((t * t) / freedom)))
}

/** By Chebyshev's fit of erfc, right to 1.2e-7 of its value. */
function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.5 * x)
  const series = COEFFICIENTS.reduceRight((sum, coefficient) => sum * t + coefficient, 0)
  const tail = (t * Math.exp(-x * x + series)) / 2
  return z >= 0 ? tail : 1 - tail
}

const COEFFICIENTS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
]
