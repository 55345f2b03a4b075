import type { EpochMicros, Micros } from '../model/time.ts'
import type { Which } from './side.ts'

/** A lag that is another one at the end. */
export interface LagGrowth {
  readonly first: Micros
  readonly last: Micros
}

/** Of each side; in a market that is faster than that the trail is lost, and found again. */
const KEPT = 256
/** A lag that moves by more than half of the time that passes is none. */
const FASTEST = 0.5
const FARTHEST: Micros = 30_000_000
/** Its beginning and its end are the middle of so many. */
const ENDS = 7
const FEWEST = 30
const LEAST_GROWTH: Micros = 400_000

interface Said {
  readonly key: number
  readonly at: EpochMicros
  isMet: boolean
}

/**
 * Follows the lag of one field from match to match, wherever it goes: for the report, since what is laid beside each
 * other by a lag that runs away would agree with anything.
 */
export class LagTrail {
  readonly #home: Micros
  readonly #evenness: Micros
  readonly #recent: { a: Said[]; b: Said[] } = { a: [], b: [] }
  readonly #first: Micros[] = []
  #latest: Micros[] = []
  #lag: Micros
  #metAt: EpochMicros | undefined
  readonly #changes = { a: 0, b: 0 }
  #matches = 0
  /** Of the latest that were met: whether the lag of the beginning would have met them, too. */
  readonly #stayed: boolean[] = []

  /** `evenness`: how far a lag that stands still may be off. */
  constructor(lag: Micros, evenness: Micros) {
    this.#home = lag
    this.#lag = lag
    this.#evenness = evenness
  }

  /** In the order of the reading, by receipt. */
  add(which: Which, key: number, at: EpochMicros): void {
    this.#changes[which] += 1
    // On the time of a, more or less.
    const now = which === 'a' ? at : at - this.#lag
    const passed = now - (this.#metAt ?? now)
    const reach = Math.min(this.#evenness + FASTEST * Math.max(passed, 0), FARTHEST)
    const others = this.#recent[which === 'a' ? 'b' : 'a']
    let best: { readonly index: number; readonly lag: Micros } | undefined
    let isHome = false
    for (const [index, other] of others.entries()) {
      if (other.key !== key) continue
      const lag = which === 'b' ? at - other.at : other.at - at
      isHome ||= this.#isAtHome(lag)
      const off = Math.abs(lag - this.#lag)
      if (other.isMet || off > reach) continue
      if (best === undefined || off < Math.abs(best.lag - this.#lag)) best = { index, lag }
    }
    if (isHome || best !== undefined) this.#stay(isHome)
    if (best === undefined) this.#keep(which, key, at)
    else this.#met(others, best.index, best.lag, now)
  }

  get matches(): number {
    return this.#matches
  }

  /** `undefined` where it stands still, or where too little speaks for any. */
  growth(): LagGrowth | undefined {
    const { a, b } = this.#changes
    if (this.#matches < FEWEST || this.#matches < 0.4 * Math.min(a, b)) return undefined
    // The lag of the beginning would do as well.
    if (this.#stayed.filter(isHome => isHome).length >= this.#stayed.length / 2) return undefined
    const [first, last] = [middle(this.#first), middle(this.#latest.slice(-ENDS))]
    return Math.abs(last - first) > Math.max(LEAST_GROWTH, 2 * this.#evenness) ? { first, last } : undefined
  }

  #isAtHome(lag: Micros): boolean {
    return Math.abs(lag - this.#home) <= this.#evenness
  }

  #stay(isHome: boolean): void {
    this.#stayed.push(isHome)
    if (this.#stayed.length > 2 * ENDS) this.#stayed.shift()
  }

  #keep(which: Which, key: number, at: EpochMicros): void {
    const own = this.#recent[which]
    own.push({ key, at, isMet: false })
    if (own.length > 2 * KEPT) own.splice(0, KEPT)
  }

  #met(others: Said[], index: number, lag: Micros, at: EpochMicros): void {
    this.#matches += 1
    this.#lag = lag
    this.#metAt = at
    if (this.#first.length < ENDS) this.#first.push(lag)
    this.#latest.push(lag)
    if (this.#latest.length > 4 * ENDS) this.#latest = this.#latest.slice(-ENDS)
    const other = others[index]
    // A match that may be a wrong one leaves the value for those that ask for the first lag.
    if (this.#isAtHome(lag)) others.splice(index, 1)
    else if (other !== undefined) other.isMet = true
  }
}

function middle(lags: readonly Micros[]): Micros {
  return lags.toSorted((one, other) => one - other)[lags.length >> 1] ?? 0
}
