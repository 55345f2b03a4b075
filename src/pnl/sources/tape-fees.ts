import type { FeeObservation } from '../../model/account.ts'
import { type Decimal, subtract, ZERO } from '../../model/decimal.ts'

/** What fills cost, by their ids, whenever it is told. Amounts of two currencies are not added. */
export class TapeFees {
  /** By fill and the wire's word for the currency. */
  readonly #fees = new Map<string, Map<string, Decimal>>()
  /** Told again, with nothing new. */
  repeated = 0
  /** Told with another amount, or taken back. */
  corrected = 0

  /** By how much what the fill costs has changed. */
  take({ id, amount, currency = '', change }: FeeObservation): Decimal {
    return this.#put(id, currency, change === 'deleted' ? ZERO : amount)
  }

  /** The venue has taken all of it back. */
  takeBack(id: string): Decimal {
    const before = this.of(id) ?? ZERO
    for (const currency of this.#fees.get(id)?.keys() ?? []) this.#put(id, currency, ZERO)
    return subtract(ZERO, before)
  }

  /** In the currency that was named first. */
  of(id: string): Decimal | undefined {
    const [first] = this.#fees.get(id)?.values() ?? []
    return first
  }

  /** Amounts in a second currency, which are left out. */
  foreign(id: string): number {
    return Math.max((this.#fees.get(id)?.size ?? 0) - 1, 0)
  }

  #put(id: string, currency: string, amount: Decimal): Decimal {
    const fees = this.#fees.get(id) ?? new Map<string, Decimal>()
    const before = this.of(id)
    const known = fees.get(currency)
    if (known !== undefined && subtract(known, amount).mantissa === 0) this.repeated += 1
    else if (known !== undefined) this.corrected += 1
    this.#fees.set(id, fees.set(currency, amount))
    return subtract(this.of(id) ?? ZERO, before ?? ZERO)
  }
}
