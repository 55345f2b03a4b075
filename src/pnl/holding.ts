import type { Fact, ResolvedInstrument } from '../instruments/facts.ts'
import {
  add,
  type Decimal,
  decimalEquals,
  decimalSign,
  minimum,
  multiply,
  subtract,
  ZERO,
} from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { CurrencyTotal } from './currency-total.ts'
import { type PositionLabel, positionKey } from './label.ts'
import { type Marked, NOTHING_YET, type PositionMark, type QuoteView, type Unpriced } from './mark.ts'
import { createMatcher } from './matcher.ts'
import type { AverageWord, FillPair, MatchedFill, Matcher, Matching, StatedPosition } from './matching.ts'
import { averagePrice, FLAT, type Position, unrealizedAt } from './position.ts'

/** Why a position has no unrealized P&L. */
export type UnpricedReason = Unpriced | { readonly kind: 'unpriced'; readonly reason: 'point value unknown' }

/** One instrument's figures. Money is in `currency`; what cannot be known now is `undefined`, never zero. */
export interface PositionReport {
  readonly instrument: string
  /** What sets it apart from others of the instrument. */
  readonly label: PositionLabel | undefined
  /** Above zero is long. */
  readonly quantity: Decimal
  /** Where the average is somebody's word, and no sum of fills. */
  readonly averageWord: AverageWord | undefined
  /** Its source was silent, or not there, and has not confirmed it yet. */
  readonly uncertainSince: EpochMicros | undefined
  /** For display, at 10 digits after the point. */
  readonly average: Decimal | undefined
  readonly mark: Marked | undefined
  /** Since the mark's receipt. */
  readonly markAge: Micros | undefined
  readonly unpriced: UnpricedReason | undefined
  readonly pointValue: Fact<Decimal> | undefined
  readonly currency: Fact<string> | undefined
  readonly unrealized: Decimal | undefined
  readonly realized: Decimal | undefined
  readonly fees: Decimal
  /** realized + unrealized − fees. */
  readonly net: Decimal | undefined
  /** The least unrealized P&L at any event since the position was last opened; never above zero. */
  readonly worst: Decimal | undefined
}

/** A pair with what it is worth. Gross: fees belong to fills and not to pairs. */
export interface PairReport extends FillPair {
  readonly instrument: string
  readonly label: PositionLabel | undefined
  /** `undefined` while the point value is not known. */
  readonly pnl: Decimal | undefined
  readonly currency: Fact<string> | undefined
}

const POINT_VALUE_UNKNOWN: UnpricedReason = { kind: 'unpriced', reason: 'point value unknown' }

/** A position with the mark and the values that turn it into money. */
export class Holding {
  #instrument: string
  readonly label: PositionLabel | undefined
  /** What its ledger knows it by, and that alone in a list. */
  #keys: readonly [string]
  uncertainSince: EpochMicros | undefined = undefined
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
  /** In price × quantity units, like `worst`: the point value may come later. */
  #unrealized: Decimal | undefined = ZERO
  #worst: Decimal = ZERO
  /** realized − fees in money: what a new mark leaves as it is. */
  #settled: Decimal | undefined = undefined

  constructor(instrument: string, matching: Matching = 'average', label?: PositionLabel) {
    this.#instrument = instrument
    this.label = label
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

  fill(fill: MatchedFill): void {
    const before = this.side
    this.#position = this.#matcher.fill(fill)
    this.#turned(before)
  }

  /** It is this, by somebody's word: P&L on it says so until it is flat. */
  state(stated: StatedPosition): void {
    const before = this.side
    this.#position = this.#matcher.state(stated)
    this.#turned(before)
    this.#averageWord = this.side === undefined ? undefined : stated.average
  }

  /** A fee that came apart from its fill. */
  charge(fee: Decimal): void {
    this.#position = this.#matcher.charge(fee)
  }

  /** Matches all fills anew: one of them was corrected or taken back. `worst` stays what was seen at its time. */
  restate(fills: readonly MatchedFill[]): void {
    const before = this.side
    this.#matcher = createMatcher(this.#matching)
    this.#position = FLAT
    this.#averageWord = undefined
    for (const fill of fills) this.#position = this.#matcher.fill(fill)
    this.#turned(before)
  }

  #turned(before: 'long' | 'short' | undefined): void {
    if (this.side === before) return
    this.#averageWord = undefined
    if (this.side === undefined) this.#mark = NOTHING_YET
    else this.#worst = ZERO
  }

  /** Takes a mark; whether any figure moved, which the age alone does not. */
  remark(mark: PositionMark): boolean {
    const before = this.#mark
    this.#mark = mark
    return !sameFigure(before, mark)
  }

  /** After a new mark. */
  revalue(): void {
    const mark = this.#mark
    if (this.side === undefined) this.#unrealized = ZERO
    else this.#unrealized = mark.kind === 'marked' ? unrealizedAt(this.#position, mark.price) : undefined
    // Only a loss can be the worst, which spares a comparison in profit.
    if (this.#unrealized !== undefined && this.#unrealized.mantissa < 0) {
      this.#worst = minimum(this.#worst, this.#unrealized)
    }
    const unrealized = this.#money(this.#unrealized)
    const settled = this.#settled
    this.net = unrealized === undefined || settled === undefined ? undefined : add(settled, unrealized)
  }

  /** After a fill or new values: what `revalue` takes as given, and then that. */
  resettle(): void {
    const realized = this.#money(this.#position.realized)
    this.#settled = realized === undefined ? undefined : subtract(realized, this.#position.fees)
    this.revalue()
  }

  report(now: Micros): PositionReport {
    const { quantity, realized, fees } = this.#position
    const mark = this.#mark.kind === 'marked' ? this.#mark : undefined
    return {
      instrument: this.instrument,
      label: this.label,
      quantity,
      averageWord: this.#averageWord,
      uncertainSince: this.uncertainSince,
      average: averagePrice(this.#position),
      mark,
      markAge: mark === undefined ? undefined : now - mark.at,
      unpriced: this.#unpriced(),
      pointValue: this.values.pointValue,
      currency: this.values.currency,
      unrealized: this.#money(this.#unrealized),
      realized: this.#money(realized),
      fees,
      net: this.net,
      worst: this.#money(this.#worst),
    }
  }

  #unpriced(): UnpricedReason | undefined {
    if (this.values.pointValue === undefined) return POINT_VALUE_UNKNOWN
    return this.side === undefined || this.#mark.kind === 'marked' ? undefined : this.#mark
  }

  #money(units: Decimal | undefined): Decimal | undefined {
    const pointValue = this.values.pointValue
    return units === undefined || pointValue === undefined ? undefined : multiply(units, pointValue.value)
  }
}

function sameFigure(before: PositionMark, after: PositionMark): boolean {
  if (before.kind === 'marked' && after.kind === 'marked') {
    return (
      before.rule === after.rule && before.from === after.from && decimalEquals(before.price, after.price)
    )
  }
  if (before.kind === 'marked' || after.kind === 'marked') return false
  return before.reason === after.reason && before.from === after.from
}
