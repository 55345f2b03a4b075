import { compare, type Decimal, subtract, ZERO } from '../model/decimal.ts'
import type { Micros } from '../model/time.ts'

/** The deepest fall of a curve below an earlier peak. */
export interface Fall {
  /** Of the peak: the last moment at which it was reached. */
  readonly from: Micros
  readonly trough: Micros
  /** When the curve was back at that peak; `undefined` while it is not. */
  readonly recovered: Micros | undefined
}

/** One currency's net over virtual time, point by point; nothing of it is kept but its extremes. */
export class EquityCurve {
  #peak: Decimal | undefined = undefined
  #peakAt: Micros = 0
  /** The least since the peak. */
  #trough: Decimal = ZERO
  #depth: Decimal = ZERO
  #from: Micros = 0
  #troughAt: Micros = 0
  #recovered: Micros | undefined = undefined
  #isDown = false
  /** Whether there was a point yet. */
  #isBegun = false

  /** `flatAt`: when net was known to be 0. The curve begins there, and else at its first point. */
  constructor(flatAt?: Micros) {
    if (flatAt === undefined) return
    this.#peak = ZERO
    this.#peakAt = flatAt
  }

  /** The most that it came to. */
  get best(): Decimal | undefined {
    return this.#isBegun ? this.#peak : undefined
  }

  /** As an amount; `undefined` before the first point. */
  get peakToTrough(): Decimal | undefined {
    return this.#isBegun ? this.#depth : undefined
  }

  /** `undefined` where it never fell. Of two falls of one depth the first. */
  get fall(): Fall | undefined {
    if (this.#depth.mantissa === 0) return undefined
    return { from: this.#from, trough: this.#troughAt, recovered: this.#recovered }
  }

  point(net: Decimal, at: Micros): void {
    this.#isBegun = true
    if (this.#peak === undefined || compare(net, this.#peak) >= 0) {
      this.#peak = net
      this.#peakAt = at
      this.#trough = net
      if (this.#isDown) this.#recover(at)
    } else if (compare(net, this.#trough) < 0) {
      this.#trough = net
      this.#deepen(subtract(this.#peak, net), at)
    }
  }

  #recover(at: Micros): void {
    this.#isDown = false
    this.#recovered = at
  }

  #deepen(depth: Decimal, at: Micros): void {
    if (compare(depth, this.#depth) <= 0) return
    this.#depth = depth
    this.#from = this.#peakAt
    this.#troughAt = at
    this.#recovered = undefined
    this.#isDown = true
  }
}
