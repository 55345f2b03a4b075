import type { Micros } from '../model/time.ts'
import type { Holding } from './holding.ts'
import { nextTradeDateAt, type TradeDateRule, tradeDateOf } from './trade-date.ts'

/** When the day of an exchange ends next, of those by whose rule something is open. */
export class TradeDateBorders {
  readonly #open = new Map<TradeDateRule, { readonly holdings: Set<Holding>; readonly due: Micros }>()

  get nextDue(): Micros {
    let next = Number.POSITIVE_INFINITY
    for (const { due } of this.#open.values()) next = Math.min(next, due)
    return next
  }

  /** It was opened or closed, or is another instrument's. */
  keep(holding: Holding, at: Micros): void {
    const rule = holding.tradeDateRule
    for (const [other, { holdings }] of this.#open) {
      if (other !== rule && holdings.delete(holding) && holdings.size === 0) this.#open.delete(other)
    }
    if (rule === undefined) return
    const open = this.#open.get(rule)
    if (open === undefined)
      this.#open.set(rule, { holdings: new Set([holding]), due: nextTradeDateAt(rule, at) })
    else open.holdings.add(holding)
  }

  /** Tells those whose day ends at `due`, and waits for the end of the next. */
  pass(due: Micros): void {
    for (const [rule, { holdings, due: end }] of this.#open) {
      if (end > due) continue
      // A date is worked out by Intl, in microseconds: once for all positions.
      const border = { rule, ended: tradeDateOf(rule, due - 1), begun: tradeDateOf(rule, due) }
      for (const holding of holdings) holding.passDay(border)
      this.#open.set(rule, { holdings, due: nextTradeDateAt(rule, due) })
    }
  }
}
