import type { Market } from '../feeds/feed.ts'
import { decimalEquals } from '../model/decimal.ts'
import type { QuoteField, QuoteFields } from '../model/quote.ts'
import { QUOTE_FIELD_NAMES } from '../model/quote.ts'
import { seededRandom } from '../model/random.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { SYNTHETIC_INSTRUMENTS, type SyntheticInstrument } from './instruments.ts'
import { beginState, type InstrumentState, moveState, quoteOf } from './walk.ts'

/** What a step changed of one instrument: just these fields. */
export interface MarketMove {
  readonly name: string
  readonly fields: QuoteFields
}

/** A market whose prices somebody moves on, step by step. */
export interface MovingMarket extends Market {
  step(): readonly MarketMove[]
}

export interface SyntheticMarket extends MovingMarket {
  readonly names: readonly string[]
  /** Market time: the start, and STEP for each step since. */
  now(): EpochMicros
  /** As many steps as end at or before `to`. */
  advance(to: EpochMicros): readonly MarketMove[]
}

export interface SyntheticMarketOptions {
  readonly seed: number
  readonly start: EpochMicros
  readonly instruments?: readonly SyntheticInstrument[]
}

/** Market time between two steps. */
export const STEP: Micros = 50_000

/**
 * One seeded truth: the same seed gives the same prices step for step, whatever time it starts at and whoever
 * is told. Every price is exactly on a tick, every size a whole number of units.
 */
export function createSyntheticMarket(options: SyntheticMarketOptions): SyntheticMarket {
  const { seed, start, instruments = SYNTHETIC_INSTRUMENTS } = options
  const random = seededRandom(seed)
  const states = new Map<string, InstrumentState>()
  let now = start
  for (const instrument of instruments) {
    states.set(instrument.facts.name, beginState(instrument, leaderOf(instrument), random, now))
  }

  function leaderOf(instrument: SyntheticInstrument): InstrumentState | undefined {
    return instrument.follows === undefined ? undefined : states.get(instrument.follows)
  }

  function step(): readonly MarketMove[] {
    now += STEP
    const moves: MarketMove[] = []
    for (const instrument of instruments) {
      const { name } = instrument.facts
      const before = states.get(name)
      if (before === undefined) continue
      const after = moveState(before, leaderOf(instrument), random, now)
      states.set(name, after)
      const fields = changedFields(quoteOf(before), quoteOf(after))
      if (Object.keys(fields).length > 0) moves.push({ name, fields })
    }
    return moves
  }

  return {
    names: instruments.map(instrument => instrument.facts.name),
    now: () => now,
    quote(name) {
      const state = states.get(name)
      return state === undefined ? undefined : quoteOf(state)
    },
    facts: name => states.get(name)?.instrument.facts,
    step,
    advance(to) {
      const moves: MarketMove[] = []
      while (now + STEP <= to) moves.push(...step())
      return moves
    },
  }
}

function changedFields(before: QuoteFields, after: QuoteFields): QuoteFields {
  const changed = QUOTE_FIELD_NAMES.filter(field => !isSame(before[field], after[field]))
  return Object.fromEntries(changed.map(field => [field, after[field]]))
}

function isSame(before: QuoteFields[QuoteField], after: QuoteFields[QuoteField]): boolean {
  if (typeof before === 'object' && typeof after === 'object' && before !== null && after !== null) {
    return decimalEquals(before, after)
  }
  return before === after
}
