import type { Decimal } from '../model/decimal.ts'
import { ownText } from '../model/own-text.ts'
import type { QuoteField, QuoteFields, QuoteGroup } from '../model/quote.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import {
  type FieldPlace,
  OWN_PLACES,
  PRICE_PLACES,
  PRICE_WIDTH,
  type PriceGroup,
  RECEIVED_AT,
  SHOWN_PLACES,
} from './quote-places.ts'
import type { Slots } from './slots.ts'

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
  readonly key: PriceKey
}

/** What a wire's state is kept by. */
export interface PriceKey {
  /** The tape as named, from 0, and the connection on it. */
  readonly tape: number
  readonly conn: number
  readonly session: string
  /** As the wire sends it. */
  readonly name: string
}

/** Where an update stands. */
export interface Receipt {
  readonly at: EpochMicros
  readonly seq: number
  readonly packet: number
}

const PRICE_GROUPS: readonly PriceGroup[] = ['last', 'bid', 'ask']
const QUOTE_GROUPS: readonly QuoteGroup[] = [...PRICE_GROUPS, 'day', 'extended', 'mode']

type FieldValue = Decimal | number | string | null

/**
 * One instrument's quote, merged over every key and connection that spoke of it. Each group ages on its own. It is
 * overwritten in place, and what it gives is made for whoever asks: he may keep it.
 */
export class InstrumentQuote {
  /** Its identity: a bare name until the instrument that it means has come. */
  name: string
  /** Updates with an older wire time, or of an earlier moment, than what stood here, that did not replace it. */
  late = 0
  updates = 0
  readonly #slots: Slots
  readonly #texts: (string | null | undefined)[] = [undefined, undefined]
  readonly #sources: { [G in PriceGroup]: PriceSource | undefined } = {
    last: undefined,
    bid: undefined,
    ask: undefined,
  }

  /** In a row of QUOTE_WIDTH. */
  constructor(name: string, slots: Slots) {
    this.name = name
    this.#slots = slots
  }

  /** Everything that was ever said and not taken back, latest value each, in the order of the table of fields. */
  get fields(): QuoteFields {
    const fields: Partial<Record<QuoteField, FieldValue>> = {}
    for (const place of SHOWN_PLACES) {
      const value = this.#valueAt(place)
      if (value !== undefined) fields[place.field] = value
    }
    return fields as QuoteFields
  }

  group(group: PriceGroup): PricePoint | undefined {
    const source = this.#sources[group]
    if (source === undefined) return undefined
    const slots = this.#slots
    const place = PRICE_PLACES[group]
    return {
      price: slots.decimal(place.price) ?? null,
      at: slots.number(place.at) ?? 0,
      time: slots.number(place.time) ?? undefined,
      seq: slots.number(place.seq) ?? 0,
      packet: slots.number(place.packet) ?? 0,
      source,
    }
  }

  /** Receipt of the latest update of a group. */
  receivedAt(group: QuoteGroup): EpochMicros | undefined {
    return this.#slots.number(RECEIVED_AT[group]) ?? undefined
  }

  /** The newest wire time of a price so far; −1 before any. */
  newestTime(group: PriceGroup): EpochMicros {
    return this.#slots.number(PRICE_PLACES[group].newest) ?? -1
  }

  /** Takes a price whose wire time, if it has one, is not older than the newest so far; `lag` is its key’s. */
  setPrice(
    group: PriceGroup,
    price: Decimal | null,
    time: EpochMicros | undefined,
    { at, seq, packet }: Receipt,
    source: PriceSource,
    lag: Micros = 0,
  ): void {
    const slots = this.#slots
    const place = PRICE_PLACES[group]
    if (time !== undefined) slots.setNumber(place.newest, time)
    slots.setDecimal(place.price, price)
    slots.setNumber(place.time, time ?? null)
    slots.setNumber(place.at, at)
    slots.setNumber(place.seq, seq)
    slots.setNumber(place.packet, packet)
    slots.setNumber(place.moment, at - lag)
    slots.setNumber(place.receivedAt, at)
    this.#sources[group] = source
  }

  /**
   * Whether what a delayed key says of `moment` is of an earlier moment of the market than the price that stands. Times of the wire on both sides know it better; what one connection says comes in order.
   */
  isBehind(
    group: PriceGroup,
    source: PriceSource,
    time: EpochMicros | null | undefined,
    moment: EpochMicros,
  ): boolean {
    const standing = this.#sources[group]
    if (standing === undefined || isOneConnection(standing, source)) return false
    const place = PRICE_PLACES[group]
    if (typeof time === 'number' && typeof this.#slots.number(place.time) === 'number') return false
    return moment < (this.#slots.number(place.moment) ?? moment)
  }

  /** What a key had said before its first word on how late it is, was as late. */
  backdate(source: PriceSource, lag: Micros): void {
    for (const group of PRICE_GROUPS) {
      if (this.#sources[group] !== source) continue
      const { at, moment } = PRICE_PLACES[group]
      this.#slots.setNumber(moment, (this.#slots.number(at) ?? 0) - lag)
    }
  }

  /** Takes a field that stands for itself. */
  set({ type, slot, receivedAt }: FieldPlace, value: FieldValue, at: EpochMicros): void {
    if (type === 'text') this.#setText(slot, typeof value === 'string' ? value : null)
    else if (typeof value === 'number') this.#slots.setNumber(slot, value)
    else this.#slots.setDecimal(slot, typeof value === 'string' ? null : value)
    this.#slots.setNumber(receivedAt, at)
  }

  /**
   * Takes in what was kept of the same instrument under another name. Of each group the newer stands, by the wire's
   * own time where both have one, else by the moment that it is of; what only one of them said is kept.
   */
  absorb(other: InstrumentQuote): void {
    const newer = new Set(QUOTE_GROUPS.filter(group => other.#isNewerIn(group, this)))
    for (const place of OWN_PLACES.values()) {
      if (other.#valueAt(place) === undefined) continue
      if (newer.has(place.group) || this.#valueAt(place) === undefined) this.#copy(other, place)
    }
    for (const group of PRICE_GROUPS) {
      if (newer.has(group) && other.#sources[group] !== undefined) this.#copyPrice(other, group)
      const newest = Math.max(this.newestTime(group), other.newestTime(group))
      if (newest >= 0) this.#slots.setNumber(PRICE_PLACES[group].newest, newest)
    }
    for (const group of QUOTE_GROUPS) {
      const at = Math.max(this.receivedAt(group) ?? -1, other.receivedAt(group) ?? -1)
      if (at >= 0) this.#slots.setNumber(RECEIVED_AT[group], at)
    }
    this.updates += other.updates
    this.late += other.late
  }

  #isNewerIn(group: QuoteGroup, than: InstrumentQuote): boolean {
    if (group === 'last' || group === 'bid' || group === 'ask') {
      const [own, its] = [this.#sources[group], than.#sources[group]]
      if (own !== undefined && its !== undefined) return this.#isNewerPrice(group, than)
      if (own !== undefined || its !== undefined) return own !== undefined
    }
    const [own, its] = [this.newestTime('last'), than.newestTime('last')]
    // What belongs to the day belongs to the time of its last price.
    if (group === 'day' && own >= 0 && its >= 0 && own !== its) return own > its
    const lag = group === 'day' ? this.#lag('last') - than.#lag('last') : 0
    return (this.receivedAt(group) ?? -1) - lag > (than.receivedAt(group) ?? -1)
  }

  /** Of one moment the later entry; within one entry what stands goes on to stand. */
  #isNewerPrice(group: PriceGroup, than: InstrumentQuote): boolean {
    const [own, its] = [this.group(group), than.group(group)]
    if (own === undefined || its === undefined) return own !== undefined
    if (own.time !== undefined && its.time !== undefined && own.time !== its.time) return own.time > its.time
    const isOne = isOneConnection(own.source, its.source)
    const lag = isOne ? 0 : this.#lag(group) - than.#lag(group)
    if (own.at - lag !== its.at) return own.at - lag > its.at
    return own.at === its.at ? own.seq > its.seq : own.at > its.at
  }

  /** How much earlier than its receipt the moment is that a price is of. */
  #lag(group: PriceGroup): Micros {
    const { at, moment } = PRICE_PLACES[group]
    return (this.#slots.number(at) ?? 0) - (this.#slots.number(moment) ?? 0)
  }

  #copy(other: InstrumentQuote, { type, slot }: FieldPlace): void {
    if (type === 'text') this.#texts[slot] = other.#texts[slot]
    else this.#slots.copy(other.#slots, slot, type === 'decimal' ? 2 : 1)
  }

  #copyPrice(other: InstrumentQuote, group: PriceGroup): void {
    this.#slots.copy(other.#slots, PRICE_PLACES[group].price, PRICE_WIDTH)
    this.#sources[group] = other.#sources[group]
  }

  #setText(slot: number, text: string | null): void {
    const isNew = text !== this.#texts[slot]
    if (isNew) this.#texts[slot] = text === null ? null : ownText(text)
  }

  #valueAt({ type, slot }: FieldPlace): FieldValue | undefined {
    if (type === 'text') return this.#texts[slot]
    return type === 'decimal' ? this.#slots.decimal(slot) : this.#slots.number(slot)
  }
}

function isOneConnection(one: PriceSource, other: PriceSource): boolean {
  return one === other || (one.key.conn === other.key.conn && one.key.tape === other.key.tape)
}
