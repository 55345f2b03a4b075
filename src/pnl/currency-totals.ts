import type { Decimal } from '../model/decimal.ts'
import type { Micros } from '../model/time.ts'
import { CurrencyTotal, type TotalReport } from './currency-total.ts'
import type { Holding } from './holding.ts'

/** A total's net at one moment; `key` sets it apart from the others. */
export interface NetReport {
  readonly key: string
  /** Unknown where `key` is an instrument's. */
  readonly currency: string | undefined
  /** `undefined` while a member is unpriced. */
  readonly net: Decimal | undefined
}

/** The totals of one ledger, one a currency. Each position is in one of them. */
export class CurrencyTotals {
  readonly #totals = new Map<string, CurrencyTotal>()

  /** By currency, those without one last. */
  reports(): readonly TotalReport[] {
    return [...this.#totals].sort(byKey).map(([, total]) => total.report())
  }

  /** Each one's net as it is now. */
  nets(): readonly NetReport[] {
    return [...this.#totals].sort(byKey).map(([key, { currency, net }]) => ({ key, currency, net }))
  }

  observe(at: Micros): void {
    for (const total of this.#totals.values()) total.observe(at)
  }

  join(holding: Holding): CurrencyTotal {
    const key = totalKey(holding)
    const total = this.#totals.get(key) ?? new CurrencyTotal(holding.values.currency?.value, holding.flatAt)
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
