import type { Micros } from '../../model/time.ts'
import type { Series } from './price-series.ts'

/** How far one series is the other, moved in time. */
export interface Agreement {
  /** The second comes so much later than the first; negative: earlier. */
  readonly lag: Micros
  /** Changes of the one that has fewer, as far as they fall into the other's time. */
  readonly changes: number
  /** Of these, how many the other makes too, to the digit and to SLACK. */
  readonly same: number
  /** Of these, at how many the other stands within a tick of it. */
  readonly near: number
  /** What `same` is at lags that mean nothing: prices come again. */
  readonly byChance: number
}

/** A delayed feed is 10, 15 or 20 minutes behind. */
const MOST_LAG: Micros = 25 * 60_000_000
const BIN: Micros = 100_000
/** Two feeds are not read by one clock to the microsecond. */
const SLACK: Micros = 250_000
const MOST_CHANGES = 1_500
/** Moments of one price that are tried for a change: one that stands for hours says nothing about a lag. */
const MOST_MOMENTS = 40
/** Fewer changes than this agree by accident. */
export const LEAST_CHANGES = 10

/** `undefined` where there is too little of them at a time. */
export function agreementOf(one: Series, other: Series): Agreement | undefined {
  if (one.values.length <= other.values.length) return ofFewer(one, other)
  const turned = ofFewer(other, one)
  return turned === undefined ? undefined : { ...turned, lag: turned.lag === 0 ? 0 : -turned.lag }
}

/** A feed that thins out has what it has: the changes of the one with fewer are looked for in the other. */
function ofFewer(one: Series, other: Series): Agreement | undefined {
  if (one.values.length < LEAST_CHANGES || other.values.length < LEAST_CHANGES) return undefined
  const moments = momentsOf(other)
  const lag = lagOf(one, moments)
  if (lag === undefined) return undefined
  const measured = sharesAt(one, other, moments, lag)
  if (measured.changes < LEAST_CHANGES) return undefined
  const elsewhere = [-37, -17, 13, 31].map(seconds => {
    const { same, changes } = sharesAt(one, other, moments, lag + seconds * 1_000_000)
    return changes === 0 ? 0 : same / changes
  })
  const byChance = elsewhere.toSorted((a, b) => a - b).at(-2) ?? 0
  return { lag, ...measured, byChance: Math.round(byChance * measured.changes) }
}

/** Most of what moves, and far more than by accident. */
export function isSame({ changes, same, byChance }: Agreement): boolean {
  return same >= changes * 0.7 && same >= byChance * 1.5
}

type Moments = ReadonlyMap<number, readonly Micros[]>

function momentsOf({ times, values }: Series): Moments {
  const moments = new Map<number, Micros[]>()
  for (const [index, value] of values.entries()) {
    const known = moments.get(value)
    if (known === undefined) moments.set(value, [times[index] ?? 0])
    else known.push(times[index] ?? 0)
  }
  return moments
}

/** The distance in time at which most changes to one price meet: each pair of equal changes is a vote. */
function lagOf({ times, values }: Series, moments: Moments): Micros | undefined {
  const votes = new Map<number, number>()
  const distances: Micros[] = []
  const step = Math.max(1, Math.floor(values.length / MOST_CHANGES))
  for (let index = 0; index < values.length; index += step) {
    const at = times[index] ?? 0
    const near = nearest(moments.get(values[index] ?? 0) ?? [], at)
    for (const moment of near) {
      const distance = moment - at
      distances.push(distance)
      // Half a vote for the neighbours: a lag on a border would lose to chance.
      const bin = Math.round(distance / BIN)
      for (const [beside, weight] of [
        [-1, 0.5],
        [0, 1],
        [1, 0.5],
      ] as const) {
        votes.set(bin + beside, (votes.get(bin + beside) ?? 0) + weight / near.length)
      }
    }
  }
  let best: { readonly bin: number; readonly votes: number } | undefined
  for (const [bin, count] of votes) if (best === undefined || count > best.votes) best = { bin, votes: count }
  if (best === undefined) return undefined
  const centre = best.bin * BIN
  const close = distances.filter(distance => Math.abs(distance - centre) <= SLACK).sort((a, b) => a - b)
  return close[Math.floor(close.length / 2)] ?? centre
}

function nearest(moments: readonly Micros[], at: Micros): readonly Micros[] {
  const within = moments.filter(moment => Math.abs(moment - at) <= MOST_LAG)
  if (within.length <= MOST_MOMENTS) return within
  return within.toSorted((a, b) => Math.abs(a - at) - Math.abs(b - at)).slice(0, MOST_MOMENTS)
}

function sharesAt(
  one: Series,
  other: Series,
  moments: Moments,
  lag: Micros,
): Pick<Agreement, 'changes' | 'same' | 'near'> {
  const [first = 0, last = 0] = [other.times[0], other.times.at(-1)]
  const tick = Math.min(tickOf(one), tickOf(other))
  let [changes, same, near, place] = [0, 0, 0, 0]
  for (const [index, value] of one.values.entries()) {
    const at = (one.times[index] ?? 0) + lag
    if (at < first - SLACK || at > last + SLACK) continue
    changes += 1
    if ((moments.get(value) ?? []).some(moment => Math.abs(moment - at) <= SLACK)) same += 1
    while ((other.times[place + 1] ?? Number.POSITIVE_INFINITY) <= at + SLACK) place += 1
    // A float's own error is no tick.
    if (Math.abs((other.values[place] ?? 0) - value) <= tick * (1 + 1e-6)) near += 1
  }
  return { changes, same, near }
}

/** The smallest step that was seen. */
function tickOf({ values }: Series): number {
  let tick = Number.POSITIVE_INFINITY
  for (let index = 1; index < values.length; index += 1) {
    const step = Math.abs((values[index] ?? 0) - (values[index - 1] ?? 0))
    if (step > 0) tick = Math.min(tick, step)
  }
  return Number.isFinite(tick) ? tick : 0
}
