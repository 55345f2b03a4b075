import { type Random, randomInteger } from '../src/model/random.ts'

const START_SECONDS = 1_790_000_000

/** One instrument's prices as they wander: texts as the wire would write them, at most two digits after the point. */
export class Walk {
  readonly name: string
  /** Indexes have no book. */
  readonly hasBook: boolean
  readonly #random: Random
  readonly #close: number
  /** In hundredths. */
  #price: number
  #volume = 1_000
  #seconds = START_SECONDS

  constructor(name: string, hasBook: boolean, random: Random) {
    this.name = name
    this.hasBook = hasBook
    this.#random = random
    this.#close = randomInteger(random, 5_000, 3_000_000)
    this.#price = this.#close
  }

  step(): void {
    const moved = this.#price + 25 * randomInteger(this.#random, -4, 4)
    this.#price = Math.max(moved, 1_000)
    this.#volume += randomInteger(this.#random, 1, 40)
    if (this.#random.next() < 0.01) this.#seconds += 1
  }

  get last(): string {
    return String(this.#price / 100)
  }

  get volume(): string {
    return String(this.#volume)
  }

  /** `"lp":…,"lp_time":…` with volume and change: what a trade brings. */
  trade(): string {
    const change = this.#price - this.#close
    const percent = Math.round((change / this.#close) * 10_000) / 100
    return `{"volume":${this.#volume},"lp":${this.last},"lp_time":${this.#seconds},"ch":${change / 100},"chp":${percent}}`
  }

  /** The five keys that always come together (tradingview.md 1.7). */
  book(): string {
    const spread = 25 * randomInteger(this.#random, 1, 3)
    const size = () => randomInteger(this.#random, 0, 60)
    return `{"trade_loaded":true,"bid_size":${size()},"bid":${(this.#price - spread) / 100},"ask_size":${size()},"ask":${(this.#price + spread) / 100}}`
  }

  lastTime(): string {
    return `{"lp_time":${this.#seconds}}`
  }
}
