import { add, subtract } from '../model/decimal.ts'
import type { QuoteField, QuoteFields } from '../model/quote.ts'
import type { Random } from '../model/random.ts'
import type { EpochMicros } from '../model/time.ts'
import type { Carried } from './declares.ts'
import { type MoveKind, type MovePlace, onePlace, placesFor } from './plant-places.ts'
import type { Truth } from './truth.ts'
import { tickIn } from './truth-markets.ts'
import type { TruthMove } from './truth-moves.ts'

export interface PlantedMoves {
  readonly moves: readonly TruthMove[]
  readonly market: string
  readonly at: EpochMicros
  readonly field?: QuoteField
}

/** Throws `usage` where the session has no place for it. */
export function plantInMoves(
  kind: MoveKind,
  truth: Truth,
  carried: readonly Carried[],
  random: Random,
): PlantedMoves {
  const place = onePlace(kind, random, placesFor(kind, truth, carried))
  const { field, index, market, move } = place
  const at = move.at
  const isBehind = (other: TruthMove, n: number): boolean => n >= index && other.market === market
  switch (kind) {
    case 'wrong-price':
      return { market, field, at, moves: truth.moves.with(index, oneTickOff(place, truth, random)) }
    case 'lost-update':
      return { market, field, at, moves: truth.moves.toSpliced(index, 1) }
    case 'stale':
      return { market, at, moves: truth.moves.filter((one, n) => !isBehind(one, n)) }
    case 'swapped-sides': {
      const moves = truth.moves.map((one, n) => (isBehind(one, n) ? swapped(one) : one))
      return { market, at, moves }
    }
    default:
      return kind satisfies never
  }
}

function oneTickOff({ field, market, move }: MovePlace, { markets }: Truth, random: Random): TruthMove {
  const price = move.fields[field]
  if (price == null) return move
  const isUp = random.next() < 0.5
  const wrong = (isUp ? add : subtract)(price, tickIn(markets, market))
  return { ...move, fields: { ...move.fields, [field]: wrong } }
}

const OTHER: ReadonlyMap<string, string> = new Map([
  ['bid', 'ask'], ['bidSize', 'askSize'], ['bidTime', 'askTime'],
  ['ask', 'bid'], ['askSize', 'bidSize'], ['askTime', 'bidTime'],
]) // biome-ignore format: a list

function swapped(move: TruthMove): TruthMove {
  const fields: QuoteFields = Object.fromEntries(
    Object.entries(move.fields).map(([key, value]) => [OTHER.get(key) ?? key, value]),
  )
  return { ...move, fields }
}
