import type { ResolvedInstrument } from '../instruments/facts.ts'
import { identityOf } from '../instruments/name.ts'
import type { Decimal } from '../model/decimal.ts'
import type { Micros } from '../model/time.ts'
import { CurrencyTotal, type TotalReport } from './currency-total.ts'
import { FEES_PER_FILL, type FeeRule, feeOf } from './fee-rule.ts'
import { Holding, type PairReport, type PositionReport } from './holding.ts'
import { type MarkChain, markOf, NOTHING_YET, type QuoteView } from './mark.ts'
import type { MatchedFill, Matching } from './matching.ts'
import { sameValues } from './same-values.ts'

export interface LedgerOptions {
  readonly chain: MarkChain
  /** A mark older than this is none. */
  readonly staleAfter: Micros
  /** `average` where nothing is said. */
  readonly matching?: Matching
  /** Those that come with the fills where nothing is said. */
  readonly fees?: FeeRule
  readonly instruments: InstrumentValues
  /** The merged quote of an instrument by its identity, for a fill that comes after its quote. */
  readonly quoteOf: (instrument: string) => QuoteView | undefined
}

/** What the ledger needs of an `InstrumentBook`. */
export interface InstrumentValues {
  readonly revision: number
  resolve(instrument: string): ResolvedInstrument
}

const NONE: readonly string[] = []

/**
 * Positions, marks and money over virtual time. Instruments are named by their identity. Times never go back,
 * and `advance(at)` comes before what happens at `at`.
 */
export class Ledger {
  readonly #options: LedgerOptions
  readonly #holdings = new Map<string, Holding>()
  readonly #totals = new Map<string, CurrencyTotal>()
  #now: Micros = 0
  #revision = 0
  /** Never later than the first mark to grow stale. */
  #nextDue: Micros = Number.POSITIVE_INFINITY

  constructor(options: LedgerOptions) {
    this.#options = options
    this.#revision = options.instruments.revision
  }

  /** Before this, `advance` changes nothing unless facts were learned. */
  get nextDue(): Micros {
    return this.#nextDue
  }

  /** Whether there were fills of it. */
  has(instrument: string): boolean {
    return this.#holdings.has(instrument)
  }

  /** What is held under a name is of this instrument, which nothing is held of yet. */
  move(from: string, to: string): void {
    const holding = this.#holdings.get(from)
    if (holding === undefined) return
    // Kept in its place: positions are reported in the order of their first fills.
    const entries = [...this.#holdings].map(([name, held]) => [name === from ? to : name, held] as const)
    this.#holdings.clear()
    for (const [name, held] of entries) this.#holdings.set(name, held)
    if (holding.values.currency === undefined) this.#leave(holding)
    holding.instrument = to
    holding.revision = -1
    if (holding.total === undefined) this.#join(holding)
  }

  /** Applies a fill and gives the identity of its instrument. */
  fill(fill: MatchedFill & { readonly instrument: string }, at: Micros): string {
    const instrument = identityOf(fill.instrument)
    const holding = this.#holdings.get(instrument) ?? this.#open(instrument)
    this.#now = at
    holding.quote = this.#options.quoteOf(instrument) ?? holding.quote
    this.#learn(holding)
    holding.fill(this.#costed(fill, at))
    this.#remark(holding, at)
    this.#resettle(holding).observe()
    return instrument
  }

  /** A fee that came apart from its fill; false where such fees do not count. */
  charge(instrument: string, fee: Decimal, at: Micros): boolean {
    const holding = this.#holdings.get(instrument)
    if (holding === undefined || this.#fees.kind !== 'fill') return false
    this.#now = at
    holding.charge(fee)
    this.#resettle(holding).observe()
    return true
  }

  /** Fills that were corrected or taken back: these are all that the instrument has. */
  restate(instrument: string, fills: readonly MatchedFill[], at: Micros): void {
    const holding = this.#holdings.get(instrument) ?? this.#open(instrument)
    this.#now = at
    holding.quote = this.#options.quoteOf(instrument) ?? holding.quote
    this.#learn(holding)
    holding.restate(fills.map(fill => this.#costed(fill, at)))
    this.#remark(holding, at)
    this.#resettle(holding).observe()
  }

  /** By instrument, in the order of their first fills; of each in the order of closing. None by `average`. */
  pairs(): readonly PairReport[] {
    return [...this.#holdings.values()].flatMap(holding => holding.pairs)
  }

  /** Takes a quote that has changed; whether any figure did. A mark that only grew younger is none. */
  quote(instrument: string, view: QuoteView, at: Micros): boolean {
    const holding = this.#holdings.get(instrument)
    if (holding === undefined) return false
    this.#now = at
    holding.quote = view
    const isLearned = this.#learn(holding)
    const isRemarked = this.#remark(holding, at)
    if (isLearned) this.#resettle(holding).observe()
    else if (isRemarked) this.#revalue(holding).observe()
    return isLearned || isRemarked
  }

  /** What changes without a quote: facts that were learned, and marks that grow stale, each at its own time. */
  advance(at: Micros): readonly string[] {
    const { revision } = this.#options.instruments
    if (at < this.#nextDue && revision === this.#revision) {
      this.#now = at
      return NONE
    }
    const changed = new Set<string>()
    if (revision !== this.#revision) this.#learnAll(changed)
    while (this.#nextDue <= at) this.#expire(this.#nextDue, changed)
    this.#now = at
    return [...changed]
  }

  /** In the order of their first fills. */
  positions(): readonly PositionReport[] {
    return [...this.#holdings.values()].map(holding => holding.report(this.#now))
  }

  position(instrument: string): PositionReport | undefined {
    return this.#holdings.get(instrument)?.report(this.#now)
  }

  /** By currency, those without one last. */
  totals(): readonly TotalReport[] {
    return [...this.#totals].sort(byKey).map(([, total]) => total.report())
  }

  /** The total that an instrument's money goes to. */
  total(instrument: string): TotalReport | undefined {
    return this.#holdings.get(instrument)?.total?.report()
  }

  /** The net of that total. */
  totalNet(instrument: string): Decimal | undefined {
    return this.#holdings.get(instrument)?.total?.net
  }

  #open(instrument: string): Holding {
    const holding = new Holding(instrument, this.#options.matching)
    this.#holdings.set(instrument, holding)
    this.#join(holding)
    return holding
  }

  get #fees(): FeeRule {
    return this.#options.fees ?? FEES_PER_FILL
  }

  /** With its own time, and what it costs by the rule. */
  #costed(fill: MatchedFill, at: Micros): MatchedFill {
    const { fee: _, ...deal } = fill
    const fee = feeOf(this.#fees, fill)
    return { ...deal, at: fill.at ?? at, ...(fee === undefined ? {} : { fee }) }
  }

  #remark(holding: Holding, at: Micros): boolean {
    const { side, quote } = holding
    if (side === undefined) return false
    const { chain, staleAfter } = this.#options
    const isMoved = holding.remark(
      quote === undefined ? NOTHING_YET : markOf(quote, side, chain, at, staleAfter),
    )
    if (holding.staleAt < this.#nextDue) this.#nextDue = holding.staleAt
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
    const total = holding.total ?? this.#join(holding)
    total.change(before, holding.net)
    return total
  }

  /** Reads the instrument's values anew where the book has grown; whether they are others. */
  #learn(holding: Holding): boolean {
    const { instruments } = this.#options
    if (holding.revision === instruments.revision) return false
    holding.revision = instruments.revision
    const values = instruments.resolve(holding.instrument)
    if (sameValues(holding.values, values)) {
      // The same money, perhaps from a better source.
      holding.values = values
      return false
    }
    const isMoving = holding.values.currency?.value !== values.currency?.value
    if (isMoving) this.#leave(holding)
    holding.values = values
    if (isMoving) this.#join(holding)
    return true
  }

  #learnAll(changed: Set<string>): void {
    this.#revision = this.#options.instruments.revision
    for (const holding of this.#holdings.values()) {
      if (!this.#learn(holding)) continue
      this.#resettle(holding)
      changed.add(holding.instrument)
    }
    if (changed.size > 0) this.#observeAll()
  }

  /** All marks that grow stale at one moment make one point of the curve. */
  #expire(due: Micros, changed: Set<string>): void {
    this.#nextDue = Number.POSITIVE_INFINITY
    let isMoved = false
    for (const holding of this.#holdings.values()) {
      if (holding.staleAt > due) {
        this.#nextDue = Math.min(this.#nextDue, holding.staleAt)
      } else if (this.#remark(holding, due)) {
        this.#revalue(holding)
        changed.add(holding.instrument)
        isMoved = true
      }
    }
    if (isMoved) this.#observeAll()
  }

  #observeAll(): void {
    for (const total of this.#totals.values()) total.observe()
  }

  #join(holding: Holding): CurrencyTotal {
    const key = totalKey(holding)
    const total = this.#totals.get(key) ?? new CurrencyTotal(holding.values.currency?.value)
    this.#totals.set(key, total)
    total.join(holding)
    holding.total = total
    return total
  }

  #leave(holding: Holding): void {
    holding.total?.leave(holding)
    if (holding.total?.isEmpty) this.#totals.delete(totalKey(holding))
    holding.total = undefined
  }
}

/** Instruments of an unknown currency have a total each: two unknown currencies need not be one. */
function totalKey(holding: Holding): string {
  const currency = holding.values.currency
  return currency === undefined ? `?${holding.instrument}` : `=${currency.value}`
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
