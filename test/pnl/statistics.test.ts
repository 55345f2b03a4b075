import { describe, expect, it, test } from 'vitest'
import { InstrumentBook } from '../../src/instruments/index.ts'
import { epochMicrosFromIso } from '../../src/model/time.ts'
import { dayTotals, type GroupView, Ledger, type MatchedFill, statisticsOf } from '../../src/pnl/index.ts'
import { profitFactor, winRatePercent } from '../../src/pnl/statistics.ts'
import { decimal, textOf } from './decimals.ts'

const NQ = 'CME_MINI:NQ1!'
const SECOND = 1_000_000

const at = (text: string): number => {
  const time = epochMicrosFromIso(text)
  if (time === undefined) throw new Error(`no time: ${text}`)
  return time
}

/** A ledger of one instrument at 20 dollars a point, unless another is named. */
function setUp(staleAfter = 60 * SECOND) {
  const groups = new Map<string, GroupView>()
  const viewOf = (name: string) => ({ group: () => groups.get(name) })
  const ledger = new Ledger({
    chain: ['last'],
    staleAfter,
    instruments: new InstrumentBook(),
    quoteOf: name => (groups.has(name) ? viewOf(name) : undefined),
  })
  return {
    ledger,
    quote(price: string, time: number, instrument = NQ) {
      ledger.advance(time)
      groups.set(instrument, { price: decimal(price), at: time, seq: 0, packet: 0 })
      ledger.quote(instrument, viewOf(instrument), time)
    },
    fill(
      side: 'buy' | 'sell',
      quantity: string,
      price: string,
      time: number,
      more: Partial<MatchedFill> = {},
    ) {
      ledger.advance(time)
      const deal = { side, quantity: decimal(quantity), price: decimal(price), ...more }
      ledger.fill({ instrument: NQ, ...deal }, time)
    },
    trades: () =>
      ledger.trades().map(trade => ({
        side: trade.side,
        gross: textOf(trade.gross),
        fees: textOf(trade.fees),
        net: textOf(trade.net),
        worst: textOf(trade.worst),
        best: textOf(trade.best),
        time: trade.time,
      })),
    days: () =>
      ledger.days().map(day => [day.date, textOf(day.realized), textOf(day.openChange), textOf(day.fees)]),
  }
}

describe('a trade', () => {
  test('of which nobody says a price is neither won nor lost, and has no money', () => {
    const { ledger, fill } = setUp()
    fill('buy', '2', '100', 0)
    const word = { averagePrice: undefined, average: 'stated' } as const
    ledger.state(NQ, { quantity: decimal('0'), ...word }, SECOND)
    expect(ledger.trades()).toMatchObject([
      { closed: SECOND, units: undefined, gross: undefined, net: undefined },
    ])
    const { closed, untold, gross } = statisticsOf(ledger.trades())
    expect({ closed, untold, gross }).toEqual({
      closed: 1,
      untold: 1,
      gross: { winners: 0, losers: 0, scratches: 0 },
    })
  })

  test('that is opened by somebody’s word and closed by a fill counts from the stated average', () => {
    const { ledger, fill, trades } = setUp()
    ledger.state(NQ, { quantity: decimal('-1'), averagePrice: decimal('100'), average: 'rounded' }, 0)
    fill('buy', '1', '99', SECOND)
    expect(trades()).toMatchObject([{ side: 'short', gross: '20', time: SECOND }])
  })

  test('has no money while the point value is not known, and is counted all the same', () => {
    const { ledger } = setUp()
    const deal = { instrument: 'X:Y', quantity: decimal('1'), price: decimal('1') }
    ledger.fill({ ...deal, side: 'buy' }, 0)
    ledger.fill({ ...deal, side: 'sell' }, 1)
    expect(statisticsOf(ledger.trades())).toMatchObject({ closed: 1, gross: undefined, best: undefined })
  })

  test('ends at the other side, and the fee of the fill that turns it is shared by size', () => {
    const { fill, trades } = setUp()
    fill('buy', '1', '100', 0, { fee: decimal('1') })
    fill('sell', '3', '102', SECOND, { fee: decimal('3') })
    fill('buy', '2', '101', 3 * SECOND, { fee: decimal('2') })
    expect(trades()).toMatchObject([
      { side: 'long', gross: '40', fees: '2', net: '38', time: SECOND },
      { side: 'short', gross: '40', fees: '4', net: '36', time: 2 * SECOND },
    ])
  })

  test('a fee that no decimal shares is shared without a rest', () => {
    const { fill, ledger } = setUp()
    fill('buy', '1', '100', 0)
    fill('sell', '3', '102', SECOND, { fee: decimal('1') })
    expect(ledger.trades().map(trade => textOf(trade.fees))).toEqual(['0.333333333333', '0.666666666667'])
  })

  test('is as bad as its worst mark, and as the fill that ends it', () => {
    const { fill, quote, trades, ledger } = setUp()
    fill('buy', '2', '100', 0)
    quote('99', 1)
    quote('103', 2)
    quote('98.5', 3)
    fill('sell', '1', '98', 4)
    fill('sell', '1', '104', 5)
    // −2 points of 2 contracts at the first sale, +4 of the one that was left.
    expect(trades()).toMatchObject([{ worst: '-80', best: '120', gross: '40' }])
    expect(ledger.trades().map(t => [textOf(t.worstPoints), textOf(t.bestPoints)])).toEqual([['-2', '3']])
  })

  test('begins with no excursion of the one before it', () => {
    const { fill, quote, trades } = setUp()
    fill('buy', '1', '100', 0)
    quote('90', 1)
    fill('sell', '2', '95', 2)
    fill('buy', '1', '95', 3)
    expect(trades()).toMatchObject([{ worst: '-200' }, { worst: '0', best: '100' }])
  })

  test('a fill that is told again makes none', () => {
    const { fill, trades, days } = setUp()
    fill('buy', '1', '100', 0, { id: 'a', fee: decimal('1') })
    fill('buy', '1', '100', 1, { id: 'a', fee: decimal('1') })
    expect(trades()).toHaveLength(1)
    expect(days()).toEqual([['1970-01-01', '0', undefined, '1']])
  })

  test('a fee that comes later belongs to the trade and the day of its fill', () => {
    const { fill, trades, days, ledger } = setUp()
    const friday = at('2026-03-06T22:00:00Z')
    fill('buy', '1', '100', friday, { id: 'a', at: friday })
    fill('sell', '1', '101', friday + SECOND, { id: 'b', at: friday + SECOND })
    fill('buy', '1', '100', at('2026-03-08T23:00:00Z'))
    const fee = { side: 'sell', quantity: decimal('1'), price: decimal('101'), at: friday + SECOND } as const
    ledger.charge(NQ, decimal('0.5'), at('2026-03-08T23:00:01Z'), fee)
    expect(trades().map(trade => trade.fees)).toEqual(['0.5', '0'])
    expect(days().map(([date, , , fees]) => [date, fees])).toEqual([
      ['2026-03-06', '0.5'],
      ['2026-03-09', '0'],
    ])
  })

  test('is made anew where a fill was corrected, and keeps what its marks had shown', () => {
    const { fill, quote, trades, days, ledger } = setUp()
    fill('buy', '1', '100', 0, { id: 'a' })
    quote('90', 1)
    fill('sell', '1', '105', 2, { id: 'b' })
    expect(trades()).toMatchObject([{ gross: '100', worst: '-200' }])
    const one = { quantity: decimal('1') }
    ledger.restate(
      NQ,
      [
        { ...one, side: 'buy', price: decimal('100'), at: 0 },
        { ...one, side: 'sell', price: decimal('99'), at: 2 },
      ],
      3,
    )
    expect(trades()).toMatchObject([{ gross: '-20', worst: '-200' }])
    expect(days()).toEqual([['1970-01-01', '-20', '0', '0']])
  })
})

test('win rate by gross and after fees, average and profit factor', () => {
  const { fill, ledger } = setUp()
  for (const [index, price] of ['101', '100.01', '100', '98'].entries()) {
    fill('buy', '1', '100', index * 10, { fee: decimal('0.5') })
    fill('sell', '1', price, index * 10 + 5, { fee: decimal('0.5') })
  }
  const statistics = statisticsOf(ledger.trades())
  expect(statistics.gross).toEqual({ winners: 2, losers: 1, scratches: 1 })
  expect(statistics.net).toEqual({ winners: 1, losers: 3, scratches: 0 })
  expect(statistics.time).toBe(20)
  expect([statistics.profit, statistics.loss, profitFactor(statistics)].map(textOf)).toEqual([
    '20.2',
    '-40',
    '0.505',
  ])
  expect(textOf(winRatePercent({ winners: 2, losers: 1, scratches: 0 }))).toBe('66.67')
})

describe('the deepest fall of a curve', () => {
  test('has its beginning, its end and the time of recovery, and the first of two equal ones stays', () => {
    const { fill, quote, ledger } = setUp()
    fill('buy', '1', '100', 0)
    for (const [time, price] of [101, 103, 103, 99, 100, 103, 99, 98.9, 104].entries()) {
      quote(String(price), time + 1)
    }
    expect(ledger.totals()).toMatchObject([
      // From 103, last seen at 6, to 98.9 at 8, and back at 9.
      { fall: { from: 6, trough: 8, recovered: 9 }, best: decimal('80'), peakToTrough: decimal('82') },
    ])
    quote('99.9', 10)
    quote('99.9', 11)
    expect(ledger.totals()).toMatchObject([{ fall: { from: 6, recovered: 9 } }])
    quote('50', 12)
    expect(ledger.totals()).toMatchObject([{ fall: { from: 9, trough: 12, recovered: undefined } }])
  })

  test('is none where nothing fell', () => {
    const { fill, quote, ledger } = setUp()
    fill('buy', '1', '100', 0)
    quote('100', 1)
    expect(ledger.totals()).toMatchObject([{ fall: undefined, peakToTrough: decimal('0') }])
  })
})

describe('the P&L of a day', () => {
  const evening = at('2026-03-02T22:59:30Z')
  const border = at('2026-03-02T23:00:00Z')

  test('is not known where there was no mark at its border, and its sum over the days is', () => {
    const { fill, quote, days } = setUp()
    fill('buy', '1', '100', evening - 120 * SECOND)
    quote('101', evening - 90 * SECOND)
    quote('103', border + SECOND)
    expect(days()).toEqual([
      ['2026-03-02', '0', undefined, '0'],
      ['2026-03-03', '0', undefined, '0'],
    ])
  })

  test('is what is realized by its fills, and the change of the open P&L from border to border', () => {
    const { fill, quote, days, ledger } = setUp()
    fill('buy', '2', '100', evening, { fee: decimal('2') })
    quote('101', evening)
    quote('103', border)
    fill('sell', '1', '104', border + SECOND, { fee: decimal('1') })
    expect(days()).toEqual([
      ['2026-03-02', '0', '40', '2'],
      // 80 of the one that was sold, and of the other 3 points in place of 2 × 1.
      ['2026-03-03', '80', '20', '1'],
    ])
    const [first] = dayTotals(ledger.days())
    expect([first?.currency, first?.by, textOf(first?.net)]).toEqual(['USD', ['chicago'], '38'])
  })

  test('ends before what happens at its border: a fill then is of the next', () => {
    const { fill, days } = setUp()
    fill('buy', '1', '100', evening)
    fill('sell', '1', '101', border)
    expect(days().map(([date, realized]) => [date, realized])).toEqual([
      ['2026-03-02', '0'],
      ['2026-03-03', '20'],
    ])
  })

  test('is the broker’s own where a fill brings it, also against the clock', () => {
    const { fill, ledger, days } = setUp()
    fill('buy', '1', '100', evening, { tradeDate: '2026-03-03' })
    fill('sell', '1', '101', evening + SECOND, { tradeDate: '2026-03-03' })
    expect(days()).toEqual([['2026-03-03', '20', '0', '0']])
    expect(ledger.days().map(({ by }) => by)).toEqual([['broker']])
  })

  test('of a fill that was done days ago and is told now: what was open between is not known', () => {
    const { fill, quote, days } = setUp()
    quote('101', border + SECOND)
    fill('buy', '1', '100', border + 2 * SECOND, { at: evening })
    expect(days()).toEqual([
      ['2026-03-02', '0', undefined, '0'],
      ['2026-03-03', '0', undefined, '0'],
    ])
  })

  test('days on which nothing was held are none, and a weekend is Monday', () => {
    const { fill, days } = setUp()
    fill('buy', '1', '100', at('2026-03-06T23:00:00Z'))
    fill('sell', '1', '101', at('2026-03-09T20:00:00Z'))
    fill('buy', '1', '101', at('2026-03-12T20:00:00Z'))
    fill('sell', '1', '101', at('2026-03-12T20:00:01Z'))
    expect(days().map(([date]) => date)).toEqual(['2026-03-09', '2026-03-12'])
  })

  test('two contracts are two positions, with their own trades, days and marks', () => {
    const { ledger } = setUp()
    const one = { quantity: decimal('1') }
    ledger.fill({ instrument: 'CME_MINI:NQZ2026', side: 'buy', ...one, price: decimal('100') }, evening)
    ledger.fill({ instrument: 'CME_MINI:NQH2027', side: 'sell', ...one, price: decimal('110') }, evening)
    expect(ledger.trades().map(({ instrument, side }) => [instrument, side])).toEqual([
      ['CME_MINI:NQZ2026', 'long'],
      ['CME_MINI:NQH2027', 'short'],
    ])
    expect(ledger.trades().every(({ closed }) => closed === undefined)).toBe(true)
  })
})

describe('what is due', () => {
  it('is nothing once all is flat, and otherwise the end of the day', () => {
    const { fill, ledger } = setUp()
    const monday = at('2026-03-02T15:00:00Z')
    fill('buy', '1', '100', monday)
    expect(ledger.nextDue).toBe(at('2026-03-02T23:00:00Z'))
    ledger.advance(at('2026-03-03T12:00:00Z'))
    expect(ledger.nextDue).toBe(at('2026-03-03T23:00:00Z'))
    fill('sell', '1', '100', at('2026-03-03T12:00:01Z'))
    expect(ledger.nextDue).toBe(Number.POSITIVE_INFINITY)
  })

  it('is told in the order of first fills, of marks that grow stale together', () => {
    const { ledger, quote } = setUp(10)
    const names = ['X:C', 'X:A', 'X:B']
    const one = { side: 'buy', quantity: decimal('1'), price: decimal('1') } as const
    for (const instrument of names) ledger.fill({ instrument, ...one }, 0)
    for (const name of [...names].reverse()) quote('2', 5, name)
    quote('3', 7, 'X:A')
    expect(ledger.advance(15)).toEqual([])
    expect(ledger.advance(16)).toEqual(['X:C', 'X:B'])
    expect(ledger.advance(18)).toEqual(['X:A'])
  })
})
