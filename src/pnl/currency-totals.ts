import { CurrencyTotal, type TotalReport } from './currency-total.ts'
import type { Holding } from './holding.ts'

/** The totals of one ledger, one a currency. Each position is in one of them. */
export class CurrencyTotals {
  readonly #totals = new Map<string, CurrencyTotal>()

  /** By currency, those without one last. */
  reports(): readonly TotalReport[] {
    return [...this.#totals].sort(byKey).map(([, total]) => total.report())
  }

  observe(): void {
    for (const total of this.#totals.values()) total.observe()
  }

  join(holding: Holding): CurrencyTotal {
    const key = totalKey(holding)
    const total = this.#totals.get(key) ?? new CurrencyTotal(holding.values.currency?.value)
    this.#totals.set(key, total)
    total.join(holding)
    holding.total = total
    return total
  }

  leave(holding: Holding): void {
    holding.total?.leave(holding)
    if (holding.total?.isEmpty) this.#totals.delete(totalKey(holding))
    holding.total = undefined
  }
}

/** Positions of an unknown currency have a total each instrument: two unknown currencies need not be one. */
function totalKey({ instrument, values: { currency } }: Holding): string {
  return currency === undefined ? `?${instrument}` : `=${currency.value}`
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
