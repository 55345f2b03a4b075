import { Decimal as Oracle } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InstrumentBook } from '../../src/instruments/index.ts'
import { type Decimal, decimalText } from '../../src/model/decimal.ts'
import { epochMicrosFromIso } from '../../src/model/time.ts'
import { type GroupView, Ledger, type MatchedFill } from '../../src/pnl/index.ts'
import { decimal, textOf } from './decimals.ts'

const NQ = 'CME_MINI:NQ1!'
const SECOND = 1_000_000
const HOUR = 3_600 * SECOND

const at = (text: string): number => {
  const time = epochMicrosFromIso(text)
  if (time === undefined) throw new Error(`no time: ${text}`)
  return time
}

function setUp() {
  const groups = new Map<string, GroupView>()
  const view = { group: () => groups.get(NQ) }
  const ledger = new Ledger({
    chain: ['last'],
    staleAfter: 100 * HOUR,
    instruments: new InstrumentBook(),
    quoteOf: () => (groups.has(NQ) ? view : undefined),
  })
  return {
    ledger,
    quote(price: string, time: number) {
      ledger.advance(time)
      groups.set(NQ, { price: decimal(price), at: time, seq: 0, packet: 0 })
      ledger.quote(NQ, view, time)
    },
    fill(fill: MatchedFill, time: number) {
      ledger.advance(time)
      ledger.fill({ instrument: NQ, ...fill }, time)
    },
    trades: () =>
      ledger.trades().map(({ side, opened, closed, fees, worst, best, time }) => ({
        side,
        opened,
        closed,
        fees: plainText(fees),
        worst: textOf(worst),
        best: textOf(best),
        time,
      })),
    feesOfDays: () => ledger.days().map(({ date, fees }) => [date, plainText(fees)]),
    days: () => ledger.days().map(day => [day.date, textOf(day.realized), textOf(day.openChange)]),
  }
}

/** Equal for equal values: a sum keeps the digits of its parts. */
function plainText(value: Decimal): string {
  return new Oracle(decimalText(value)).toFixed()
}

function fillOf(side: 'buy' | 'sell', quantity: string, price: string, more: Partial<MatchedFill> = {}) {
  return { side, quantity: decimal(quantity), price: decimal(price), ...more }
}

describe('a fee that comes behind its fill', () => {
  test('is shared as if it had come with it, between what the fill closed and what it opened', () => {
    const { ledger, fill, trades } = setUp()
    const turn = fillOf('sell', '3', '101', { id: '2', at: 1 })
    fill(fillOf('buy', '1', '100', { id: '1', at: 0 }), 0)
    fill(turn, 1)
    ledger.charge(NQ, decimal('3'), 2, turn)
    expect(trades().map(({ side, fees }) => [side, fees])).toEqual([
      ['long', '1'],
      ['short', '2'],
    ])
  })

  test('is that of the trade that its fill opened, where another was closed at the same time', () => {
    const { ledger, fill, trades } = setUp()
    const opening = fillOf('sell', '2', '101', { id: '3', at: 1 })
    fill(fillOf('buy', '1', '100', { id: '1', at: 0 }), 0)
    fill(fillOf('sell', '1', '101', { id: '2', at: 1 }), 1)
    fill(opening, 1)
    ledger.charge(NQ, decimal('5'), 2, opening)
    expect(trades().map(({ fees }) => fees)).toEqual(['0', '5'])
  })

  const deal = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 7 }).map(String),
    wait: fc.nat({ max: 1 }),
    // Two parts, as where a commission and an exchange's fee are told apart; thirds of them are not exact.
    fees: fc.tuple(fc.integer({ min: -300, max: 900 }), fc.integer({ min: -300, max: 900 })),
    order: fc.nat(),
  })

  test('gives the trades that it gives with the fill, behind all fills, and behind a correction', () => {
    fc.assert(
      fc.property(fc.array(deal, { minLength: 1, maxLength: 12 }), deals => {
        let time = 0
        const fills = deals.map(({ side, quantity, wait }, index) => {
          time += wait
          return fillOf(side, quantity, String(100 + index), { id: String(index), at: time })
        })
        const cents = (amount: number) => ({ mantissa: amount, scale: 2 })
        const feeOf = (index: number) => {
          const [one, other] = deals[index]?.fees ?? [0, 0]
          return cents(one + other)
        }
        const whole = fills.map((fill, index) => ({ ...fill, fee: feeOf(index) }))
        const withThem = setUp()
        for (const fill of whole) withThem.fill(fill, fill.at ?? 0)

        const behind = setUp()
        for (const fill of fills) behind.fill(fill, fill.at ?? 0)
        const parts = deals.flatMap(({ fees, order }, index) =>
          fees.map((amount, part) => ({ amount, fill: fills[index], order: (order * (part + 3)) % 101 })),
        )
        for (const { amount, fill } of parts.sort((a, b) => a.order - b.order))
          behind.ledger.charge(NQ, cents(amount), time, fill)

        const anew = setUp()
        for (const fill of fills) anew.fill(fill, fill.at ?? 0)
        anew.ledger.restate(NQ, whole, time)

        expect(behind.trades()).toEqual(withThem.trades())
        expect(anew.trades()).toEqual(withThem.trades())
        expect(behind.feesOfDays()).toEqual(withThem.feesOfDays())
      }),
      { numRuns: 300 },
    )
  })
})

test('a correction leaves what marks have shown of one trade with that one, where another began at the same time', () => {
  const { ledger, fill, quote, trades } = setUp()
  const fills = [fillOf('buy', '1', '100'), fillOf('sell', '1', '100'), fillOf('buy', '1', '100')]
  for (const one of fills) fill({ ...one, at: 0 }, 0)
  quote('110', 1)
  quote('95', 2)
  const before = trades()
  expect(before.map(({ worst, best }) => [worst, best])).toEqual([
    ['0', '0'],
    ['-100', '200'],
  ])
  ledger.restate(
    NQ,
    fills.map(one => ({ ...one, at: 0 })),
    2,
  )
  expect(trades()).toEqual(before)
})

test('a trade is not closed before it was opened, also where its closing fill says so', () => {
  const { fill, trades } = setUp()
  fill(fillOf('buy', '1', '100', { at: 10 * SECOND }), 10 * SECOND)
  fill(fillOf('sell', '1', '105', { at: 5 * SECOND }), 11 * SECOND)
  expect(trades()).toMatchObject([{ opened: 10 * SECOND, closed: 10 * SECOND, time: 0 }])
})

/** Martin Luther King Day: what is done then is of Tuesday by CME, and of Monday by the rule. */
describe('a fill of the broker’s next day', () => {
  const friday = at('2026-01-16T18:00:00Z')
  const monday = at('2026-01-19T18:00:00Z')
  const tuesday = at('2026-01-20T18:00:00Z')
  const onTuesday = { tradeDate: '2026-01-20' } as const

  test('has no open P&L on the day that the clock says', () => {
    const { fill, quote, days } = setUp()
    fill(fillOf('buy', '1', '100', onTuesday), monday)
    quote('150', monday + HOUR)
    expect(days()).toEqual([['2026-01-20', '0', '1000']])
    fill(fillOf('sell', '1', '160', onTuesday), monday + 6 * HOUR)
    expect(days()).toEqual([['2026-01-20', '1200', '0']])
  })

  test('has it on the broker’s day, also where it stays open beyond that', () => {
    const { fill, quote, days } = setUp()
    fill(fillOf('buy', '1', '100', onTuesday), monday)
    quote('150', monday + HOUR)
    quote('160', tuesday)
    quote('170', tuesday + 6 * HOUR)
    expect(days()).toEqual([
      ['2026-01-20', '0', '1200'],
      ['2026-01-21', '0', '200'],
    ])
  })

  test('takes the day of the clock with it where nothing was done on that', () => {
    for (const quantity of ['1', '2']) {
      const { fill, quote, days } = setUp()
      fill(fillOf('buy', '2', '100'), friday)
      quote('110', friday + HOUR)
      fill(fillOf('sell', quantity, '120', onTuesday), monday)
      quote('130', tuesday)
      const [first, last, ...more] = days()
      expect([first, more]).toEqual([['2026-01-16', '0', '400'], []])
      // 2 × 10 points at the end of Friday; of one that is left 30.
      expect(last).toEqual(quantity === '1' ? ['2026-01-20', '400', '200'] : ['2026-01-20', '800', '-400'])
    }
  })

  test('stays on the broker’s day where a fill of days ago is told behind it', () => {
    const { fill, quote, days } = setUp()
    fill(fillOf('buy', '1', '100', onTuesday), monday)
    fill(fillOf('buy', '1', '100', { at: friday }), monday + HOUR)
    quote('110', monday + 2 * HOUR)
    expect(days()).toEqual([
      ['2026-01-16', '0', undefined],
      ['2026-01-20', '0', undefined],
    ])
  })

  test('leaves the day of the clock without a known end, where something was done on it and stayed open', () => {
    const { fill, quote, days } = setUp()
    fill(fillOf('buy', '1', '100'), monday - HOUR)
    fill(fillOf('buy', '1', '100', onTuesday), monday)
    quote('110', monday + HOUR)
    quote('110', tuesday)
    expect(days()).toEqual([
      ['2026-01-19', '0', undefined],
      ['2026-01-20', '0', undefined],
    ])
  })
})
