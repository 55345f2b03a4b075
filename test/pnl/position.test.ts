import { Decimal as Oracle } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimalText } from '../../src/model/decimal.ts'
import { applyFill, averagePrice, FLAT, type Position } from '../../src/pnl/index.ts'
import { unrealizedAt } from '../../src/pnl/position.ts'
import { decimal, textOf } from './decimals.ts'

Oracle.set({ precision: 60, rounding: Oracle.ROUND_HALF_EVEN, toExpNeg: -60, toExpPos: 60 })

interface FillText {
  readonly side: 'buy' | 'sell'
  readonly quantity: string
  readonly price: string
  readonly fee?: string
}

function positionAfter(...fills: readonly FillText[]): Position {
  return fills.reduce<Position>(
    (position, { side, quantity, price, fee }) =>
      applyFill(position, {
        side,
        quantity: decimal(quantity),
        price: decimal(price),
        ...(fee === undefined ? {} : { fee: decimal(fee) }),
      }),
    FLAT,
  )
}

function shown(position: Position): Record<string, string> {
  const { quantity, openCost, realized, fees } = position
  return {
    quantity: decimalText(quantity),
    openCost: decimalText(openCost),
    realized: decimalText(realized),
    fees: decimalText(fees),
  }
}

describe('a position by average price', () => {
  test('has no average at flat', () => {
    expect(averagePrice(FLAT)).toBeUndefined()
  })

  test('adds up in its own direction', () => {
    const position = positionAfter(
      { side: 'buy', quantity: '1', price: '100', fee: '1' },
      { side: 'buy', quantity: '2', price: '101', fee: '0.5' },
    )
    expect(shown(position)).toEqual({ quantity: '3', openCost: '302', realized: '0', fees: '1.5' })
    expect(textOf(averagePrice(position))).toBe('100.6666666667')
  })

  test('a partial close takes its share of the cost, rounded half to even at 10^-12', () => {
    const position = positionAfter(
      { side: 'buy', quantity: '3', price: '100' },
      { side: 'buy', quantity: '4', price: '101' },
      { side: 'sell', quantity: '1', price: '102' },
    )
    // 704 × 1 ÷ 7 = 100.571428571428571…, which ends in …429
    expect(shown(position)).toEqual({
      quantity: '6',
      openCost: '603.428571428571',
      realized: '1.428571428571',
      fees: '0',
    })
  })

  test('a half at the thirteenth digit goes to the even neighbour, long and short alike', () => {
    const down = positionAfter(
      { side: 'buy', quantity: '2', price: '0.0000000000005' },
      { side: 'sell', quantity: '1', price: '0' },
    )
    expect(shown(down)).toMatchObject({ openCost: '0.000000000001', realized: '0' })
    const up = positionAfter(
      { side: 'sell', quantity: '2', price: '0.0000000000015' },
      { side: 'buy', quantity: '1', price: '0' },
    )
    expect(shown(up)).toMatchObject({ openCost: '-0.000000000001', realized: '0.000000000002' })
  })

  test('closing everything leaves nothing, whatever was rounded on the way', () => {
    const position = positionAfter(
      { side: 'sell', quantity: '3', price: '0.33333333333333333' },
      { side: 'buy', quantity: '1', price: '0.1' },
      { side: 'buy', quantity: '1', price: '0.1' },
      { side: 'buy', quantity: '1', price: '0.1' },
    )
    expect(shown(position)).toEqual({
      quantity: '0',
      openCost: '0',
      realized: '0.69999999999999999',
      fees: '0',
    })
  })

  test('a flip closes everything and opens the remainder at the price', () => {
    const position = positionAfter(
      { side: 'buy', quantity: '2', price: '100' },
      { side: 'sell', quantity: '5', price: '110', fee: '3' },
    )
    expect(shown(position)).toEqual({ quantity: '-3', openCost: '-330', realized: '20', fees: '3' })
    expect(textOf(averagePrice(position))).toBe('110')
  })

  test('a short position and a negative price are like any other', () => {
    const position = positionAfter(
      { side: 'sell', quantity: '1', price: '-10' },
      { side: 'buy', quantity: '0.5', price: '-37.63' },
    )
    expect(shown(position)).toEqual({ quantity: '-0.5', openCost: '5', realized: '13.815', fees: '0' })
    expect(decimalText(unrealizedAt(position, decimal('-40')))).toBe('15')
  })
})

/** The same named rule over decimal.js. */
class OraclePosition {
  quantity = new Oracle(0)
  openCost = new Oracle(0)
  realized = new Oracle(0)

  apply({ side, quantity, price }: FillText): void {
    let signed = new Oracle(quantity).times(side === 'buy' ? 1 : -1)
    if (this.quantity.times(signed).isNegative() && !this.quantity.isZero()) {
      const closing = signed.abs().lessThan(this.quantity.abs()) ? signed.negated() : this.quantity
      const share = this.openCost.times(closing).dividedBy(this.quantity)
      const cost = closing.equals(this.quantity)
        ? this.openCost
        : share.toDecimalPlaces(Math.max(12, this.openCost.decimalPlaces()), Oracle.ROUND_HALF_EVEN)
      this.realized = this.realized.plus(closing.times(price)).minus(cost)
      this.quantity = this.quantity.minus(closing)
      this.openCost = this.openCost.minus(cost)
      signed = signed.plus(closing)
    }
    this.quantity = this.quantity.plus(signed)
    this.openCost = this.openCost.plus(signed.times(price))
  }
}

const scaled = (low: number, high: number, digits: number) =>
  fc
    .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: 0, max: digits }))
    .map(([mantissa, scale]) => new Oracle(mantissa).dividedBy(new Oracle(10).pow(scale)).toFixed())

const fillText: fc.Arbitrary<FillText> = fc.record({
  side: fc.constantFrom('buy', 'sell'),
  // Few distinct sizes, so that exact closes and flips are common; and fractional ones.
  quantity: fc.oneof(fc.constantFrom('1', '2', '3', '0.1', '7'), scaled(1, 10_000_000, 8)),
  price: fc.oneof(scaled(-1_000_000, 1_000_000, 4), scaled(1, 2_000_000_000, 8), scaled(1, 99, 12)),
})

test('any history of fills gives what the oracle gives, after each fill', () => {
  fc.assert(
    fc.property(fc.array(fillText, { maxLength: 40 }), fills => {
      const oracle = new OraclePosition()
      let position = FLAT
      for (const fill of fills) {
        oracle.apply(fill)
        const { side, quantity, price } = fill
        position = applyFill(position, { side, quantity: decimal(quantity), price: decimal(price) })
        expect(shown(position)).toEqual({
          quantity: oracle.quantity.toFixed(),
          openCost: oracle.openCost.toFixed(),
          realized: oracle.realized.toFixed(),
          fees: '0',
        })
      }
    }),
    { numRuns: 1_000 },
  )
})

test('at flat all money is realized: what was paid and got, to the last digit', () => {
  fc.assert(
    fc.property(
      fc.array(fillText, { minLength: 1, maxLength: 20 }),
      scaled(-1_000, 1_000, 3),
      (fills, price) => {
        const open = positionAfter(...fills)
        if (open.quantity.mantissa === 0) return
        const isLong = open.quantity.mantissa > 0
        const size = decimalText(open.quantity).replace('-', '')
        const flat = positionAfter(...fills, { side: isLong ? 'sell' : 'buy', quantity: size, price })
        const cash = [...fills, { side: isLong ? 'sell' : 'buy', quantity: size, price }].reduce(
          (sum, fill) =>
            sum.plus(new Oracle(fill.quantity).times(fill.price).times(fill.side === 'buy' ? -1 : 1)),
          new Oracle(0),
        )
        expect(shown(flat)).toEqual({ quantity: '0', openCost: '0', realized: cash.toFixed(), fees: '0' })
      },
    ),
    { numRuns: 500 },
  )
})
