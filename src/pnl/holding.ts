import type { ResolvedInstrument } from '../instruments/facts.ts'
import { add, compare, type Decimal, decimalSign, multiply, ONE, subtract, ZERO } from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { CurrencyTotal } from './currency-total.ts'
import { Doubt } from './doubt.ts'
import { reportOf } from './holding-report.ts'
import { type PositionLabel, positionKey } from './label.ts'
import { NOTHING_YET, type PositionMark, type QuoteView } from './mark.ts'
import { createMatcher } from './matcher.ts'
import type { AverageWord, MatchedFill, Matcher, Matching, StatedPosition } from './matching.ts'
import { FLAT, type Position, realizedOf, unrealizedAt } from './position.ts'
import { PositionLog } from './position-log.ts'
import type { PairReport, PositionDayReport, PositionReport } from './position-report.ts'
import { sameFigure } from './same-figure.ts'
import type { TradeDateRule } from './trade-date.ts'
import type { TradeDateBorder } from './trade-date-log.ts'
import type { Excursions, TradeReport } from './trip.ts'

export type { PairReport, PositionDayReport, PositionReport, UnpricedReason } from './position-report.ts'

/** A position with the mark and the values that turn it into money. */
export class Holding {
  #instrument: string
  readonly label: PositionLabel | undefined
  /** What its ledger knows it by, and that alone in a list. */
  #keys: readonly [string]
  readonly doubt = new Doubt()
  /** When it came into being out of nothing; `undefined` where something was held before the run. */
  readonly flatAt: EpochMicros | undefined
  /** Its place among the ledger's, in the order of first fills. */
  order = 0
  /** Where it stands in the queue of marks that grow stale. */
  queuedAt: Micros = Number.POSITIVE_INFINITY
  /** The total of its currency. */
  total: CurrencyTotal | undefined = undefined
  /** The latest. */
  quote: QuoteView | undefined
  /** The book's revision at which `values` was read. */
  revision = -1
  values: ResolvedInstrument = {}
  /** `undefined` while the position is not priced. */
  net: Decimal | undefined = undefined
  readonly #matching: Matching
  #matcher: Matcher
  #position: Position = FLAT
  #averageWord: AverageWord | undefined = undefined
  #mark: PositionMark = NOTHING_YET
  #wasMarked = false
  /** In price × quantity units, like `worst`: the point value may come later. */
  #unrealized: Decimal | undefined = ZERO
  #worst: Decimal = ZERO
  #best: Decimal = ZERO
  /** What was open at the two. */
  #worstQuantity: Decimal = ONE
  #bestQuantity: Decimal = ONE
  readonly #log = new PositionLog()
  /** realized − fees in money: what a new mark leaves as it is. */
  #settled: Decimal | undefined = undefined

  constructor(
    instrument: string,
    matching: Matching = 'average',
    label?: PositionLabel,
    flatAt?: EpochMicros,
  ) {
    this.#instrument = instrument
    this.label = label
    this.flatAt = flatAt
    this.#keys = [positionKey(instrument, label)]
    this.#matching = matching
    this.#matcher = createMatcher(matching)
  }

  /** Its identity: a bare name until the instrument that it means has come. */
  get instrument(): string {
    return this.#instrument
  }

  set instrument(instrument: string) {
    this.#instrument = instrument
    this.#keys = [positionKey(instrument, this.label)]
  }

  get key(): string {
    return this.#keys[0]
  }

  get keys(): readonly [string] {
    return this.#keys
  }

  /** `undefined` at flat, where nothing needs a mark. */
  get side(): 'long' | 'short' | undefined {
    const sign = decimalSign(this.#position.quantity)
    return sign === 0 ? undefined : sign > 0 ? 'long' : 'short'
  }

  /** When the mark grows stale; never, without one. */
  get staleAt(): Micros {
    return this.#mark.kind === 'marked' ? this.#mark.staleAt : Number.POSITIVE_INFINITY
  }

  /** In the order of closing; none by average. */
  get pairs(): readonly PairReport[] {
    return this.#matcher.pairs.map(pair => ({
      ...pair,
      instrument: this.instrument,
      label: this.label,
      pnl: this.#money(pair.units),
      currency: this.values.currency,
    }))
  }

  fill(fill: MatchedFill, now: Micros): void {
    const before = this.#position
    const side = this.side
    this.#position = this.#matcher.fill(fill)
    this.#log.fill({ before, after: this.#position, fill }, this.instrument, now, this.#seen)
    this.#turned(side)
  }

  /** It is this, by somebody's word: P&L on it says so until it is flat. */
  state(stated: StatedPosition, now: Micros): void {
    const before = this.#position
    const side = this.side
    this.#position = this.#matcher.state(stated)
    this.#log.state({ before, after: this.#position, stated }, this.instrument, now, this.#seen)
    this.#turned(side)
    this.#averageWord = this.side === undefined ? undefined : stated.average
  }

  /** A fee that came apart from its fill. */
  charge(fee: Decimal, now: Micros, fill?: MatchedFill): void {
    this.#position = this.#matcher.charge(fee)
    this.#log.charge(fee, this.instrument, now, fill)
  }

  /** The day of its exchange has ended while it is open. */
  passDay(border: TradeDateBorder): void {
    const mark = this.#mark.kind === 'marked' ? this.#mark.price : undefined
    this.#log.pass(border, this.#unrealized, mark)
  }

  /** Whose day it is while it is open; `undefined` at flat. */
  get tradeDateRule(): TradeDateRule | undefined {
    return this.side === undefined ? undefined : this.#log.ruleOf(this.instrument)
  }

  /** Matches all fills anew: one of them was corrected or taken back. `worst` stays what was seen at its time. */
  restate(fills: readonly MatchedFill[]): void {
    const side = this.side
    this.#matcher = createMatcher(this.#matching)
    this.#position = FLAT
    this.#averageWord = undefined
    const changes = fills.map(fill => {
      const before = this.#position
      this.#position = this.#matcher.fill(fill)
      return { before, after: this.#position, fill }
    })
    this.#log.restate(changes, this.instrument, this.#seen)
    this.#turned(side)
  }

  #turned(before: 'long' | 'short' | undefined): void {
    if (this.side === before) return
    this.#averageWord = undefined
    if (this.side === undefined) this.#mark = NOTHING_YET
    else {
      this.#worst = ZERO
      this.#best = ZERO
    }
  }

  get #seen(): Excursions {
    return {
      worst: { units: this.#worst, quantity: this.#worstQuantity },
      best: { units: this.#best, quantity: this.#bestQuantity },
    }
  }

  /** Takes a mark; whether any figure moved, which the age alone does not. */
  remark(mark: PositionMark): boolean {
    const before = this.#mark
    this.#mark = mark
    if (mark.kind === 'marked') this.#wasMarked = true
    return !sameFigure(before, mark)
  }

  /** After a new mark. */
  revalue(): void {
    const mark = this.#mark
    if (this.side === undefined) this.#unrealized = ZERO
    else if (mark.kind !== 'marked' || this.#position.isCostUnknown) this.#unrealized = undefined
    else this.#unrealized = unrealizedAt(this.#position, mark.price)
    if (this.#unrealized !== undefined) this.#see(this.#unrealized)
    const unrealized = this.#money(this.#unrealized)
    const settled = this.#settled
    this.net = unrealized === undefined || settled === undefined ? undefined : add(settled, unrealized)
  }

  /** Only a loss can be the worst and only a profit the best: one comparison. */
  #see(units: Decimal): void {
    if (units.mantissa < 0) {
      if (compare(units, this.#worst) >= 0) return
      this.#worst = units
      this.#worstQuantity = this.#position.quantity
    } else if (units.mantissa > 0 && compare(units, this.#best) > 0) {
      this.#best = units
      this.#bestQuantity = this.#position.quantity
    }
  }

  /** After a fill or new values: what `revalue` takes as given, and then that. */
  resettle(): void {
    const realized = this.#money(realizedOf(this.#position))
    this.#settled = realized === undefined ? undefined : subtract(realized, this.#position.fees)
    this.revalue()
  }

  report(now: Micros): PositionReport {
    const { instrument, label, net, values } = this
    return reportOf(
      {
        instrument,
        label,
        position: this.#position,
        isFlat: this.side === undefined,
        averageWord: this.#averageWord,
        uncertainSince: this.doubt.since,
        mark: this.#mark,
        wasMarked: this.#wasMarked,
        values,
        unrealized: this.#money(this.#unrealized),
        realized: this.#money(realizedOf(this.#position)),
        net,
        worst: this.#money(this.#worst),
        best: this.#money(this.#best),
      },
      now,
    )
  }

  /** In the order of their opening; the open one, if there is one, is the last. */
  trades(now: Micros): readonly TradeReport[] {
    const { instrument, label, values } = this
    return this.#log
      .trades(now, this.#seen, units => this.#money(units))
      .map(trade => ({
        instrument,
        label,
        ...trade,
        currency: values.currency,
      }))
  }

  days(): readonly PositionDayReport[] {
    const { instrument, label, values } = this
    return this.#log.days(this.#unrealized, this.flatAt !== undefined).map(day => ({
      instrument,
      label,
      ...day,
      realized: this.#money(day.realized),
      openChange: this.#money(day.openChange),
      currency: values.currency,
    }))
  }

  #money(units: Decimal | undefined): Decimal | undefined {
    const pointValue = this.values.pointValue
    return units === undefined || pointValue === undefined ? undefined : multiply(units, pointValue.value)
  }
}
