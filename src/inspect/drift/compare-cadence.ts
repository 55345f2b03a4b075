import { durationText } from '../../model/time.ts'
import { endOfStep } from '../schema/gaps.ts'
import type { KindFacts } from '../schema/schema-facts.ts'
import { isBeyondTrend, LEAST_STRETCHES, paceChance, type Rate, rateChance, rateOf, total } from './chance.ts'
import type { Suspicions } from './suspicions.ts'

/** The pace moved less than by this: nobody minds. */
const LEAST_RATIO = 1.3
/** In µs: what is closer together than this on both sides came at once, as answers to what was asked at once do. */
const AT_ONCE = 1_000
/** So many gaps at least that are not of one length with nearly all others: below, a threshold divides nothing. */
const LEAST_SHARE = 0.02
/** How many gaps are shorter than a threshold has moved by this at least, or to less than half or more than twice. */
const LEAST_DIFFERENCE = 0.05

/** Hardly by chance, whatever else is tested. */
const SURE = 0.0001

/** What moved, where anything did: the pace as a whole, or how many gaps are shorter than some time. */
interface Moved {
  readonly chance: number
  readonly said: string
  readonly baseline: string
  readonly now: string
}

/**
 * A market's activity is told from a wire's rhythm by looking at the gaps themselves: a burst more or less changes how
 * many messages an hour has, and hardly how far apart those of a calm moment are. Either may find it, and both are
 * tests of one suspicion.
 */
export function compareCadence(feed: string, one: KindFacts, other: KindFacts, suspicions: Suspicions): void {
  if (one.gapUnit !== other.gapUnit || !isLong(one) || !isLong(other)) return
  const ways = [ofPace(one, other), ofLengths(one, other)]
  const chance = Math.min(1, ways.length * Math.min(...ways.map(way => way.chance)))
  const found = ways.flatMap(({ moved }) => (moved === undefined ? [] : [moved]))
  const least = Math.min(...found.map(one => one.chance))
  // The pace says it best, where it says it at all.
  const moved = found.find(one => one.chance === least || one.chance < SURE)
  if (moved === undefined) {
    suspicions.test('cadence', chance, undefined)
    return
  }
  const { said, baseline, now } = moved
  const place = { feed, dir: other.dir, kind: other.kind } as const
  const finding = { severity: 'warning', change: 'cadence', ...place, said, baseline, now } as const
  suspicions.test('cadence', Math.min(1, ways.length * least), finding)
}

interface Way {
  readonly chance: number
  /** `undefined`: less than anybody minds. */
  readonly moved: Moved | undefined
}

function isLong({ gapCounts }: KindFacts): boolean {
  return gapCounts.length >= LEAST_STRETCHES * 2
}

/** Things by the time that they took. */
function ofPace(one: KindFacts, other: KindFacts): Way {
  const [before, after] = [paceOf(one), paceOf(other)]
  const chance = paceChance(before, after)
  const ratio = rateOf(before) / rateOf(after)
  const hasMoved = ratio >= LEAST_RATIO || ratio <= 1 / LEAST_RATIO
  const isAtOnce = one.gapUnit === 'us' && Math.min(rateOf(before), rateOf(after)) > 1 / AT_ONCE
  if (!hasMoved || isAtOnce) return { chance, moved: undefined }
  const every = (pace: Rate): string =>
    `every ${gapText(1 / rateOf(pace), one.gapUnit)} (of ${total(pace.hits)})`
  const said = `comes ${ratio > 1 ? 'more seldom' : 'more often'}, by ${(ratio > 1 ? ratio : 1 / ratio).toFixed(1)}`
  return { chance, moved: { chance, said, baseline: every(before), now: every(after) } }
}

function paceOf({ gapCounts, gapSums }: KindFacts): Rate {
  return { hits: gapCounts, trials: gapSums }
}

/** How many gaps are shorter than each threshold that divides them, as rates that scatter from stretch to stretch. */
function ofLengths(one: KindFacts, other: KindFacts): Way {
  const steps = thresholds(one, other)
  const all = steps.map(step => {
    const [before, after] = [shorter(one, step), shorter(other, step)]
    return { step, before, after, chance: rateChance(before, after) * steps.length }
  })
  const chance = Math.min(1, ...all.map(one => one.chance))
  const [most] = all.filter(({ step }) => isShifted(one, other, step)).toSorted((a, b) => a.chance - b.chance)
  if (most === undefined) return { chance, moved: undefined }
  const end = gapText(endOfStep(most.step), one.gapUnit)
  const share = (rate: Rate): string =>
    `${(100 * rateOf(rate)).toFixed(0)} % of ${total(rate.trials)} gaps below ${end}`
  const isSlower = rateOf(most.after) < rateOf(most.before)
  const said = `messages are ${isSlower ? 'further apart' : 'closer together'}`
  return {
    chance,
    moved: { chance: most.chance, said, baseline: share(most.before), now: share(most.after) },
  }
}

function thresholds(one: KindFacts, other: KindFacts): readonly number[] {
  const steps = new Set([...one.gapLengths, ...other.gapLengths].map(({ step }) => step))
  const count = total(one.gapCounts) + total(other.gapCounts)
  return [...steps].filter(step => {
    const share = (total(shorter(one, step).hits) + total(shorter(other, step).hits)) / count
    return share >= LEAST_SHARE && share <= 1 - LEAST_SHARE
  })
}

/** Gaps up to the end of a step. */
function shorter({ gapCounts, gapLengths }: KindFacts, most: number): Rate {
  const hits = gapCounts.map(() => 0)
  for (const { step, hits: some } of gapLengths) {
    if (step > most) break
    for (const [index, count] of some.entries()) hits[index] = (hits[index] ?? 0) + count
  }
  return { hits, trials: gapCounts }
}

/**
 * As much as a rate has to, beyond what a trend within the recordings would do, and by more than half an octave: a
 * clock's beat that lies at a threshold's edge falls to either side by nothing.
 */
function isShifted(one: KindFacts, other: KindFacts, step: number): boolean {
  const [before, after] = [shorter(one, step), shorter(other, step)]
  const [from, to] = [rateOf(before), rateOf(after)]
  const isMuch = Math.abs(to - from) >= LEAST_DIFFERENCE || isTwice(from, to) || isTwice(1 - from, 1 - to)
  if (!isMuch || !isBeyondTrend(before, after)) return false
  return to < from ? rateOf(shorter(other, step + 1)) < from : rateOf(shorter(other, step - 1)) > from
}

function isTwice(one: number, other: number): boolean {
  return Math.max(one, other) > 2 * Math.min(one, other)
}

function gapText(gap: number, unit: KindFacts['gapUnit']): string {
  if (unit === 'us') return durationText(Math.round(gap))
  return `${gap.toFixed(1)} requests`
}
