import { QUOTE_FIELD_NAMES, QUOTE_FIELDS, type QuoteField, type QuoteGroup } from '../model/quote.ts'

export type PriceGroup = 'last' | 'bid' | 'ask'

/** Where a quote keeps a field: in its slots, or as the so-manyeth of its texts. */
export interface FieldPlace {
  readonly field: QuoteField
  readonly group: QuoteGroup
  readonly type: (typeof QUOTE_FIELDS)[QuoteField]['type']
  readonly slot: number
  /** The slot of its group's latest receipt. */
  readonly receivedAt: number
}

/** The slots of a price, of what came with it, and of its newest wire time so far. */
export interface PricePlace {
  readonly price: number
  readonly time: number
  readonly at: number
  readonly seq: number
  readonly packet: number
  /** Of the market: receipt less what its key declared. */
  readonly moment: number
  readonly newest: number
  readonly receivedAt: number
}

/** Slots of a price and of what came with it: price, time, at, seq, packet, moment, one behind the other. */
export const PRICE_WIDTH = 7

const taken = { slots: 0, texts: 0 }

function take(slots: number): number {
  taken.slots += slots
  return taken.slots - slots
}

export const RECEIVED_AT: Readonly<Record<QuoteGroup, number>> = {
  last: take(1),
  bid: take(1),
  ask: take(1),
  day: take(1),
  extended: take(1),
  mode: take(1),
}

export const PRICE_PLACES: Readonly<Record<PriceGroup, PricePlace>> = {
  last: placeOfPrice('last'),
  bid: placeOfPrice('bid'),
  ask: placeOfPrice('ask'),
}

function placeOfPrice(group: PriceGroup): PricePlace {
  return {
    price: take(2),
    time: take(1),
    at: take(1),
    seq: take(1),
    packet: take(1),
    moment: take(1),
    newest: take(1),
    receivedAt: RECEIVED_AT[group],
  }
}

/** A price's time comes with its price; every other field stands for itself, in its group. */
const WITH_PRICES: ReadonlyMap<QuoteField, number> = new Map([
  ['last', PRICE_PLACES.last.price],
  ['lastTime', PRICE_PLACES.last.time],
  ['bid', PRICE_PLACES.bid.price],
  ['bidTime', PRICE_PLACES.bid.time],
  ['ask', PRICE_PLACES.ask.price],
  ['askTime', PRICE_PLACES.ask.time],
])

function placeOfField(field: QuoteField): FieldPlace {
  const { group, type } = QUOTE_FIELDS[field]
  const slot = WITH_PRICES.get(field) ?? (type === 'text' ? taken.texts++ : take(type === 'decimal' ? 2 : 1))
  return { field, group, type, slot, receivedAt: RECEIVED_AT[group] }
}

const PLACES = QUOTE_FIELD_NAMES.map(placeOfField)
/** The times of the sides guard their prices and are not shown. */
export const SHOWN_PLACES: readonly FieldPlace[] = PLACES.filter(
  ({ field }) => field !== 'bidTime' && field !== 'askTime',
)
/** The fields that stand for themselves. */
export const OWN_PLACES: ReadonlyMap<QuoteField, FieldPlace> = new Map(
  PLACES.filter(({ field }) => !WITH_PRICES.has(field)).map(place => [place.field, place]),
)

/** Slots that a quote takes. */
export const QUOTE_WIDTH = taken.slots
