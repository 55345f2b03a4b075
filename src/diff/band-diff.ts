import { compare, type Decimal } from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { amountText, distanceOf } from './amount.ts'
import { Distribution, type Spread } from './distribution.ts'
import { type Counted, FirstOnes } from './first-ones.ts'
import type { Place } from './place.ts'
import type { Which } from './side.ts'
import type { Change } from './side-quote.ts'
import { isBeyond, type Tolerance } from './tolerance.ts'

/** A last price that stood outside the other side's bid and ask. */
export interface Outside {
  readonly last: string
  readonly bid: string
  readonly ask: string
  /** Above the ask, or (below zero) below the bid. */
  readonly distance: number
  readonly from: EpochMicros
  readonly lasted: Micros
  readonly placeLast: Place
  readonly placeBand: Place
}

/** The last price of one side against the bid and ask of the other. */
export interface BandResult {
  /** The side with the last price. */
  readonly lastOf: Which
  readonly settled: Micros
  readonly inside: Micros
  readonly below: Micros
  readonly above: Micros
  /** last − bid: what a long position is marked lower by the other side's bid than by this last. */
  readonly overBid: Spread | undefined
  /** ask − last: what a short one is marked lower by the other side's ask. */
  readonly underAsk: Spread | undefined
  readonly worst: Outside | undefined
  readonly beyond: Counted<Outside>
}

interface Standing {
  readonly change: Change
  readonly since: EpochMicros
}

export type BandStream = 'last' | 'bid' | 'ask'

export class BandDiff {
  readonly lastOf: Which
  readonly #settle: Micros
  readonly #tick: () => Decimal | undefined
  /** Without one nothing is beyond: a last price may stand while the market goes on. */
  readonly #tolerance: Tolerance | undefined
  readonly #standing: Partial<Record<BandStream, Standing>> = {}
  readonly #overBid = new Distribution()
  readonly #underAsk = new Distribution()
  readonly #beyond = new FirstOnes<Outside>()
  readonly #times = { settled: 0, inside: 0, below: 0, above: 0 }
  #worst: Outside | undefined
  #now: EpochMicros | undefined

  constructor(
    lastOf: Which,
    settle: Micros,
    tick: () => Decimal | undefined,
    tolerance: Tolerance | undefined,
  ) {
    this.lastOf = lastOf
    this.#settle = settle
    this.#tick = tick
    this.#tolerance = tolerance
  }

  take(stream: BandStream, change: Change, at: EpochMicros, start: EpochMicros): void {
    const time = Math.max(at, this.#now ?? at)
    this.advance(time, start)
    this.#standing[stream] = { change, since: time }
  }

  advance(time: EpochMicros, start: EpochMicros): void {
    const from = Math.max(this.#now ?? start, start)
    this.#now = time
    const { ask, bid, last } = this.#standing
    if (last === undefined || bid === undefined || ask === undefined) return
    const since = Math.max(last.since, bid.since, ask.since)
    const length = time - Math.max(from, since + this.#settle)
    if (length > 0) this.#close(last.change, bid.change, ask.change, since, time, length)
  }

  result(): BandResult {
    return {
      lastOf: this.lastOf,
      ...this.#times,
      overBid: this.#overBid.spread(),
      underAsk: this.#underAsk.spread(),
      worst: this.#worst,
      beyond: this.#beyond.result(),
    }
  }

  #close(last: Change, bid: Change, ask: Change, from: EpochMicros, to: EpochMicros, length: Micros): void {
    if (last.value === null || bid.value === null || ask.value === null) return
    const tick = this.#tick()
    this.#times.settled += length
    this.#overBid.add(distanceOf(bid.value, last.value, tick), length)
    this.#underAsk.add(distanceOf(last.value, ask.value, tick), length)
    const isBelow = compare(last.value, bid.value) < 0
    const isAbove = compare(last.value, ask.value) > 0
    if (!isBelow && !isAbove) {
      this.#times.inside += length
      return
    }
    this.#times[isBelow ? 'below' : 'above'] += length
    const edge = isBelow ? bid.value : ask.value
    const distance = distanceOf(edge, last.value, tick)
    const outside = (): Outside => ({
      last: amountText(last.value),
      bid: amountText(bid.value),
      ask: amountText(ask.value),
      distance,
      from,
      lasted: to - from,
      placeLast: last.place,
      placeBand: (isBelow ? bid : ask).place,
    })
    if (this.#worst === undefined || Math.abs(distance) > Math.abs(this.#worst.distance))
      this.#worst = outside()
    if (this.#tolerance !== undefined && isBeyond(edge, last.value, this.#tolerance, tick)) {
      this.#beyond.add(outside)
    }
  }
}
