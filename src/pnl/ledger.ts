import { identityOf } from '../instruments/name.ts'
import type { Decimal } from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { costedFill } from './costed-fill.ts'
import type { CurrencyTotal, TotalReport } from './currency-total.ts'
import { CurrencyTotals, type NetReport } from './currency-totals.ts'
import { Dues } from './dues.ts'
import { FEES_PER_FILL, type FeeRule } from './fee-rule.ts'
import { flatAt } from './flat-at.ts'
import { Holding, type PairReport, type PositionDayReport, type PositionReport } from './holding.ts'
import { Holdings } from './holdings.ts'
import { type PositionLabel, positionKey } from './label.ts'
import { LearnedValues } from './learned-values.ts'
import type { LedgerOptions } from './ledger-options.ts'
import { markOf, NOTHING_YET, type QuoteView } from './mark.ts'
import type { MatchedFill, StatedPosition } from './matching.ts'
import type { TradeReport } from './trip.ts'

export type { InstrumentValues, LedgerOptions } from './ledger-options.ts'

const NONE: readonly string[] = []

/**
 * Positions, marks and money over virtual time. Instruments are named by their identity; a position is known by its
 * key, which is the instrument's where there is no label. Times never go back, and `advance(at)` comes before what
 * happens at `at`. What gives keys gives those whose figures changed.
 */
export class Ledger {
  readonly #options: LedgerOptions
  readonly #holdings = new Holdings()
  readonly #totals = new CurrencyTotals()
  readonly #dues = new Dues()
  readonly #values: LearnedValues
  #now: Micros = 0
  #start = Number.NEGATIVE_INFINITY

  constructor(options: LedgerOptions) {
    this.#options = options
    this.#values = new LearnedValues(options.instruments, this.#totals)
  }

  /** What was done before was held before: no equity curve begins at 0 by it. */
  begin(start: EpochMicros): void {
    this.#start = start
  }

  /** Before this, `advance` changes nothing unless facts were learned. */
  get nextDue(): Micros {
    return this.#dues.next
  }

  /** Whether anything of it was ever held. */
  has(instrument: string): boolean {
    return this.#holdings.of(instrument).length > 0
  }

  /** What is held under a name is of this instrument, which nothing is held of yet. */
  move(from: string, to: string): void {
    for (const holding of this.#holdings.of(from)) {
      if (holding.values.currency === undefined) this.#totals.leave(holding)
    }
    for (const holding of this.#holdings.move(from, to)) {
      holding.revision = -1
      if (holding.total === undefined) this.#totals.join(holding)
      this.#dues.keepDay(holding, this.#now)
    }
  }

  /** Applies a fill and gives the key of its position. */
  fill(fill: MatchedFill & { readonly instrument: string }, at: Micros, label?: PositionLabel): string {
    const costed = costedFill(this.#fees, fill, at)
    const holding = this.#holding(fill.instrument, label, flatAt(this.#start, at, fill.at))
    return this.#change(holding, at, () => holding.fill(costed, at))
  }

  /** The position is this, by somebody's word. What was realized stays. */
  state(instrument: string, position: StatedPosition, at: Micros, label?: PositionLabel): string {
    const isAll = position.realized === undefined
    const holding = this.#holding(instrument, label, isAll ? flatAt(this.#start, at) : undefined)
    return this.#change(holding, at, () => holding.state(position, at))
  }

  /** Fills that were corrected or taken back: these are all that the position has. */
  restate(instrument: string, fills: readonly MatchedFill[], at: Micros, label?: PositionLabel): string {
    const costed = fills.map(fill => costedFill(this.#fees, fill, at))
    const holding = this.#holding(instrument, label)
    return this.#change(holding, at, () => holding.restate(costed))
  }

  /** A fee that came apart from its fill; false where such fees do not count. */
  charge(key: string, fee: Decimal, at: Micros, fill?: MatchedFill): boolean {
    const holding = this.#holdings.get(key)
    if (holding === undefined || this.#fees.kind !== 'fill') return false
    this.#now = at
    holding.charge(fee, at, fill)
    this.#resettle(holding).observe(at)
    return true
  }

  /** Its source was silenced at `at`: every position, or one, may be another since, until it is confirmed. */
  doubt(at: EpochMicros, only?: string): readonly string[] {
    const doubted: string[] = []
    for (const { doubt, key } of this.#holdings.all()) {
      if ((only === undefined || key === only) && doubt.raise(at)) doubted.push(key)
    }
    return doubted
  }

  /** Its source has said at `at` that the position is what it is; false where nobody doubted it. */
  confirm(key: string, at: EpochMicros): boolean {
    return this.#holdings.get(key)?.doubt.confirm(at) ?? false
  }

  /** By position, in the order of their first fills; of each in the order of closing. None by `average`. */
  pairs(): readonly PairReport[] {
    return [...this.#holdings.all()].flatMap(holding => holding.pairs)
  }

  /** Takes a quote that has changed. A mark that only grew younger changes no figure. */
  quote(instrument: string, view: QuoteView, at: Micros): readonly string[] {
    const holdings = this.#holdings.of(instrument)
    const [only] = holdings
    if (only === undefined) return NONE
    this.#now = at
    if (holdings.length === 1) {
      if (!this.#take(only, view, at)) return NONE
      only.total?.observe(at)
      return only.keys
    }
    const changed = holdings.filter(holding => this.#take(holding, view, at))
    if (changed.length > 0) this.#totals.observe(at)
    return changed.map(holding => holding.key)
  }

  /** What changes without a quote: facts that were learned, and marks that grow stale, each at its own time. */
  advance(at: Micros): readonly string[] {
    const { isNew } = this.#values
    if (at < this.#dues.next && !isNew) {
      this.#now = at
      return NONE
    }
    const changed = new Set<string>()
    if (isNew) this.#learnAll(changed, at)
    while (this.#dues.next <= at) this.#passTime(this.#dues.next, changed)
    this.#now = at
    return [...changed]
  }

  /** In the order of their first fills. */
  positions(): readonly PositionReport[] {
    return [...this.#holdings.all()].map(holding => holding.report(this.#now))
  }

  position(key: string): PositionReport | undefined {
    return this.#holdings.get(key)?.report(this.#now)
  }

  /** By position, in the order of their first fills; of each in the order of opening. */
  trades(): readonly TradeReport[] {
    return [...this.#holdings.all()].flatMap(holding => holding.trades(this.#now))
  }

  /** By position; of each in the order of the days. */
  days(): readonly PositionDayReport[] {
    return [...this.#holdings.all()].flatMap(holding => holding.days())
  }

  /** By currency, those without one last. */
  totals(): readonly TotalReport[] {
    return this.#totals.reports()
  }

  /** The total that a position's money goes to. */
  total(key: string): TotalReport | undefined {
    return this.#holdings.get(key)?.total?.report()
  }

  /** The net of every total, by what sets one apart. */
  nets(): readonly NetReport[] {
    return this.#totals.nets()
  }

  /** The net of that total. */
  totalNet(key: string): Decimal | undefined {
    return this.#holdings.get(key)?.total?.net
  }

  #change(holding: Holding, at: Micros, change: () => void): string {
    this.#now = at
    holding.quote = this.#options.quoteOf(holding.instrument) ?? holding.quote
    this.#learn(holding)
    change()
    this.#remark(holding, at)
    this.#resettle(holding).observe(at)
    this.#dues.keepDay(holding, at)
    return holding.key
  }

  #holding(name: string, label: PositionLabel | undefined, flatAt?: EpochMicros): Holding {
    const instrument = identityOf(name)
    const known = this.#holdings.get(positionKey(instrument, label))
    if (known !== undefined) return known
    const holding = new Holding(instrument, this.#options.matching, label, flatAt)
    this.#holdings.add(holding)
    this.#totals.join(holding)
    return holding
  }

  get #fees(): FeeRule {
    return this.#options.fees ?? FEES_PER_FILL
  }

  /** Whether a figure of it changed. */
  #take(holding: Holding, view: QuoteView, at: Micros): boolean {
    holding.quote = view
    const isLearned = this.#learn(holding)
    const isRemarked = this.#remark(holding, at)
    if (isLearned) this.#resettle(holding)
    else if (isRemarked) this.#revalue(holding)
    return isLearned || isRemarked
  }

  #remark(holding: Holding, at: Micros): boolean {
    const { side, quote } = holding
    if (side === undefined) return false
    const { chain, staleAfter } = this.#options
    const isMoved = holding.remark(
      quote === undefined ? NOTHING_YET : markOf(quote, side, chain, at, staleAfter),
    )
    if (holding.staleAt < holding.queuedAt) this.#dues.awaitStale(holding)
    return isMoved
  }

  #revalue(holding: Holding): CurrencyTotal {
    const before = holding.net
    holding.revalue()
    return this.#changed(holding, before)
  }

  #resettle(holding: Holding): CurrencyTotal {
    const before = holding.net
    holding.resettle()
    return this.#changed(holding, before)
  }

  #changed(holding: Holding, before: Decimal | undefined): CurrencyTotal {
    const total = holding.total ?? this.#totals.join(holding)
    total.change(before, holding.net)
    return total
  }

  /** Where the book of instruments has grown since; whether it has other values. */
  #learn(holding: Holding): boolean {
    return holding.revision !== this.#options.instruments.revision && this.#values.read(holding)
  }

  /** Of all that facts have changed, in the order of their first fills. */
  #learnAll(changed: Set<string>, at: Micros): void {
    for (const holding of this.#values.takeChanged(this.#holdings)) {
      if (!this.#learn(holding)) continue
      this.#resettle(holding)
      changed.add(holding.key)
    }
    if (changed.size > 0) this.#totals.observe(at)
  }

  /** All marks that grow stale at one moment make one point of the curve. */
  #passTime(due: Micros, changed: Set<string>): void {
    let isMoved = false
    for (const holding of this.#dues.takeStale(due)) {
      if (!this.#remark(holding, due)) continue
      this.#revalue(holding)
      changed.add(holding.key)
      isMoved = true
    }
    if (isMoved) this.#totals.observe(due)
    this.#dues.passDays(due)
  }
}
