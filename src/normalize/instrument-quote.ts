import type { Decimal } from '../model/decimal.ts'
import { QUOTE_FIELDS, type QuoteField, type QuoteFields, type QuoteGroup } from '../model/quote.ts'
import type { EpochMicros } from '../model/time.ts'

export type PriceGroup = 'last' | 'bid' | 'ask'

/** A price with its age and its place. `null`: the wire said that there is none now. */
export interface PricePoint {
  readonly price: Decimal | null
  /** Receipt, by the tape. Staleness is judged on this. */
  readonly at: EpochMicros
  /** The wire's own time, where this price came with one. */
  readonly time: EpochMicros | undefined
  readonly seq: number
  readonly packet: number
}

/** Where an update stands. */
export interface Receipt {
  readonly at: EpochMicros
  readonly seq: number
  readonly packet: number
}

/** One instrument's quote, merged over every key and connection that spoke of it. Each group ages on its own. */
export class InstrumentQuote {
  readonly name: string
  /** Groups that came with an older wire time than what stood here, and did not replace it. */
  late = 0
  updates = 0
  /** Everything that was ever said and not taken back, latest value each. */
  readonly fields: { -readonly [F in QuoteField]?: QuoteFields[F] } = {}
  readonly #prices: { [G in PriceGroup]: PricePoint | undefined } = {
    last: undefined,
    bid: undefined,
    ask: undefined,
  }
  readonly #groupAt: { [G in QuoteGroup]?: EpochMicros } = {}
  /** The newest wire time of `last` so far, also where the price that stands came without one. */
  #newestLast = -1

  constructor(name: string) {
    this.name = name
  }

  group(group: PriceGroup): PricePoint | undefined {
    return this.#prices[group]
  }

  /** Receipt of the latest update of a group. */
  receivedAt(group: QuoteGroup): EpochMicros | undefined {
    return this.#groupAt[group]
  }

  get delay(): number | undefined {
    return this.fields.delay ?? undefined
  }

  /**
   * Takes a last price. `time` is the wire's; one older than the newest so far replaces nothing and says false.
   * Without a time it cannot be older.
   */
  setLast(price: Decimal | null, time: EpochMicros | undefined, receipt: Receipt): boolean {
    if (time !== undefined) {
      if (time < this.#newestLast) {
        this.late += 1
        return false
      }
      this.#newestLast = time
    }
    this.fields.last = price
    this.fields.lastTime = time ?? null
    this.#setPrice('last', price, time, receipt)
    return true
  }

  setSide(side: 'bid' | 'ask', price: Decimal | null, time: EpochMicros | undefined, receipt: Receipt): void {
    this.fields[side] = price
    this.#setPrice(side, price, time, receipt)
  }

  set<F extends QuoteField>(field: F, value: QuoteFields[F], at: EpochMicros): void {
    this.fields[field] = value
    this.#groupAt[QUOTE_FIELDS[field].group] = at
  }

  #setPrice(group: PriceGroup, price: Decimal | null, time: EpochMicros | undefined, receipt: Receipt): void {
    const { at, seq, packet } = receipt
    this.#prices[group] = { price, at, time, seq, packet }
    this.#groupAt[group] = at
  }
}
