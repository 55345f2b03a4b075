import type { Market } from '../feeds/index.ts'
import type { InstrumentFacts } from '../model/observation.ts'
import type { QuoteFields } from '../model/quote.ts'
import { type Random, randomInteger } from '../model/random.ts'
import type { EpochMicros } from '../model/time.ts'
import type { Carried } from './declares.ts'
import type { Planting } from './plants.ts'
import type { Truth } from './truth.ts'
import type { TruthMove } from './truth-moves.ts'

/** A move as it comes to one wire. */
export interface Delivery extends TruthMove {
  /** When it is on the wire; `at` is when it happened. */
  readonly due: EpochMicros
  /** By which the wire calls it. */
  readonly name: string
}

/** The truth as one wire knows it by now: late, under its own names, and with what was planted. */
export interface View extends Market {
  readonly names: readonly string[]
  readonly deliveries: readonly Delivery[]
  /** The truth’s time of what was taken last. */
  now(): EpochMicros
  /** Gives the quote before it. */
  take(delivery: Delivery): QuoteFields
}

/** The way differs a little from message to message. */
const MOST_JITTER = 2_000

export function createView(
  truth: Truth,
  carried: readonly Carried[],
  planting: Planting,
  random: Random,
): View {
  const quotes = new Map<string, QuoteFields>()
  const facts = new Map<string, InstrumentFacts>()
  const own = new Map(carried.map(one => [one.market, one]))
  for (const { market, name, facts: said, mode, delay } of carried) {
    const declared = mode === undefined ? {} : { mode, delay: delay ?? 0 }
    quotes.set(name, { ...truth.opening.get(market), ...declared })
    facts.set(name, planting.facts(market, said))
  }
  const deliveries = planting.moves.flatMap(move => {
    const one = own.get(move.market)
    if (one === undefined) return []
    const late = (one.delay ?? 0) * 1_000_000 + planting.lagAt(move.at)
    return [{ ...move, due: move.at + late + randomInteger(random, 0, MOST_JITTER), name: one.name }]
  })
  let now = truth.start
  return {
    names: carried.map(({ name }) => name),
    quote: name => quotes.get(name),
    facts: name => facts.get(name),
    deliveries: inOrder(deliveries),
    now: () => now,
    take({ at, fields, name }) {
      const before = quotes.get(name) ?? {}
      quotes.set(name, { ...before, ...fields })
      now = at
      return before
    },
  }
}

/** What happened later in a market comes later there, whatever the jitter. */
function inOrder(deliveries: readonly Delivery[]): readonly Delivery[] {
  const last = new Map<string, EpochMicros>()
  const dated = deliveries.map(delivery => {
    const due = Math.max(delivery.due, last.get(delivery.name) ?? 0)
    last.set(delivery.name, due)
    return { ...delivery, due }
  })
  return dated.sort((a, b) => a.due - b.due)
}
