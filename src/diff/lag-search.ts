import type { Micros } from '../model/time.ts'

/** A side's changes of one field in their order: when, and to what (amount.ts). */
export interface Changes {
  readonly times: readonly number[]
  readonly keys: readonly number[]
}

export interface FoundLag {
  /** By how much b comes behind a. */
  readonly lag: Micros
  /** 95 of 100 values that both have come within this of it. */
  readonly jitter: Micros
  /** The share of the sparser side's changes that the other has at this lag. */
  readonly share: number
  readonly matches: number
}

/** Delays of 10 and 15 minutes are declared by venues; farther than this no lag is looked for. */
export const LAG_WINDOW: Micros = 20 * 60_000_000

const WIDTHS: readonly Micros[] = [20_000, 100_000, 500_000, 2_000_000]
const MOST_LAGS = 40_000
const FEWEST_MATCHES = 3
const LEAST_SHARE = 0.2
/** A true lag has this many times the votes of any other. */
const CONTRAST = 1.5

/**
 * The lag at which the same values are met most: every pair of equal values votes for its distance, and true pairs
 * all vote for one. `undefined` where too little speaks for any.
 */
export function findLag(a: Changes, b: Changes, window: Micros = LAG_WINDOW): FoundLag | undefined {
  const places = placesByKey(a)
  const lags = lagsBetween(places, b, window)
  const peak = densest(lags)
  if (peak === undefined) return undefined
  const { center, width } = peak
  const off: number[] = []
  for (const [index, key] of b.keys.entries()) {
    const near = nearest(places.get(key) ?? [], (b.times[index] ?? 0) - center)
    if (near <= width) off.push(near)
  }
  off.sort((one, other) => one - other)
  const jitter = off[Math.floor((off.length - 1) * 0.95)] ?? 0
  const matches = off.length
  const share = Math.min(1, matches / Math.max(1, Math.min(a.keys.length, b.keys.length)))
  if (matches < FEWEST_MATCHES || share < LEAST_SHARE) return undefined
  // Tapes are read at whole microseconds; the middle of two may lie between them.
  const lag = Math.sign(center) * Math.round(Math.abs(center)) + 0
  return { lag, jitter, share, matches }
}

function placesByKey({ times, keys }: Changes): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>()
  for (const [index, key] of keys.entries()) {
    const at = times[index] ?? 0
    const known = places.get(key)
    if (known === undefined) places.set(key, [at])
    else known.push(at)
  }
  return places
}

/** Sorted. Of many, an even sample. */
function lagsBetween(
  places: ReadonlyMap<number, readonly number[]>,
  b: Changes,
  window: Micros,
): Float64Array {
  let all = 0
  for (const key of b.keys) all += places.get(key)?.length ?? 0
  const stride = Math.max(1, Math.ceil(all / MOST_LAGS))
  const lags: number[] = []
  for (let index = 0; index < b.keys.length; index += stride) {
    const time = b.times[index] ?? 0
    for (const at of places.get(b.keys[index] ?? Number.NaN) ?? []) {
      if (Math.abs(time - at) <= window) lags.push(time - at)
    }
  }
  return Float64Array.from(lags).sort()
}

interface Peak {
  readonly center: number
  readonly width: Micros
  /** How far it stands out. */
  readonly score: number
}

/**
 * The middle of the window that stands out most from the fullest one elsewhere. Prices come back, and feeds that tick
 * evenly make a comb of lags: a tooth is no peak.
 */
function densest(lags: Float64Array): Peak | undefined {
  let best: Peak | undefined
  for (const width of WIDTHS) {
    const first = fullest(lags, width)
    if (first === undefined || first.count < FEWEST_MATCHES) continue
    const second = fullest(lags, width, first.center)?.count ?? 0
    if (first.count < CONTRAST * second) continue
    const score = (first.count - second) / Math.sqrt(second + 1)
    if (best === undefined || score > best.score) best = { center: first.center, width, score }
  }
  return best
}

/** Of several the one nearest to no lag. `besides`: not the one around there. */
function fullest(lags: Float64Array, width: Micros, besides?: number) {
  const reach = new Reach(lags)
  let best: { readonly center: number; readonly count: number } | undefined
  for (const from of lags) {
    const [start, end] = reach.within(from, from + width)
    const count = end - start
    if (best !== undefined && count < best.count) continue
    const center = ((lags[(start + end - 1) >> 1] ?? 0) + (lags[(start + end) >> 1] ?? 0)) / 2
    if (besides !== undefined && Math.abs(center - besides) <= 2 * width) continue
    if (best === undefined || count > best.count || Math.abs(center) < Math.abs(best.center))
      best = { center, count }
  }
  return best
}

/** Two pointers into sorted numbers that only go forward. */
class Reach {
  readonly #sorted: Float64Array
  #start = 0
  #end = 0

  constructor(sorted: Float64Array) {
    this.#sorted = sorted
  }

  /** The indexes from the first number that is at least `from` to behind the last that is at most `to`. */
  within(from: number, to: number): readonly [number, number] {
    while (this.#start < this.#sorted.length && (this.#sorted[this.#start] ?? 0) < from) this.#start += 1
    while (this.#end < this.#sorted.length && (this.#sorted[this.#end] ?? 0) <= to) this.#end += 1
    return [this.#start, this.#end]
  }
}

/** How far the nearest of sorted times is. */
function nearest(times: readonly number[], wanted: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  const behind = Math.abs((times[low] ?? Number.POSITIVE_INFINITY) - wanted)
  const before = Math.abs((times[low - 1] ?? Number.POSITIVE_INFINITY) - wanted)
  return Math.min(behind, before)
}
