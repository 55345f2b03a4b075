import type { Decimal } from '../model/decimal.ts'
import type { QuoteUpdate } from '../model/observation.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { BandDiff, type BandResult, type BandStream } from './band-diff.ts'
import { type Arrival, type Away, FieldDiff, type FieldResult, type PairContext } from './field-diff.ts'
import { type ComparedField, FIELD_SPECS, type FieldSpec } from './fields.ts'
import type { Counted } from './first-ones.ts'
import { LagCount, type LagResult } from './lag-count.ts'
import { type LagGrowth, LagTrail } from './lag-trail.ts'
import { LateWatch } from './late-watch.ts'
import { PairClock, type Reach } from './pair-clock.ts'
import type { Both } from './pairing.ts'
import type { Place } from './place.ts'
import type { FieldPlan, PairPlan } from './plan.ts'
import type { Side, Which } from './side.ts'
import { type Change, type LateQuote, SideQuote } from './side-quote.ts'
import { Timeline } from './timeline.ts'
import { NO_TOLERANCE, type Tolerances } from './tolerance.ts'

export interface PairOptions {
  readonly plan: PairPlan
  readonly tick: () => Decimal | undefined
  readonly tolerances: Tolerances
  readonly fields: ReadonlySet<ComparedField> | undefined
  /** b is read as much later. */
  readonly shift: Micros
  readonly sides: Both<Side>
}

/** Wires that write whole seconds may be off by one. */
const TIME_SLACK: Micros = 1_000_000
const BAND: readonly BandStream[] = ['last', 'bid', 'ask']
const STREAMS: ReadonlyMap<string, number> = new Map(BAND.map((name, stream) => [name, stream]))
const LAST = FIELD_SPECS.findIndex(spec => spec.field === 'last')

interface Lane {
  readonly diff: FieldDiff
  readonly line: Timeline<Arrival>
  readonly newest: { a: EpochMicros; b: EpochMicros }
}

/** One instrument as both sides have it. */
export class PairDiff implements PairContext {
  readonly quotes: Both<SideQuote>
  readonly plan: PairPlan
  readonly lags: LagCount
  readonly #options: PairOptions
  readonly #clock: PairClock
  readonly #lanes: (Lane | undefined)[] = FIELD_SPECS.map(() => undefined)
  readonly #bands: readonly { readonly diff: BandDiff; readonly line: Timeline<Change> }[]
  readonly #late = new LateWatch()
  /** Of last, bid and ask. */
  readonly #trails: readonly LagTrail[]

  constructor(options: PairOptions, reach: Reach) {
    this.plan = options.plan
    this.#options = options
    this.quotes = { a: new SideQuote(options.sides.a), b: new SideQuote(options.sides.b) }
    this.#clock = new PairClock(options.plan.taken, options.plan.other.settle, reach)
    const { other, taken } = options.plan
    this.lags = new LagCount(taken)
    this.#trails = BAND.map(() => new LagTrail(taken, other.settle))
    this.#bands = (['a', 'b'] as const).map(lastOf => this.#bandOf(lastOf))
  }

  /** Takes what one side says, in the order of the reading. `isTrading`: where its word for the session says so. */
  apply(
    which: Which,
    { fields, name }: QuoteUpdate,
    isTrading: boolean | undefined,
    at: EpochMicros,
    place: () => Place,
  ): void {
    const quote = this.quotes[which]
    if (typeof fields.marketState === 'string') quote.isTrading = isTrading
    quote.apply(name, fields, at, place, (spec, change) => this.#change(which, spec, change))
  }

  /** The side's name for it means another instrument from now on. */
  leave(which: Which, name: string, at: EpochMicros, place: () => Place): void {
    this.quotes[which].leave(name, at, place, (spec, change) => this.#change(which, spec, change))
  }

  #change(which: Which, spec: FieldSpec, change: Change): void {
    const { fields } = this.#options
    if (fields === undefined || fields.has(spec.field)) this.#compare(which, spec, change)
    const stream = STREAMS.get(spec.field) ?? -1
    if (stream < 0) return
    this.#band(which, stream, change)
    if (change.isRetold === true || change.value === null) return
    this.#trails[stream]?.add(which, change.key, change.at)
  }

  /** Both tapes have ended. */
  finish(): void {
    for (const lane of this.#lanes) {
      if (lane === undefined) continue
      const end = this.#reached(lane)
      lane.line.drain(end)
      lane.diff.advance(end, this.#clock.startOf(lane.diff.plan))
    }
    const end = this.#clock.readOn(this.plan.other)
    for (const { diff, line } of this.#bands) {
      line.drain(end)
      diff.advance(end, this.#clock.startOf(this.plan.other))
    }
  }

  tick(): Decimal | undefined {
    return this.#options.tick()
  }

  met(lag: Micros, at: EpochMicros): void {
    this.lags.add(lag, at)
    this.#clock.met(lag)
  }

  away(spec: FieldSpec, from: EpochMicros, to: EpochMicros, plan: FieldPlan): Away | undefined {
    const [a, b] = [this.awayOn('a', spec, from, to, plan), this.awayOn('b', spec, from, to, plan)]
    if (a !== undefined && (b === undefined || a <= b)) return { which: 'a', from: a }
    return b === undefined ? undefined : { which: 'b', from: b }
  }

  awayOn(which: Which, { index }: FieldSpec, from: EpochMicros, to: EpochMicros, plan: FieldPlan) {
    const late = plan.axis === 'wire' ? plan.lateness[which] : 0
    const behind = late + (which === 'a' ? 0 : this.#clock.offsetOf(plan))
    const own = this.quotes[which].awayFrom(index, from + behind, to + behind)
    return own === undefined ? undefined : own - behind
  }

  reason(from: EpochMicros, to: EpochMicros, plan: FieldPlan) {
    const { a, b } = this.quotes
    const late = plan.axis === 'wire' ? plan.lateness : { a: 0, b: 0 }
    if (a.wasSilent(from + late.a, to + late.a)) return 'silent a'
    if (b.wasSilent(from + plan.offset + late.b, to + plan.offset + late.b)) return 'silent b'
    const isTold = a.isTrading !== undefined && b.isTrading !== undefined
    return isTold && a.isTrading !== b.isTrading ? 'session' : undefined
  }

  /** In the order of the table of fields; of those that both sides have. */
  fields(): readonly (readonly [FieldSpec, FieldPlan, FieldResult])[] {
    return this.#lanes.flatMap(lane => {
      if (lane === undefined || !this.#has('a', lane.diff.spec) || !this.#has('b', lane.diff.spec)) return []
      return [[lane.diff.spec, lane.diff.plan, lane.diff.result()] as const]
    })
  }

  /** Of a side that has a last price where the other has only bid and ask. */
  band(): BandResult | undefined {
    const [last, bid, ask] = BAND.map(name => FIELD_SPECS.find(spec => spec.field === name))
    if (last === undefined || bid === undefined || ask === undefined) return undefined
    const one = this.#bands.find(({ diff: { lastOf } }) => {
      const other = lastOf === 'a' ? 'b' : 'a'
      const isApart = this.#has(lastOf, last) && !this.#has(other, last)
      return isApart && this.#has(other, bid) && this.#has(other, ask)
    })
    return one?.diff.result()
  }

  /** Fields that only this side has. */
  only(which: Which): readonly ComparedField[] {
    const other = which === 'a' ? 'b' : 'a'
    return FIELD_SPECS.filter(spec => this.#has(which, spec) && !this.#has(other, spec)).map(
      spec => spec.field,
    )
  }

  late(which: Which): Counted<LateQuote> {
    return this.#late.result(which)
  }

  lag(): LagResult | undefined {
    return this.lags.result()
  }

  /** By the price of which most is on both sides. */
  growth(): LagGrowth | undefined {
    return this.#trails.toSorted((one, other) => other.matches - one.matches)[0]?.growth()
  }

  #has(which: Which, { index }: FieldSpec): boolean {
    return this.quotes[which].values[index] !== undefined
  }

  #compare(which: Which, spec: FieldSpec, change: Change): void {
    const lane = this.#laneOf(spec)
    const { plan } = lane.diff
    const isLate = this.#late.apply(which, spec, change, this.#slackOf(which, plan))
    const own = plan.axis === 'wire' ? this.#wireTimeOf(which, change, lane) : change.at
    lane.newest[which] = Math.max(lane.newest[which], own)
    lane.line.push(which === 'a' ? 0 : 1, this.#clock.common(which, own, plan), { change, isLate })
    lane.line.drain(this.#reached(lane))
  }

  /** What is told again stands from then on, whatever its time. */
  #wireTimeOf(which: Which, { at, isRetold, wireTime }: Change, { diff, newest }: Lane): EpochMicros {
    const said = wireTime ?? newest[which]
    return isRetold === true ? Math.max(said, at - diff.plan.lateness[which]) : said
  }

  #band(which: Which, stream: number, change: Change): void {
    for (const { diff, line } of this.#bands) {
      const { lastOf } = diff
      const isIts = (stream === 0) === (which === lastOf)
      // Two last prices are held against each other; a band is for a side without one.
      if (!isIts || this.quotes[lastOf === 'a' ? 'b' : 'a'].values[LAST] !== undefined) continue
      line.push(stream, this.#clock.common(which, change.at, this.plan.other), change)
      line.drain(this.#clock.readOn(this.plan.other))
    }
  }

  #laneOf(spec: FieldSpec): Lane {
    const known = this.#lanes[spec.index]
    if (known !== undefined) return known
    const { plan, tolerances } = this.#options
    const tolerance = tolerances.get(spec.field) ?? NO_TOLERANCE
    const diff = new FieldDiff(spec, plan.fields.get(spec.index) ?? plan.other, this, tolerance)
    const line = new Timeline<Arrival>(2, (stream, arrival, at) =>
      diff.take(stream === 0 ? 'a' : 'b', arrival, at, this.#clock.startOf(diff.plan)),
    )
    const lane = { diff, line, newest: { a: 0, b: 0 } }
    this.#lanes[spec.index] = lane
    return lane
  }

  #bandOf(lastOf: Which) {
    const { plan, tick, tolerances } = this.#options
    const diff = new BandDiff(lastOf, plan.other.settle, tick, tolerances.get('band'))
    const line = new Timeline<Change>(3, (stream, change, at) =>
      diff.take(BAND[stream] ?? 'last', change, at, this.#clock.startOf(plan.other)),
    )
    return { diff, line }
  }

  /** What comes later than this may still come; by the wire's time what was received is as late as it ever was. */
  #reached({ diff: { plan }, newest }: Lane): EpochMicros {
    const { reach } = this.#clock
    if (plan.axis === 'receipt') return this.#clock.readOn(plan)
    const a = Math.max(newest.a, reach.a - plan.lateness.a)
    const b = Math.max(newest.b, reach.b - plan.lateness.b)
    return Math.min(a, b - plan.offset)
  }

  /** By how much a quote of this side may be older than what the other has given, and why it may. */
  #slackOf(which: Which, plan: FieldPlan): Micros {
    const clocks = plan.axis === 'wire' ? plan.offset : 0
    // What the other side has been read ahead of its lag is no reason.
    const ahead = this.plan.taken - this.#options.shift
    const sign = which === 'b' ? 1 : -1
    return Math.max(plan.settle, TIME_SLACK) + Math.max(sign * ahead, 0) - sign * clocks
  }
}
