import type { Micros } from '../model/time.ts'
import type { Holding } from './holding.ts'
import { StaleQueue } from './stale-queue.ts'
import { TradeDateBorders } from './trade-date-borders.ts'

/** What befalls a ledger's positions without a quote: marks that grow stale, and days that end while one is open. */
export class Dues {
  /** Never later than the first of them. */
  next: Micros = Number.POSITIVE_INFINITY
  readonly #stale = new StaleQueue()
  readonly #borders = new TradeDateBorders()

  /** Its mark grows stale earlier than it stands here. */
  awaitStale(holding: Holding): void {
    this.#stale.add(holding)
    if (holding.staleAt < this.next) this.next = holding.staleAt
  }

  /** It was opened or closed: of an open one the end of its exchange's day is due. */
  keepDay(holding: Holding, at: Micros): void {
    this.#borders.keep(holding, at)
    this.#renew()
  }

  /** Those whose marks are stale at `due`, in the order of their first fills. */
  takeStale(due: Micros): readonly Holding[] {
    const stale = this.#stale.take(due)
    this.#renew()
    return stale
  }

  passDays(due: Micros): void {
    this.#borders.pass(due)
    this.#renew()
  }

  #renew(): void {
    this.next = Math.min(this.#stale.nextDue, this.#borders.nextDue)
  }
}
