import { add, type Decimal, multiply } from '../model/decimal.ts'
import type { InstrumentFacts } from '../model/observation.ts'
import type { QuoteField } from '../model/quote.ts'
import type { Random } from '../model/random.ts'
import { type EpochMicros, isoFromEpochMicros, type Micros } from '../model/time.ts'
import type { Carried, Declares } from './declares.ts'
import { PLANTS, type PlantKind } from './plant-kinds.ts'
import { onePlace } from './plant-places.ts'
import { plantInMoves } from './plants-in-moves.ts'
import type { TruthOrder } from './strategy.ts'
import type { Truth } from './truth.ts'
import { tickIn } from './truth-markets.ts'
import type { TruthMove } from './truth-moves.ts'

/** The truth as it is told on one wire. */
export interface Planting {
  readonly moves: readonly TruthMove[]
  readonly orders: readonly TruthOrder[]
  facts(market: string, facts: InstrumentFacts): InstrumentFacts
  /** From the truth to the wire, beyond what that declares. */
  lagAt(at: EpochMicros): Micros
  readonly planted?: Planted
}

/** What was planted, for the truth’s own description. */
export interface Planted extends PlantPlace {
  readonly kind: PlantKind
  readonly text: string
}

export interface PlantPlace {
  readonly market?: string
  readonly field?: QuoteField
  /** From when on. */
  readonly at?: EpochMicros
}

export function nothingPlanted(truth: Truth, lag: Micros): Planting {
  return { moves: truth.moves, orders: truth.orders, facts: (_, facts) => facts, lagAt: () => lag }
}

/** Plants one error where a settled moment will show it. Throws `usage` where the session has no place for it. */
export function plant(
  kind: PlantKind,
  truth: Truth,
  declares: Declares,
  lag: Micros,
  random: Random,
): Planting {
  const { place, changed } = changesFor(kind, truth, declares, lag, random)
  const { at, field, market } = place
  const where = [market, field].filter(word => word !== undefined).join(' ')
  const since = at === undefined ? '' : ` at ${isoFromEpochMicros(at)}`
  const text = `${kind}${where === '' ? '' : ` in ${where}`}${since}: ${PLANTS[kind]}`
  return { ...nothingPlanted(truth, lag), ...changed, planted: { kind, ...place, text } }
}

interface Changes {
  readonly place: PlantPlace
  readonly changed: Partial<Planting>
}

function changesFor(kind: PlantKind, truth: Truth, declares: Declares, lag: Micros, random: Random): Changes {
  switch (kind) {
    case 'late':
      return growingLag(truth, lag)
    case 'wrong-multiplier':
      return wrongMultiplier(declares.carried, random)
    case 'wrong-fill':
      return wrongFill(truth, declares.carried, random)
    case 'wrong-price':
    case 'lost-update':
    case 'swapped-sides':
    case 'stale': {
      const { moves, ...place } = plantInMoves(kind, truth, declares.carried, random)
      return { place, changed: { moves } }
    }
    default:
      return kind satisfies never
  }
}

function growingLag({ end, start }: Truth, lag: Micros): Changes {
  const at = start + Math.floor((end - start) / 2)
  return { place: { at }, changed: { lagAt: now => lag + Math.floor(Math.max(now - at, 0) / 4) } }
}

const TEN: Decimal = { mantissa: 10, scale: 0 }

function wrongMultiplier(carried: readonly Carried[], random: Random): Changes {
  const priced = carried.filter(({ facts }) => facts.pointValue !== undefined)
  const { market } = onePlace('wrong-multiplier', random, priced)
  const facts = (of: string, said: InstrumentFacts): InstrumentFacts => {
    const { pointValue } = said
    if (of !== market || pointValue === undefined) return said
    return { ...said, pointValue: multiply(pointValue, TEN) }
  }
  return { place: { market }, changed: { facts } }
}

function wrongFill(truth: Truth, carried: readonly Carried[], random: Random): Changes {
  const own = new Set(carried.map(({ market }) => market))
  const orders = truth.orders.filter(order => own.has(order.market))
  const order = onePlace('wrong-fill', random, orders)
  const { at, market } = order
  const tick = tickIn(truth.markets, market)
  const fills = order.fills.map((fill, n) => (n === 0 ? { ...fill, price: add(fill.price, tick) } : fill))
  const changed = truth.orders.map(one => (one === order ? { ...order, fills } : one))
  return { place: { market, at }, changed: { orders: changed } }
}
