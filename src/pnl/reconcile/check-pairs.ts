import {
  add,
  type Decimal,
  decimalEquals,
  decimalSign,
  decimalText,
  subtract,
  ZERO,
} from '../../model/decimal.ts'
import type { PairReport } from '../holding.ts'
import { sidesOf } from '../matching.ts'
import { type Check, type CheckDifference, type CheckSide, NO_POINT_VALUE, NOT_THERE } from './check.ts'
import type { ForeignPair } from './foreign-file.ts'

/** One pair of fills, on either side; told in parts, the parts belong together. */
interface Told {
  readonly quantity: Decimal
  readonly pnl: Decimal | undefined
  /** At least one. */
  readonly parts: readonly Part[]
}

interface Part {
  readonly buyPrice: Decimal
  readonly sellPrice: Decimal
  readonly place: string
}

/** Fills closed first in, first out, against the pairs that a broker made of them. */
export function checkPairs(name: string, ours: readonly PairReport[], theirs: readonly ForeignPair[]): Check {
  const mine = gathered(ours.map(ourPair))
  const others = gathered(theirs.map(theirPair))
  const keys = new Set([...mine.keys(), ...others.keys()])
  const differences = [...keys].flatMap(key => differencesOf(key, mine.get(key), others.get(key)))
  return { name, compared: keys.size, differences, notes: sumNotes(mine, others) }
}

function ourPair(pair: PairReport): readonly [string, Told] {
  const { buy, sell } = sidesOf(pair)
  const { place } = pair.closing
  const part = {
    buyPrice: buy.price,
    sellPrice: sell.price,
    place: place === undefined ? '' : `entry ${place.seq} of ${place.tape}`,
  }
  const { quantity, pnl } = pair
  return [`${buy.id ?? '?'} × ${sell.id ?? '?'}`, { quantity, pnl, parts: [part] }]
}

function theirPair({ buyFill, sellFill, quantity, pnl, ...part }: ForeignPair): readonly [string, Told] {
  return [`${buyFill} × ${sellFill}`, { quantity, pnl, parts: [part] }]
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
  return { quantity: add(a.quantity, b.quantity), pnl, parts: [...a.parts, ...b.parts] }
}

function differencesOf(key: string, ours: Told | undefined, theirs: Told | undefined): CheckDifference[] {
  if (ours === undefined || theirs === undefined) {
    return [{ what: `fills ${key}`, ours: sideOf(ours), theirs: sideOf(theirs) }]
  }
  // The wire's pairs have no P&L; a file's have, and then ours must be known.
  const isKnown = ours.pnl !== undefined || theirs.pnl === undefined
  const difference =
    ours.pnl === undefined || theirs.pnl === undefined ? undefined : subtract(theirs.pnl, ours.pnl)
  const isSame =
    decimalEquals(ours.quantity, theirs.quantity) &&
    isAtOnePrice([...ours.parts, ...theirs.parts]) &&
    (difference === undefined || decimalSign(difference) === 0)
  if (isSame && isKnown) return []
  const unknown = isKnown ? '' : `, ${NO_POINT_VALUE}`
  const mine = sideOf(ours)
  return [
    {
      what: `fills ${key}`,
      ours: { ...mine, text: `${mine.text}${unknown}` },
      theirs: sideOf(theirs),
      ...(difference === undefined ? {} : { difference }),
    },
  ]
}

/** A fill has one price, and all parts of a pair are of the same two. */
function isAtOnePrice([first, ...more]: readonly Part[]): boolean {
  return first === undefined || more.every(part => hasPricesOf(part, first))
}

function hasPricesOf(one: Part, other: Part): boolean {
  return decimalEquals(one.buyPrice, other.buyPrice) && decimalEquals(one.sellPrice, other.sellPrice)
}

/** Of several parts, those at other prices are told, too. */
function sideOf(told: Told | undefined): CheckSide {
  if (told === undefined) return NOT_THERE
  const { quantity, pnl, parts } = told
  const distinct = parts.filter(
    (part, index) => !parts.slice(0, index).some(known => hasPricesOf(part, known)),
  )
  const prices = distinct
    .map(({ buyPrice, sellPrice }) => `bought at ${decimalText(buyPrice)}, sold at ${decimalText(sellPrice)}`)
    .join('; ')
  const text = `${decimalText(quantity)} ${prices}`
  const place = distinct.map(part => part.place).join(', ')
  return { text: pnl === undefined ? text : `${text}: ${decimalText(pnl)}`, place }
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
