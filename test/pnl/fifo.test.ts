import { Decimal as Oracle } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimalText } from '../../src/model/decimal.ts'
import { createMatcher } from '../../src/pnl/matcher.ts'
import { type FillPair, type Matcher, type Matching, sidesOf } from '../../src/pnl/matching.ts'
import { averagePrice, FLAT, type Position, unrealizedAt } from '../../src/pnl/position.ts'
import { decimal, textOf } from './decimals.ts'

Oracle.set({ precision: 80, rounding: Oracle.ROUND_HALF_EVEN, toExpNeg: -60, toExpPos: 60 })

interface FillText {
  readonly id?: string
  readonly side: 'buy' | 'sell'
  readonly quantity: string
  readonly price: string
  readonly fee?: string
}

function fillIn(matcher: Matcher, { id, side, quantity, price, fee }: FillText): Position {
  return matcher.fill({
    ...(id === undefined ? {} : { id }),
    side,
    quantity: decimal(quantity),
    price: decimal(price),
    ...(fee === undefined ? {} : { fee: decimal(fee) }),
  })
}

function matched(...fills: readonly FillText[]): { matcher: Matcher; position: Position } {
  const matcher = createMatcher('fifo')
  const position = fills.reduce((_, fill) => fillIn(matcher, fill), FLAT)
  return { matcher, position }
}

const buy = (quantity: string, price: string, id?: string): FillText => ({
  side: 'buy',
  quantity,
  price,
  ...(id === undefined ? {} : { id }),
})
const sell = (quantity: string, price: string, id?: string): FillText => ({
  ...buy(quantity, price, id),
  side: 'sell',
})

function shown({ quantity, openCost, realized, fees }: Position): Record<string, string> {
  return {
    quantity: decimalText(quantity),
    openCost: decimalText(openCost),
    realized: decimalText(realized),
    fees: decimalText(fees),
  }
}

/** `long a→b 2 × (110 − 100) = 20`: opened by a, closed by b. */
function shownPair(pair: FillPair): string {
  const { side, opening, closing, quantity, units } = pair
  const { buy: bought, sell: sold } = sidesOf(pair)
  const prices = `${decimalText(sold.price)} − ${decimalText(bought.price)}`
  return `${side} ${opening.id}→${closing.id} ${decimalText(quantity)} × (${prices}) = ${decimalText(units)}`
}

describe('a position by first in, first out', () => {
  test.each<Matching>(['fifo', 'average'])(
    'the same id is the same fill, by %s too: the second time nothing happens',
    matching => {
      const matcher = createMatcher(matching)
      for (const fill of [
        { ...buy('1', '100', 'a'), fee: '2' },
        { ...buy('1', '100', 'a'), fee: '2' },
      ])
        fillIn(matcher, fill)
      expect(shown(fillIn(matcher, buy('1', '100', 'b')))).toMatchObject({ quantity: '2', fees: '2' })
    },
  )

  test('a repeated fill closes nothing', () => {
    const { matcher, position } = matched(buy('1', '100', 'a'), buy('1', '100', 'a'), sell('1', '101', 'b'))
    expect(shown(position)).toEqual({ quantity: '0', openCost: '0', realized: '1', fees: '0' })
    expect(matcher.pairs).toHaveLength(1)
  })

  test('fills without an id are each of their own', () => {
    expect(shown(matched(buy('1', '100'), buy('1', '100')).position)).toMatchObject({ quantity: '2' })
  })

  test('adds up in its own direction, and its average weighs the lots by quantity', () => {
    const { matcher, position } = matched(
      { ...buy('1', '100'), fee: '1' },
      { ...buy('2', '101'), fee: '0.5' },
    )
    expect(shown(position)).toEqual({ quantity: '3', openCost: '302', realized: '0', fees: '1.5' })
    expect(textOf(averagePrice(position))).toBe('100.6666666667')
    expect(matcher.pairs).toEqual([])
  })

  test('a partial close takes the oldest lot first and splits the one that it ends in', () => {
    const { matcher, position } = matched(
      buy('3', '100', 'a'),
      buy('4', '101', 'b'),
      sell('5', '102', 'c'),
      sell('1', '99', 'd'),
    )
    expect(matcher.pairs.map(shownPair)).toEqual([
      'long a→c 3 × (102 − 100) = 6',
      'long b→c 2 × (102 − 101) = 2',
      'long b→d 1 × (99 − 101) = -2',
    ])
    expect(shown(position)).toEqual({ quantity: '1', openCost: '101', realized: '6', fees: '0' })
  })

  test('a flip closes every lot and opens the remainder at its price', () => {
    const { matcher, position } = matched(buy('2', '100', 'a'), sell('5', '110', 'b'), buy('3', '108', 'c'))
    expect(matcher.pairs.map(shownPair)).toEqual([
      'long a→b 2 × (110 − 100) = 20',
      'short b→c 3 × (110 − 108) = 6',
    ])
    expect(shown(position)).toEqual({ quantity: '0', openCost: '0', realized: '26', fees: '0' })
  })

  test('a short position and negative prices are like any other', () => {
    const { matcher, position } = matched(sell('1', '-10', 'a'), buy('0.5', '-37.63', 'b'))
    expect(matcher.pairs.map(shownPair)).toEqual(['short a→b 0.5 × (-10 − -37.63) = 13.815'])
    expect(shown(position)).toEqual({ quantity: '-0.5', openCost: '5', realized: '13.815', fees: '0' })
    expect(decimalText(unrealizedAt(position, decimal('-40')))).toBe('15')
  })

  test('a fee that comes apart from its fill counts, and can be taken back', () => {
    const { matcher } = matched(buy('1', '100'))
    expect(shown(matcher.charge(decimal('2.6')))).toMatchObject({ fees: '2.6' })
    expect(shown(matcher.charge(decimal('-2.6')))).toMatchObject({ fees: '0', openCost: '100' })
  })

  test('thousands of lots that were opened and closed leave nothing', () => {
    const matcher = createMatcher('fifo')
    for (let n = 0; n < 3_000; n += 1) {
      fillIn(matcher, buy('2', '100'))
      if (n > 0) fillIn(matcher, sell('2', '101'))
    }
    expect(shown(fillIn(matcher, sell('2', '101')))).toEqual({
      quantity: '0',
      openCost: '0',
      realized: '6000',
      fees: '0',
    })
    expect(matcher.pairs).toHaveLength(3_000)
  })
})

interface Piece {
  readonly from: Oracle
  readonly to: Oracle
  readonly price: string
  readonly id: string
}

/**
 * Not a queue: the n-th unit that was ever bought is closed against the n-th that was ever sold, whichever came
 * first. Pairs are where the stretches of the two overlap.
 */
class OracleFifo {
  readonly #bought: Piece[] = []
  readonly #sold: Piece[] = []

  apply({ id = '', side, quantity, price }: FillText): void {
    const pieces = side === 'buy' ? this.#bought : this.#sold
    const from = pieces.at(-1)?.to ?? new Oracle(0)
    pieces.push({ from, to: from.plus(quantity), price, id })
  }

  pairs(): readonly { buy: Piece; sell: Piece; quantity: Oracle }[] {
    return this.#bought.flatMap(bought =>
      this.#sold.flatMap(sold => {
        const quantity = Oracle.min(bought.to, sold.to).minus(Oracle.max(bought.from, sold.from))
        return quantity.greaterThan(0) ? [{ buy: bought, sell: sold, quantity }] : []
      }),
    )
  }

  position(): { quantity: Oracle; openCost: Oracle; realized: Oracle } {
    const total = (pieces: readonly Piece[]): Oracle => pieces.at(-1)?.to ?? new Oracle(0)
    const matchedUnits = Oracle.min(total(this.#bought), total(this.#sold))
    const costBehind = (pieces: readonly Piece[]): Oracle =>
      pieces.reduce((sum, { from, to, price }) => {
        const open = to.minus(Oracle.max(from, matchedUnits))
        return open.greaterThan(0) ? sum.plus(open.times(price)) : sum
      }, new Oracle(0))
    return {
      quantity: total(this.#bought).minus(total(this.#sold)),
      openCost: costBehind(this.#bought).minus(costBehind(this.#sold)),
      realized: this.pairs().reduce(
        (sum, { buy: bought, sell: sold, quantity }) =>
          sum.plus(new Oracle(sold.price).minus(bought.price).times(quantity)),
        new Oracle(0),
      ),
    }
  }
}

const scaled = (low: number, high: number, digits: number) =>
  fc
    .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: 0, max: digits }))
    .map(([mantissa, scale]) => new Oracle(mantissa).dividedBy(new Oracle(10).pow(scale)).toFixed())

const halfThirtySeconds = fc
  .integer({ min: 6_000, max: 9_000 })
  .map(halves => new Oracle(halves).dividedBy(64).toFixed())

const fillText: fc.Arbitrary<FillText> = fc.record({
  side: fc.constantFrom('buy', 'sell'),
  // Few distinct sizes, so that exact closes and flips are common; and what crypto is sold in.
  quantity: fc.oneof(fc.constantFrom('1', '2', '3', '0.1', '7', '0.00012345'), scaled(1, 10_000_000, 8)),
  // On the tick, below zero, averages that lie beside every tick, and 64ths.
  price: fc.oneof(
    scaled(-1_000_000, 1_000_000, 2),
    scaled(1, 2_000_000_000, 8),
    scaled(1, 99, 12),
    fc.constantFrom('25871.369565217', '0.33333333333333333'),
    halfThirtySeconds,
  ),
})

const byIds = (a: string, b: string): number => (a < b ? -1 : 1)

test('any history of fills gives what the oracle gives: after each fill its position, and every pair', () => {
  fc.assert(
    fc.property(fc.array(fillText, { maxLength: 40 }), fills => {
      const oracle = new OracleFifo()
      const matcher = createMatcher('fifo')
      for (const [index, fill] of fills.entries()) {
        const identified = { ...fill, id: String(index) }
        oracle.apply(identified)
        const { quantity, openCost, realized } = oracle.position()
        expect(shown(fillIn(matcher, identified))).toEqual({
          quantity: quantity.toFixed(),
          openCost: openCost.toFixed(),
          realized: realized.toFixed(),
          fees: '0',
        })
      }
      const pairs = matcher.pairs.map(pair => {
        const { buy: bought, sell: sold } = sidesOf(pair)
        return `${bought.id} ${sold.id} ${decimalText(pair.quantity)} ${decimalText(pair.units)}`
      })
      const expected = oracle.pairs().map(({ buy: bought, sell: sold, quantity }) => {
        const units = new Oracle(sold.price).minus(bought.price).times(quantity)
        return `${bought.id} ${sold.id} ${quantity.toFixed()} ${units.isZero() ? '0' : units.toFixed()}`
      })
      expect(pairs.sort(byIds)).toEqual([...expected].sort(byIds))
    }),
    { numRuns: 1_000 },
  )
})

test('a pair is opened by the earlier of its fills, and pairs stand in the order of closing', () => {
  fc.assert(
    fc.property(fc.array(fillText, { maxLength: 40 }), fills => {
      const matcher = createMatcher('fifo')
      for (const [index, fill] of fills.entries()) fillIn(matcher, { ...fill, id: String(index) })
      let last = -1
      for (const { side, opening, closing } of matcher.pairs) {
        expect(Number(opening.id)).toBeLessThan(Number(closing.id))
        expect(opening.side).toBe(side === 'long' ? 'buy' : 'sell')
        expect(Number(closing.id)).toBeGreaterThanOrEqual(last)
        last = Number(closing.id)
      }
    }),
    { numRuns: 300 },
  )
})
