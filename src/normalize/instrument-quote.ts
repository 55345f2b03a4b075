import type { Decimal } from '../model/decimal.ts'
import type { QuoteField, QuoteFields, QuoteGroup } from '../model/quote.ts'
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
  /** The key that it came by. */
  readonly source: PriceSource
}

/** One key of one connection: prices that come by it are as late as it declares. */
export interface PriceSource {
  /** Seconds; `undefined` where nothing is declared. */
  readonly delay: number | undefined
}

/** Where an update stands. */
export interface Receipt {
  readonly at: EpochMicros
  readonly seq: number
  readonly packet: number
}

/** One instrument's quote, merged over every key and connection that spoke of it. Each group ages on its own. */
export class InstrumentQuote {
  /** Its identity: a bare name until the instrument that it means has come. */
  name: string
  /** Updates that came with an older wire time than what stood here, and did not replace it. */
  late = 0
  updates = 0
  /** Everything that was ever said and not taken back, latest value each. */
  readonly fields: { -readonly [F in QuoteField]?: QuoteFields[F] } = {}
  readonly #prices: { [G in PriceGroup]: PricePoint | undefined } = {
    last: undefined,
    bid: undefined,
    ask: undefined,
  }
  readonly #groupAt: { [G in QuoteGroup]: EpochMicros | undefined } = {
    last: undefined,
    bid: undefined,
    ask: undefined,
    day: undefined,
    extended: undefined,
    mode: undefined,
  }
  /** The newest wire time of each price so far, also where the one that stands came without. */
  readonly #newest: { [G in PriceGroup]: EpochMicros } = { last: -1, bid: -1, ask: -1 }

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

  /** The newest wire time of a price so far; −1 before any. */
  newestTime(group: PriceGroup): EpochMicros {
    return this.#newest[group]
  }

  /** Takes a price whose wire time, if it has one, is not older than the newest so far. */
  setPrice(
    group: PriceGroup,
    price: Decimal | null,
    time: EpochMicros | undefined,
    { at, seq, packet }: Receipt,
    source: PriceSource,
  ): void {
    if (time !== undefined) this.#newest[group] = time
    this.fields[group] = price
    if (group === 'last') this.fields.lastTime = time ?? null
    this.#prices[group] = { price, at, time, seq, packet, source }
    this.#groupAt[group] = at
  }

  /** Takes a field of this group that stands for itself. */
  set<F extends QuoteField>(field: F, value: QuoteFields[F], group: QuoteGroup, at: EpochMicros): void {
    this.fields[field] = value
    this.#groupAt[group] = at
  }
}
