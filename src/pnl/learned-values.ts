import type { CurrencyTotals } from './currency-totals.ts'
import type { Holding } from './holding.ts'
import type { Holdings } from './holdings.ts'
import type { InstrumentValues } from './ledger-options.ts'
import { sameValues } from './same-values.ts'

/** Brings to a ledger's positions what the book of instruments has learned, and each to the total of its currency. */
export class LearnedValues {
  readonly #instruments: InstrumentValues
  readonly #totals: CurrencyTotals
  /** Of the book, when all that had changed was last taken. */
  #revision: number

  constructor(instruments: InstrumentValues, totals: CurrencyTotals) {
    this.#instruments = instruments
    this.#totals = totals
    this.#revision = instruments.revision
  }

  /** Whether the book has grown since. */
  get isNew(): boolean {
    return this.#instruments.revision !== this.#revision
  }

  /** Those that were changed, and no others: facts of ten thousand instruments come one by one. */
  takeChanged(holdings: Holdings): readonly Holding[] {
    const since = this.#revision
    this.#revision = this.#instruments.revision
    const changed = [...this.#instruments.changedSince(since)].flatMap(name => holdings.of(name))
    return changed.sort((a, b) => a.order - b.order)
  }

  /** Reads the instrument's values; whether they are others. */
  read(holding: Holding): boolean {
    holding.revision = this.#instruments.revision
    const values = this.#instruments.resolve(holding.instrument)
    if (sameValues(holding.values, values)) {
      // The same money, perhaps from a better source.
      holding.values = values
      return false
    }
    const isMoving = holding.values.currency?.value !== values.currency?.value
    if (isMoving) this.#totals.leave(holding)
    holding.values = values
    if (isMoving) this.#totals.join(holding)
    return true
  }
}
