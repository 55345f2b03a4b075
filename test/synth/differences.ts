import { decimalText } from '../../src/model/decimal.ts'
import type { Truth } from '../../src/synth/index.ts'
import { compare, estimateLag, type Side } from './compare.ts'
import type { Reading } from './reading.ts'

/** More than jitter and the way of an answer make of one lag in two parts of a session. */
const STEADY = 400_000
const FEWEST_PAIRS = 20

/** What two sides differ in, each as a sentence: values at settled moments, and a lag between them that grows. */
export function differencesOf(one: Side, other: Side, truth: Truth): readonly string[] {
  const { differences } = compare(one, other, truth)
  const drift = driftOf(one, other, truth)
  const isSteady = drift === undefined || Math.abs(drift) < STEADY
  return isSteady ? differences : [...differences, `${one.name}, ${other.name}: the lag grows by ${drift} µs`]
}

/** The lag of the last quarter less that of the first half; `undefined` where too little can be told by. */
function driftOf(one: Side, other: Side, truth: Truth): number | undefined {
  const { end, settled, start } = truth
  const half = start + (end - start) / 2
  const early = estimateLag(one, other, { from: settled[1]?.at ?? start, to: half })
  const late = estimateLag(one, other, { from: half + (end - start) / 4, to: Number.POSITIVE_INFINITY })
  const isTold = early.pairs >= FEWEST_PAIRS && late.pairs >= FEWEST_PAIRS
  return isTold ? late.lag - early.lag : undefined
}

/** Fills that a wire tells otherwise than the truth has them. */
export function wrongFills({ fills }: Reading, { orders }: Truth): readonly string[] {
  const known = new Map(
    orders.flatMap(order => order.fills.map(fill => [fill.id, decimalText(fill.price)] as const)),
  )
  return fills.flatMap(({ id, price }) => {
    const right = known.get(id)
    return right === decimalText(price) ? [] : [`fill ${id}: ${decimalText(price)}, and not ${right}`]
  })
}
