import { type Rounding, roundedKey } from './amount.ts'
import type { Changes } from './lag-search.ts'
import type { Axis } from './plan.ts'
import type { Change } from './side-quote.ts'

const SECOND = 1_000_000

/** The changes of one field of one side, as far as the probe keeps them. */
export class ChangeTrack {
  readonly #times: number[] = []
  readonly #wireTimes: number[] = []
  readonly #keys: number[] = []
  /** Digits behind the point, as many as were met. */
  scale = 0
  /** The greatest receipt less the wire's time, but for the first: that is a snapshot. */
  lateness = 0
  #timed = 0
  #fine = 0

  add({ at, key, value, wireTime }: Change): void {
    if (value === null) return
    this.scale = Math.max(this.scale, value.scale)
    if (wireTime !== undefined) {
      this.#timed += 1
      if (wireTime % SECOND !== 0) this.#fine += 1
      if (this.#times.length > 0) this.lateness = Math.max(this.lateness, at - wireTime)
    }
    this.#times.push(at)
    this.#wireTimes.push(wireTime ?? at)
    this.#keys.push(key)
  }

  get count(): number {
    return this.#times.length
  }

  /** What the wire's own times are good for; `none` where changes come without one. */
  get precision(): 'none' | 'seconds' | 'fine' {
    if (this.count === 0 || this.#timed < this.count) return 'none'
    return this.#fine === 0 ? 'seconds' : 'fine'
  }

  on(axis: Axis, rounding: Rounding, scale: number): Changes {
    return {
      times: axis === 'wire' ? this.#wireTimes : this.#times,
      keys: rounding === 'exact' ? this.#keys : this.#keys.map(key => roundedKey(key, rounding, scale)),
    }
  }
}
