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
  const variance = varianceOf(one, pooled) + varianceOf(other, pooled)
  const difference = Math.abs(rateOf(one) - rateOf(other))
  if (difference === 0) return 1
  const freedom = stretchesOf(one) + stretchesOf(other) - 2
  return twoSided(difference / Math.sqrt(variance), Math.max(freedom, 1))
}

export function rateOf({ hits, trials }: Rate): number {
  return total(hits) / Math.max(total(trials), 1)
}

function stretchesOf({ trials }: Rate): number {
  return trials.filter(count => count > 0).length
}

function varianceOf(rate: Rate, pooled: number): number {
  const count = total(rate.trials)
  // One that was always there might have been missing once.
  const share = Math.min(Math.max(pooled, 1 / (count + 2)), 1 - 1 / (count + 2))
  return Math.max((share * (1 - share)) / count, scatterOf(rate))
}

/** How far a rate moves by itself: over short stretches and over long ones, the more. */
function scatterOf({ hits, trials }: Rate): number {
  let scatter = 0
  while (trials.length >= LEAST_STRETCHES) {
    scatter = Math.max(scatter, ratioVariance(hits, trials))
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

/**
 * The chance of so different paces: things by the time that they took, by stretch. One long silence hides much from
 * the ratio and nothing from the ranks, a restless market the other way round: either may find it.
 */
export function paceChance(one: Rate, other: Rate): number {
  const [before, after] = [rateOf(one), rateOf(other)]
  if (before === 0 || after === 0) return 1
  const relative = scatterOf(one) / before ** 2 + scatterOf(other) / after ** 2
  // A heartbeat's own pace hardly scatters; the market's does so over times of which a recording has few.
  const error = Math.max(Math.sqrt(relative), LEAST_ERROR)
  const byRatio = twoSided(Math.abs(Math.log(after / before)) / error, 2 * (LEAST_STRETCHES - 1))
  return Math.min(1, 2 * Math.min(byRatio, rankChance(pacesOf(one), pacesOf(other))))
}

const LEAST_ERROR = 0.02
const MOST_PACES = 32

/** Of 16 to 32 stretches: things of one burst are not independent, longer stretches nearly are. */
export function pacesOf({ hits, trials }: Rate): readonly number[] {
  const [counts, times] = [hits, trials].map(sums => (sums.length > MOST_PACES ? pairwise(sums) : sums))
  return (times ?? []).map((time, index) => time / Math.max(counts?.[index] ?? 1, 1))
}

/**
 * Mann and Whitney's: the chance that two rows of numbers from one source are ordered so. Neighbours in a row may be
 * alike (a market is busy for a while): then they say less than their number.
 */
export function rankChance(one: readonly number[], other: readonly number[]): number {
  const [n, m] = [one.length, other.length]
  const all = [
    ...one.map(value => ({ value, isOne: true })),
    ...other.map(value => ({ value, isOne: false })),
  ]
  all.sort((a, b) => a.value - b.value)
  let rankSum = 0
  let ties = 0
  for (let from = 0; from < all.length; ) {
    let to = from
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1
    const count = to - from
    const rank = (from + to + 1) / 2
    rankSum += rank * all.slice(from, to).filter(({ isOne }) => isOne).length
    ties += count ** 3 - count
    from = to
  }
  const size = n + m
  const variance = ((n * m) / 12) * (size + 1 - ties / (size * (size - 1)))
  if (variance <= 0) return 1
  const distance = Math.abs(rankSum - (n * (size + 1)) / 2) - 0.5
  const likeness = Math.max(likenessOf(one), likenessOf(other))
  const inflation = (1 + likeness) / (1 - likeness)
  return distance <= 0 ? 1 : 2 * normalTail(distance / Math.sqrt(variance * inflation))
}

/** How alike neighbours are, by rank: 0 where they are no more so than any two, and at most 0.9. */
function likenessOf(row: readonly number[]): number {
  const sorted = row.toSorted((a, b) => a - b)
  const ranks = row.map(
    value => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 - (row.length - 1) / 2,
  )
  const own = total(ranks.map(rank => rank * rank))
  const beside = total(ranks.map((rank, index) => rank * (ranks[index + 1] ?? 0)))
  return own === 0 ? 0 : Math.min(Math.max(beside / own, 0), 0.9)
}

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
  const effect = Math.max(varianceOf(there, share) / independent, 1)
  return Math.max(plain, (trials / (trials + elsewhere)) ** (hits / effect))
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
