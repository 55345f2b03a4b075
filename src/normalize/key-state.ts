import type { Decimal } from '../model/decimal.ts'
import type { Micros } from '../model/time.ts'
import type { InstrumentQuote, PriceKey, PriceSource } from './instrument-quote.ts'
import type { Slots } from './slots.ts'

/** The least that a feed of a tape has declared for a name so far, whatever the connection; in seconds. */
export interface LeastDelay {
  delay: number | undefined
}

/** What one key of one connection has said: partial updates complete each other within it. */
export class KeyState implements PriceSource {
  quote: InstrumentQuote
  delay: number | undefined = undefined
  readonly key: PriceKey
  readonly least: LeastDelay
  readonly #last: Slots

  constructor(quote: InstrumentQuote, last: Slots, key: PriceKey, least: LeastDelay) {
    this.quote = quote
    this.#last = last
    this.key = key
    this.least = least
  }

  /** How much earlier than its receipt the moment is that a word of it is of; none where nothing is known. */
  get lag(): Micros {
    const delay = this.delay ?? this.least.delay
    return delay === undefined ? 0 : delay * 1_000_000
  }

  /** `undefined` before its first. */
  get last(): Decimal | null | undefined {
    return this.#last.decimal(0)
  }

  set last(price: Decimal | null) {
    this.#last.setDecimal(0, price)
  }
}
