import { compare, type Decimal } from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { amountText, distanceOf, isRoundingOf, roundedKey } from './amount.ts'
import { type Cause, type Causes, CausesCount } from './causes.ts'
import { ChangeMatch, type Matched } from './change-match.ts'
import { Distribution, type Spread } from './distribution.ts'
import type { FieldSpec } from './fields.ts'
import { type Counted, FirstOnes } from './first-ones.ts'
import type { Both } from './pairing.ts'
import type { Place } from './place.ts'
import type { FieldPlan } from './plan.ts'
import type { Which } from './side.ts'
import { type Change, placeOf } from './side-quote.ts'
import { type Strays, StrayValues } from './stray-values.ts'
import { isBeyond, type Tolerance } from './tolerance.ts'

/** Two values that stood beside each other for a while and were not the same. */
export interface Gap {
  readonly a: string
  readonly b: string
  /** b − a, in ticks or, where the tick is unknown or none, as it stands. */
  readonly distance: number
  readonly from: EpochMicros
  readonly lasted: Micros
  readonly placeA: Place
  readonly placeB: Place
}

export interface FieldTimes {
  /** Both have a value. */
  readonly together: Micros
  /** One of them has. */
  readonly alone: Both<Micros>
  /** Neither has changed for so long that both must have arrived. */
  readonly settled: Micros
  readonly differing: Micros
}

export interface FieldResult {
  readonly times: FieldTimes
  readonly changes: Both<number>
  readonly matched: Matched
  /** Values of a side that the other was never near. */
  readonly strays: Both<Strays>
  /** Weighted by time; of what differs only. */
  readonly distance: Spread | undefined
  readonly worst: Gap | undefined
  readonly beyond: Counted<Gap>
  readonly causes: Causes
}

/** What a field's comparison needs to know of its pair, at the moment. */
export interface PairContext {
  tick(): Decimal | undefined
  /** Why two values differ from then to then, as far as it is not in the values. */
  reason(from: EpochMicros, to: EpochMicros, plan: FieldPlan): Cause | undefined
  /** From when on, between these two, a side could not know what became of the field. */
  away(spec: FieldSpec, from: EpochMicros, to: EpochMicros, plan: FieldPlan): Away | undefined
  awayOn(
    which: Which,
    spec: FieldSpec,
    from: EpochMicros,
    to: EpochMicros,
    plan: FieldPlan,
  ): EpochMicros | undefined
  met(lag: Micros, at: EpochMicros): void
}

export interface Away {
  readonly which: Which
  readonly from: EpochMicros
}

const LEAST_WINDOW: Micros = 500_000
/** An answer to somebody who came, or came back, may be ahead of the stream or behind it. */
const ANSWER_SETTLE: Micros = 500_000

/** In which the same value on both sides is the same change. */
export function sameChangeWithin(settle: Micros): Micros {
  return Math.max(LEAST_WINDOW, 2 * settle)
}

/** A change, and whether the other side had a newer one before. */
export interface Arrival {
  readonly change: Change
  readonly isLate: boolean
}

interface Standing {
  readonly change: Change
  readonly since: EpochMicros
  /** When the other side must have it, too. */
  readonly settledAt: EpochMicros
  readonly isLate: boolean
}

/** One field of one instrument: two step functions, laid one over the other. */
export class FieldDiff {
  readonly spec: FieldSpec
  readonly plan: FieldPlan
  readonly #context: PairContext
  readonly #tolerance: Tolerance
  readonly #match: ChangeMatch
  readonly #strays: StrayValues
  readonly #standing: { a: Standing | undefined; b: Standing | undefined } = { a: undefined, b: undefined }
  /** When each side had its first value. */
  readonly #firstAt: { a: EpochMicros | undefined; b: EpochMicros | undefined } = {
    a: undefined,
    b: undefined,
  }
  readonly #changes = { a: 0, b: 0 }
  readonly #alone = { a: 0, b: 0 }
  readonly #distance = new Distribution()
  readonly #beyond = new FirstOnes<Gap>()
  readonly #causes = new CausesCount()
  #worst: Gap | undefined
  #now: EpochMicros | undefined
  #together = 0
  #settled = 0
  #differing = 0

  constructor(spec: FieldSpec, plan: FieldPlan, context: PairContext, tolerance: Tolerance) {
    this.spec = spec
    this.plan = plan
    this.#context = context
    this.#tolerance = tolerance
    const window = sameChangeWithin(plan.settle)
    const tick = (): Decimal | undefined => this.#tick()
    this.#strays = new StrayValues(window, tolerance, tick)
    this.#match = new ChangeMatch(
      window,
      (lag, at) => context.met(lag, at),
      (side, change, at) => {
        const other = side === 'a' ? 'b' : 'a'
        // It says nothing of it any longer, or could not know.
        if (this.#standing[other]?.change.value === null) return
        if (context.awayOn(other, spec, at - window, at + window, plan) === undefined) {
          this.#strays.missed(side, change, at)
        }
      },
    )
  }

  /** In the order of the common time. `start`: before it only one of the tapes was there. */
  take(side: Which, { change, isLate }: Arrival, at: EpochMicros, start: EpochMicros): void {
    const time = Math.max(at, this.#now ?? at)
    this.advance(time, start)
    const before = this.#standing[side]
    const { isRetold, key, value } = change
    const isAnswer = before === undefined || isRetold === true
    const since = this.#firstAt[side === 'a' ? 'b' : 'a']
    const isCompared = time >= start && since !== undefined && since < time
    this.#firstAt[side] ??= time
    const settledAt = time + this.plan.settle + (isRetold === true ? ANSWER_SETTLE : 0)
    this.#standing[side] = { change, since: time, settledAt, isLate }
    this.#match.expire(time)
    // It has said again what it had said.
    if (isRetold === true && before?.change.key === key) return
    if (!isAnswer && isCompared) this.#changes[side] += 1
    if (value === null) return
    this.#strays.had(side, value, time)
    if (isCompared || isAnswer) this.#match.add(side, this.#matchKey(key), time, isAnswer, change)
  }

  /** Closes the step that stood until then. */
  advance(time: EpochMicros, start: EpochMicros): void {
    const from = Math.max(this.#now ?? start, start)
    this.#now = time
    const { a, b } = this.#standing
    const length = time - from
    if (length <= 0) return
    if (hasValue(a) && hasValue(b)) {
      this.#together += length
      this.#close(a, b, from, time)
    } else if (this.plan.axis === 'wire' && (a === undefined || b === undefined)) {
      // By the wire's own time nothing says since when a side was there.
    } else if (hasValue(a)) this.#alone.a += length
    else if (hasValue(b)) this.#alone.b += length
  }

  result(): FieldResult {
    return {
      times: {
        together: this.#together,
        alone: { ...this.#alone },
        settled: this.#settled,
        differing: this.#differing,
      },
      changes: { ...this.#changes },
      matched: this.#match.result(),
      strays: { a: this.#strays.result('a'), b: this.#strays.result('b') },
      distance: this.#distance.spread(),
      worst: this.#worst,
      beyond: this.#beyond.result(),
      causes: this.#causes.result(),
    }
  }

  #close(a: Valued, b: Valued, from: EpochMicros, to: EpochMicros): void {
    const settledFrom = Math.max(from, a.settledAt, b.settledAt)
    const lasted = to - settledFrom
    if (lasted <= 0) return
    this.#settled += lasted
    const [one, other] = [a.change.value, b.change.value]
    if (a.change.key === b.change.key && compare(one, other) === 0) return
    this.#differing += lasted
    const tick = this.#tick()
    const distance = distanceOf(one, other, tick)
    this.#distance.add(distance, lasted)
    const gap = (): Gap => ({
      a: amountText(one),
      b: amountText(other),
      distance,
      from: Math.max(a.since, b.since),
      lasted: to - Math.max(a.since, b.since),
      placeA: placeOf(a.change),
      placeB: placeOf(b.change),
    })
    if (this.#worst === undefined || Math.abs(distance) > Math.abs(this.#worst.distance)) this.#worst = gap()
    const inValues = this.#causeInValues(a, b)
    const away = inValues ?? this.#context.away(this.spec, settledFrom, to, this.plan)
    const until = typeof away === 'object' ? away.from : to
    // What a side could not know is said and not judged.
    if (typeof away === 'object') this.#causes.add(`away ${away.which}`, to - until)
    if (until <= settledFrom) return
    const cause = inValues ?? this.#context.reason(from, until, this.plan) ?? 'unexplained'
    this.#causes.add(cause, until - settledFrom)
    if (isBeyond(one, other, this.#tolerance, tick)) this.#beyond.add(gap)
  }

  #causeInValues(a: Valued, b: Valued): Cause | undefined {
    if (a.isLate) return 'late a'
    if (b.isLate) return 'late b'
    const { coarse } = this.plan
    if (coarse !== undefined) {
      const [fine, rough] = coarse.side === 'a' ? [b, a] : [a, b]
      if (isRoundingOf(fine.change.value, rough.change.value, coarse.scale)) return 'rounding'
    }
    return undefined
  }

  #tick(): Decimal | undefined {
    return this.spec.isPrice ? this.#context.tick() : undefined
  }

  #matchKey(key: number): number {
    const { coarse } = this.plan
    return coarse === undefined ? key : roundedKey(key, coarse.rounding, coarse.scale)
  }
}

type Valued = Standing & { readonly change: Change & { readonly value: Decimal } }

function hasValue(standing: Standing | undefined): standing is Valued {
  return standing !== undefined && standing.change.value !== null
}
