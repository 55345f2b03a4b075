import { add, type Decimal, decimalEquals, decimalText, subtract, ZERO } from '../../model/decimal.ts'
import type { PairReport } from '../holding.ts'
import { sidesOf } from '../matching.ts'
import { type Check, type CheckDifference, type CheckSide, NOT_THERE } from './check.ts'
import type { ForeignPair } from './foreign-file.ts'

/** One pair of fills, on either side; told in parts, the parts belong together. */
interface Told {
  readonly quantity: Decimal
  readonly buyPrice: Decimal
  readonly sellPrice: Decimal
  readonly pnl: Decimal | undefined
  readonly place: string
}

/** Fills closed first in, first out, against the pairs that a broker made of them. */
export function checkPairs(name: string, ours: readonly PairReport[], theirs: readonly ForeignPair[]): Check {
  const mine = gathered(ours.map(ourPair))
  const others = gathered(theirs.map(pair => [`${pair.buyFill} × ${pair.sellFill}`, pair] as const))
  const keys = new Set([...mine.keys(), ...others.keys()])
  const differences = [...keys].flatMap(key => differencesOf(key, mine.get(key), others.get(key)))
  return { name, compared: keys.size, differences, notes: sumNotes(mine, others) }
}

function ourPair(pair: PairReport): readonly [string, Told] {
  const { buy, sell } = sidesOf(pair)
  const { place } = pair.closing
  const told = {
    quantity: pair.quantity,
    buyPrice: buy.price,
    sellPrice: sell.price,
    pnl: pair.pnl,
    place: place === undefined ? '' : `entry ${place.seq} of ${place.tape}`,
  }
  return [`${buy.id ?? '?'} × ${sell.id ?? '?'}`, told]
}

function gathered(pairs: readonly (readonly [string, Told])[]): ReadonlyMap<string, Told> {
  const sums = new Map<string, Told>()
  for (const [key, pair] of pairs) {
    const known = sums.get(key)
    sums.set(key, known === undefined ? pair : joined(known, pair))
  }
  return sums
}

function joined(a: Told, b: Told): Told {
  const pnl = a.pnl === undefined || b.pnl === undefined ? undefined : add(a.pnl, b.pnl)
  return { ...a, quantity: add(a.quantity, b.quantity), pnl }
}

function differencesOf(key: string, ours: Told | undefined, theirs: Told | undefined): CheckDifference[] {
  if (ours === undefined || theirs === undefined) {
    return [{ what: `fills ${key}`, ours: sideOf(ours), theirs: sideOf(theirs) }]
  }
  const isSame =
    decimalEquals(ours.quantity, theirs.quantity) &&
    decimalEquals(ours.buyPrice, theirs.buyPrice) &&
    decimalEquals(ours.sellPrice, theirs.sellPrice) &&
    (ours.pnl === undefined || theirs.pnl === undefined || decimalEquals(ours.pnl, theirs.pnl))
  if (isSame) return []
  const difference =
    ours.pnl === undefined || theirs.pnl === undefined ? {} : { difference: subtract(theirs.pnl, ours.pnl) }
  return [{ what: `fills ${key}`, ours: sideOf(ours), theirs: sideOf(theirs), ...difference }]
}

function sideOf(told: Told | undefined): CheckSide {
  if (told === undefined) return NOT_THERE
  const { quantity, buyPrice, sellPrice, pnl, place } = told
  const prices = `${decimalText(quantity)} bought at ${decimalText(buyPrice)}, sold at ${decimalText(sellPrice)}`
  return { text: pnl === undefined ? prices : `${prices}: ${decimalText(pnl)}`, place }
}

function sumNotes(mine: ReadonlyMap<string, Told>, others: ReadonlyMap<string, Told>): readonly string[] {
  const [ours, theirs] = [sumOf(mine), sumOf(others)]
  if (ours === undefined || theirs === undefined) return []
  return [`gross ${decimalText(ours)} from fills, ${decimalText(theirs)} from pairs`]
}

function sumOf(pairs: ReadonlyMap<string, Told>): Decimal | undefined {
  let sum = ZERO
  for (const { pnl } of pairs.values()) {
    if (pnl === undefined) return undefined
    sum = add(sum, pnl)
  }
  return sum
}
