import { FeedtapeError } from '../model/errors.ts'
import type { Random } from '../model/random.ts'
import type { EpochMicros } from '../model/time.ts'
import type { Carried } from './declares.ts'
import { oneOf } from './seeds.ts'
import { quotesOver, type Truth } from './truth.ts'
import type { TruthMove } from './truth-moves.ts'

export type MoveKind = 'wrong-price' | 'lost-update' | 'swapped-sides' | 'stale'

export interface MovePlace {
  readonly index: number
  readonly move: TruthMove
  readonly market: string
  readonly field: Price
}

const PRICES = ['last', 'bid', 'ask'] as const
type Price = (typeof PRICES)[number]

/** What nothing comes behind for so long stands at the settled moment. */
const SOON = 3_000_000

/** Throws `usage` where there is none. */
export function onePlace<T>(kind: string, random: Random, places: readonly T[]): T {
  if (places.length > 0) return oneOf(random, places)
  throw new FeedtapeError('usage', 'this session has no place for the error that is to be planted', {
    where: `--plant ${kind}`,
    expected: 'a session in which that can be seen: an order, or a price that changes before a quiet time',
    found: 'none',
    next: 'make it longer with --minutes, or choose another --seed',
  })
}

/** The last change of a price before a settled moment, in the middle of the session: until then nobody puts it right. */
export function placesFor(kind: MoveKind, truth: Truth, carried: readonly Carried[]): readonly MovePlace[] {
  const { end, settled, start } = truth
  const quarter = (end - start) / 4
  const inTime = settled.filter(({ at }) => at > start + quarter && at < end - quarter)
  return carried.flatMap(({ fields, market }) => {
    if (kind === 'swapped-sides' && !(fields.includes('bid') && fields.includes('ask'))) return []
    const prices = PRICES.filter(price => fields.includes(price))
    return prices.flatMap(field =>
      inTime.flatMap(({ from }) => placeIn(kind, truth, { market, field }, from)),
    )
  })
}

function placeIn(
  kind: MoveKind,
  truth: Truth,
  { field, market }: { readonly field: Price; readonly market: string },
  before: EpochMicros,
): readonly MovePlace[] {
  const index = truth.moves.findLastIndex(move => {
    return move.market === market && move.at <= before && move.fields[field] !== undefined
  })
  const move = truth.moves[index]
  if (move === undefined || move.fields[field] === null || before - move.at > SOON) return []
  // A price that is the same as before would not be missed, and half a book cannot be exchanged.
  const was = quotesOver(truth)(move.at - 1).get(market)?.[field]
  const isNews = was != null && JSON.stringify(was) !== JSON.stringify(move.fields[field])
  const isWhole = move.fields.bid != null && move.fields.ask != null
  const isPlace = kind === 'swapped-sides' ? isWhole : isNews
  return isPlace ? [{ index, move, market, field }] : []
}
