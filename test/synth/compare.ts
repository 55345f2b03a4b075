import { decimalText } from '../../src/model/decimal.ts'
import type { QuoteField, QuoteFields } from '../../src/model/quote.ts'
import { type EpochMicros, isoFromEpochMicros, type Micros } from '../../src/model/time.ts'
import { type Declares, quotesOver, type Rendered, type Truth } from '../../src/synth/index.ts'
import type { Change, Reading } from './reading.ts'

/** One side of a comparison: a wire as it was read, or the truth. */
export interface Side {
  readonly name: string
  readonly reading: Pick<Reading, 'moments' | 'changes' | 'pointValues'>
  readonly declares: Pick<Declares, 'carried' | 'hasSnapshot' | 'poll' | 'precision' | 'stampsSnapshots'>
  readonly breaks: readonly EpochMicros[]
  readonly lag: Micros
}

export interface Comparison {
  /** Values that both have said. */
  compared: number
  /** Values that a wire without a snapshot had no reason to say yet. */
  untold: number
  readonly differences: string[]
}

export function sideOf({ breaks, declares, lag, wire }: Rendered, reading: Reading): Side {
  return { name: wire.feed.name, reading, declares, breaks, lag }
}

/** The truth as if it were a wire: all of it, at once. */
export function truthAsSide(truth: Truth): Side {
  const moments = new Map<string, QuoteFields[]>(truth.markets.map(({ key }) => [key, []]))
  const at = quotesOver(truth)
  for (const settled of truth.settled) {
    for (const [key, fields] of at(settled.at)) moments.get(key)?.push(fields)
  }
  const carried = truth.markets.map(({ facts, key }) => {
    return {
      market: key,
      name: key,
      fields: Object.keys(truth.opening.get(key) ?? {}) as QuoteField[],
      facts,
    }
  })
  return {
    name: 'truth',
    reading: { moments, changes: changesOf(truth), pointValues: pointValuesOf(truth) },
    declares: { carried, hasSnapshot: true, precision: {} },
    breaks: [],
    lag: 0,
  }
}

function pointValuesOf({ markets }: Truth): ReadonlyMap<string, string> {
  return new Map(
    markets.flatMap(({ facts: { pointValue }, key }) =>
      pointValue === undefined ? [] : [[key, decimalText(pointValue)]],
    ),
  )
}

function changesOf({ moves, opening, start }: Truth): ReadonlyMap<string, readonly Change[]> {
  const changes = new Map<string, Change[]>()
  const first = [...opening].map(([market, fields]) => ({ at: start, fields, market }))
  for (const { at, fields, market } of [...first, ...moves]) {
    for (const price of ['last', 'bid', 'ask'] as const) {
      const value = fields[price]
      if (value == null) continue
      const list = changes.get(`${market} ${price}`) ?? []
      const text = decimalText(value)
      if (list.at(-1)?.text !== text) list.push({ at, text })
      changes.set(`${market} ${price}`, list)
    }
  }
  return changes
}

/** At the settled moments, over what both can say: values, and what a point is worth. */
export function compare(one: Side, other: Side, truth: Truth): Comparison {
  const result: Comparison = { compared: 0, untold: 0, differences: [] }
  const others = new Map(other.declares.carried.map(carried => [carried.market, carried]))
  for (const { fields, market } of one.declares.carried) {
    const theirs = others.get(market)
    if (theirs === undefined) continue
    const both = fields.filter(field => theirs.fields.includes(field))
    for (const index of truth.settled.keys()) {
      for (const field of both) compareValue(result, one, other, { market, field, index }, truth)
    }
    const [a, b] = [one, other].map(({ reading }) => reading.pointValues.get(market))
    if (a === undefined || b === undefined) continue
    result.compared += 1
    if (a !== b) result.differences.push(`${market} pointValue: ${one.name} ${a}, ${other.name} ${b}`)
  }
  return result
}

export interface Place {
  readonly market: string
  readonly field: QuoteField
  readonly index: number
}

function compareValue(result: Comparison, one: Side, other: Side, place: Place, truth: Truth): void {
  const { field, index, market } = place
  const precision = Math.max(one.declares.precision[field] ?? 1, other.declares.precision[field] ?? 1)
  const [a, b] = [one, other].map(({ reading }) => {
    return textOf(reading.moments.get(market)?.[index]?.[field], precision)
  })
  // The time of a price that is gone.
  if (field.endsWith('Time') && (a === 'null' || b === 'null')) return
  const isSaid = (value: string | undefined, side: Side): boolean => {
    return !(value === undefined && isSilent(side, place, truth)) && !isRestamped(side, place, truth)
  }
  if (!isSaid(a, one) || !isSaid(b, other)) {
    result.untold += 1
    return
  }
  result.compared += 1
  if (a === b) return
  const at = isoFromEpochMicros(truth.settled[index]?.at ?? 0)
  result.differences.push(`${market} ${field} at ${at}: ${one.name} ${a}, ${other.name} ${b}`)
}

function textOf(value: QuoteFields[QuoteField], precision: Micros): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number') return String(value - (value % precision))
  return typeof value === 'object' && value !== null ? decimalText(value) : String(value)
}

/** Whether a wire that tells of changes only has had none to tell of. */
export function isSilent({ declares }: Side, { field, index, market }: Place, truth: Truth): boolean {
  if (declares.hasSnapshot) return false
  const at = truth.settled[index]?.at ?? 0
  return !truth.moves.some(
    move => move.market === market && move.at <= at && move.fields[field] !== undefined,
  )
}

/** Whether the time is that of a reconnect’s snapshot, since nothing has changed behind it. */
function isRestamped(
  { breaks, declares, lag }: Side,
  { field, index, market }: Place,
  truth: Truth,
): boolean {
  if (declares.stampsSnapshots !== true || !(field === 'bidTime' || field === 'askTime')) return false
  const { at } = truth.settled[index] ?? { at: 0 }
  const broken = breaks.findLast(one => one <= at)
  if (broken === undefined) return false
  const back = broken + RECONNECTED - lag
  return !truth.moves.some(move => {
    return move.market === market && move.at > back && move.at <= at && move.fields[field] !== undefined
  })
}

/** From a break on, when the latest has subscribed again. */
const RECONNECTED: Micros = 1_500_000

export interface LagEstimate {
  /** How much later than `one` the other says the same. */
  readonly lag: Micros
  /** Pairs of changes that it rests on. */
  readonly pairs: number
}

/** Two that tell of one change are never farther apart. */
const FARTHEST: Micros = 3_600_000

/**
 * By changes of prices to a value that the other has just once near that time. A streaming pair has them all at one
 * distance: the median. A poll comes up to its pace later: where the distances within one pace are most.
 */
export function estimateLag(
  one: Side,
  other: Side,
  within: { readonly from: number; readonly to: number },
): LagEstimate {
  if (one.declares.poll !== undefined) {
    const { lag, pairs } = estimateLag(other, one, within)
    return { lag: -lag, pairs }
  }
  const distances = distancesOf(one, other, within).toSorted((a, b) => a - b)
  const { poll } = other.declares
  const middle = distances[Math.floor(distances.length / 2)] ?? Number.NaN
  return { lag: poll === undefined ? middle : densest(distances, poll), pairs: distances.length }
}

function distancesOf(
  one: Side,
  other: Side,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Micros[] {
  const distances: Micros[] = []
  for (const [place, changes] of other.reading.changes) {
    const theirs = one.reading.changes.get(place) ?? []
    let first = 0
    for (const { at, text } of changes) {
      if (at < from || at >= to) continue
      while ((theirs[first]?.at ?? Number.POSITIVE_INFINITY) < at - FARTHEST) first += 1
      const near: number[] = []
      for (let n = first; (theirs[n]?.at ?? Number.POSITIVE_INFINITY) <= at + FARTHEST; n += 1) {
        if (theirs[n]?.text === text) near.push(theirs[n]?.at ?? 0)
      }
      const [only] = near
      if (only !== undefined && near.length === 1) distances.push(at - only)
    }
  }
  return distances
}

/** Where a stretch of this length begins that has the most of them. */
function densest(sorted: readonly Micros[], length: Micros): Micros {
  let best = { count: 0, from: Number.NaN }
  let end = 0
  for (const [start, from] of sorted.entries()) {
    while ((sorted[end] ?? Number.POSITIVE_INFINITY) <= from + length) end += 1
    if (end - start > best.count) best = { count: end - start, from }
  }
  return best.from
}
