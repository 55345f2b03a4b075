import type { EpochMicros, Micros } from '../model/time.ts'
import { ROUNDINGS, type Rounding } from './amount.ts'
import { ChangeTrack } from './change-track.ts'
import { FIELD_SPECS, type FieldSpec, SPEC_BY_FIELD } from './fields.ts'
import { type FoundLag, findLag, LAG_WINDOW } from './lag-search.ts'
import type { Both } from './pairing.ts'
import { type Axis, type FieldPlan, LEAST_SETTLE, type PairPlan, settleOf } from './plan.ts'
import type { Side, Which } from './side.ts'
import { SideQuote } from './side-quote.ts'

/** Those that are asked for the pair's lag. */
const LAG_FIELDS = ['last', 'bid', 'ask'].flatMap(field => SPEC_BY_FIELD.get(field) ?? [])
/** Changes that are kept of any other field: for its times, its decimals and, without those three, its lag. */
const FEW = 2_000
/** Where no field is in common: a last price is mostly the bid or the ask of its moment. */
const BID_AND_ASK = ['bid', 'ask'].flatMap(field => SPEC_BY_FIELD.get(field) ?? [])
const ENOUGH_CHANGES = 100
/** Of the sparser side's changes: then no other field is asked. */
const CLEAR_SHARE = 0.5

export interface ProbeRules {
  readonly axis: Axis | undefined
  /** The longest time from one answer to the next, of a side that is polled: so long a value may be a former one. */
  readonly poll: Micros
}

/** What the beginning of both sides says of one instrument. */
export class PairProbe {
  readonly quotes: Both<SideQuote>
  readonly #tracks = {
    a: FIELD_SPECS.map(() => new ChangeTrack()),
    b: FIELD_SPECS.map(() => new ChangeTrack()),
  }
  readonly #wireLags = new Map<FieldSpec['time'], FoundLag | undefined>()
  #changes = { a: 0, b: 0 }

  constructor(sides?: Both<Side>) {
    this.quotes = { a: new SideQuote(sides?.a), b: new SideQuote(sides?.b) }
  }

  /** False where enough is kept of the field. */
  add(which: Which, field: number, change: Parameters<ChangeTrack['add']>[0]): boolean {
    // An answer to somebody who came back is as late as he was.
    if (change.isRetold === true) return false
    const track = this.#tracks[which][field]
    this.#changes[which] += 1
    if (track === undefined || (track.count >= FEW && LAG_FIELDS.every(({ index }) => index !== field))) {
      return false
    }
    track.add(change)
    return true
  }

  get isLively(): boolean {
    return this.#changes.a >= ENOUGH_CHANGES && this.#changes.b >= ENOUGH_CHANGES
  }

  /** Seconds that b declares beyond what a does. */
  get declared(): Micros | undefined {
    const { a, b } = this.quotes
    if (typeof a.delay !== 'number' && typeof b.delay !== 'number') return undefined
    return ((b.delay ?? 0) - (a.delay ?? 0)) * 1_000_000
  }

  /** By receipt, from the field of which most can be said. */
  lag(): FoundLag | undefined {
    const [last] = LAG_FIELDS
    const same = (specs: readonly FieldSpec[]): FoundLag[] =>
      specs.flatMap(({ index }) => this.#find(index, index, 'receipt')?.lag ?? [])
    const [byLast] = last === undefined ? [] : same([last])
    if (byLast !== undefined && byLast.share > CLEAR_SHARE) return byLast
    const prices = same(LAG_FIELDS)
    const found = prices.length > 0 ? prices : same(FIELD_SPECS)
    if (found.length === 0 && last !== undefined) {
      for (const { index } of BID_AND_ASK) {
        for (const [one, other] of [
          [last.index, index],
          [index, last.index],
        ] as const) {
          const across = this.#find(one, other, 'receipt')
          if (across !== undefined) found.push(across.lag)
        }
      }
    }
    return found.sort((one, other) => other.matches - one.matches)[0]
  }

  plan(
    lag: FoundLag | undefined,
    taken: Micros,
    takenFrom: PairPlan['takenFrom'],
    { axis: wanted, poll }: ProbeRules,
  ): PairPlan {
    const settle = poll + (lag === undefined ? LEAST_SETTLE : settleOf(lag.jitter))
    const fields = new Map<number, FieldPlan>()
    for (const { index } of FIELD_SPECS) {
      const plan = this.#planOf(index, taken, settle, wanted)
      if (plan !== undefined) fields.set(index, plan)
    }
    return { lag, taken, takenFrom, fields, other: { ...BY_RECEIPT, offset: taken, settle } }
  }

  #planOf(field: number, taken: Micros, settle: Micros, wanted: Axis | undefined): FieldPlan | undefined {
    const [a, b] = [this.#tracks.a[field], this.#tracks.b[field]]
    if (a === undefined || b === undefined || a.count === 0 || b.count === 0) return undefined
    const canWire = a.precision !== 'none' && b.precision !== 'none'
    const axis = wanted ?? (canWire && a.precision === b.precision ? 'wire' : 'receipt')
    if (axis === 'receipt' || !canWire) {
      const coarse = a.scale === b.scale ? undefined : this.#find(field, field, 'receipt')?.coarse
      return { ...BY_RECEIPT, offset: taken, settle, coarse }
    }
    const own = a.scale === b.scale ? undefined : this.#find(field, field, 'wire')
    const lag =
      own?.lag ??
      this.#wireLag(FIELD_SPECS[field]?.time ?? 'lastTime') ??
      this.#find(field, field, 'wire')?.lag
    return {
      axis: 'wire',
      offset: lag?.lag ?? 0,
      lateness: { a: a.lateness, b: b.lateness },
      settle: lag === undefined ? LEAST_SETTLE : settleOf(lag.jitter),
      coarse: own?.coarse,
    }
  }

  /** Of the price that brings this time; what comes with it has the same. */
  #wireLag(time: FieldSpec['time']): FoundLag | undefined {
    if (!this.#wireLags.has(time)) this.#wireLags.set(time, this.#findWireLag(time))
    return this.#wireLags.get(time)
  }

  #findWireLag(time: FieldSpec['time']): FoundLag | undefined {
    const { index = -1 } = LAG_FIELDS.find(spec => spec.time === time) ?? {}
    const isTimed = (which: Which): boolean => (this.#tracks[which][index]?.precision ?? 'none') !== 'none'
    return isTimed('a') && isTimed('b') ? this.#find(index, index, 'wire')?.lag : undefined
  }

  #find(fieldA: number, fieldB: number, axis: Axis) {
    const [a, b] = [this.#tracks.a[fieldA], this.#tracks.b[fieldB]]
    if (a === undefined || b === undefined || a.count === 0 || b.count === 0) return undefined
    const scale = Math.min(a.scale, b.scale)
    const side: Which = a.scale < b.scale ? 'a' : 'b'
    const roundings: readonly Rounding[] = a.scale === b.scale ? ['exact'] : ROUNDINGS
    let best: { readonly lag: FoundLag; readonly coarse: FieldPlan['coarse'] } | undefined
    for (const rounding of roundings) {
      const lag = findLag(a.on(axis, rounding, scale), b.on(axis, rounding, scale), LAG_WINDOW)
      if (lag === undefined || (best !== undefined && lag.matches <= best.lag.matches)) continue
      best = { lag, coarse: rounding === 'exact' ? undefined : { side, scale, rounding } }
    }
    return best
  }
}

const BY_RECEIPT: FieldPlan = {
  axis: 'receipt',
  offset: 0,
  lateness: { a: 0, b: 0 },
  settle: LEAST_SETTLE,
  coarse: undefined,
}

/** Changes that the probe keeps in all. */
const MOST_CHANGES = 1_000_000

/** When the probe has seen enough of both sides. */
export class ProbeExtent {
  #changes = 0
  #livelyAt: EpochMicros | undefined

  count(): void {
    this.#changes += 1
  }

  lively(at: EpochMicros): void {
    this.#livelyAt ??= at
  }

  /** With as much behind the first lively moment as a lag may be long. */
  isEnough(at: EpochMicros): boolean {
    if (this.#changes >= MOST_CHANGES) return true
    return this.#livelyAt !== undefined && at > this.#livelyAt + LAG_WINDOW
  }
}
