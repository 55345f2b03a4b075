import type { EpochMicros, Micros } from '../model/time.ts'
import { Distribution, type Spread } from './distribution.ts'

export interface LagResult {
  /** By how much b comes behind a, by receipt. */
  readonly spread: Spread
  /** Of the last tenth less the first: a clock that goes wrong, or a feed that falls behind. */
  readonly drift: Micros
}

const SPANS = 64

/** The lag of every change that both sides have, and how it moves, in bounded memory. */
export class LagCount {
  readonly #center: Micros
  /** Less the centre, so that 1 % of what is kept is little. */
  readonly #all = new Distribution()
  /** Sums over spans of equal length, which double when they are full. */
  #spans: { sum: number; count: number }[] = []
  #spanLength = 1_000_000
  #from: EpochMicros | undefined

  constructor(center: Micros) {
    this.#center = center
  }

  add(lag: Micros, at: EpochMicros): void {
    const off = lag - this.#center
    this.#all.add(off)
    this.#from ??= at
    let index = Math.max(0, Math.floor((at - this.#from) / this.#spanLength))
    while (index >= SPANS) {
      this.#halve()
      index = Math.floor((at - this.#from) / this.#spanLength)
    }
    while (this.#spans.length <= index) this.#spans.push({ sum: 0, count: 0 })
    const span = this.#spans[index]
    if (span === undefined) return
    span.sum += off
    span.count += 1
  }

  result(): LagResult | undefined {
    const spread = this.#all.spread(this.#center)
    if (spread === undefined) return undefined
    const spans = this.#spans.filter(({ count }) => count > 0)
    const tenth = Math.ceil(spans.length / 10)
    return { spread, drift: mean(spans.slice(-tenth)) - mean(spans.slice(0, tenth)) }
  }

  #halve(): void {
    this.#spanLength *= 2
    this.#spans = this.#spans
      .filter((_, index) => index % 2 === 0)
      .map((span, index) => {
        const next = this.#spans[2 * index + 1]
        return { sum: span.sum + (next?.sum ?? 0), count: span.count + (next?.count ?? 0) }
      })
  }
}

function mean(spans: readonly { readonly sum: number; readonly count: number }[]): number {
  const count = spans.reduce((sum, span) => sum + span.count, 0)
  return count === 0 ? 0 : spans.reduce((sum, span) => sum + span.sum, 0) / count
}
