import { describe, expect, test } from 'vitest'
import { InstrumentBook } from '../../src/instruments/index.ts'
import { epochMicrosFromIso } from '../../src/model/time.ts'
import { dayTotals, type GroupView, Ledger } from '../../src/pnl/index.ts'
import { decimal, textOf } from './decimals.ts'

const NQ = 'CME_MINI:NQ1!'
const HOUR = 3_600_000_000

const at = (text: string): number => {
  const time = epochMicrosFromIso(text)
  if (time === undefined) throw new Error(`no time: ${text}`)
  return time
}

const start = at('2026-03-02T15:00:00Z')

/** A run that begins at `start`; prices are good for an hour. */
function setUp() {
  let group: GroupView | undefined
  const view = { group: () => group }
  const ledger = new Ledger({
    chain: ['last'],
    staleAfter: HOUR,
    instruments: new InstrumentBook(),
    quoteOf: () => (group === undefined ? undefined : view),
  })
  ledger.begin(start)
  return {
    ledger,
    quote(price: string, time: number) {
      ledger.advance(time)
      group = { price: decimal(price), at: time, seq: 0, packet: 0 }
      ledger.quote(NQ, view, time)
    },
    fill(side: 'buy' | 'sell', price: string, time: number, done?: number) {
      ledger.advance(time)
      const one = { instrument: NQ, side, quantity: decimal('1'), price: decimal(price) }
      ledger.fill({ ...one, ...(done === undefined ? {} : { at: done }) }, time)
    },
    days: () => ledger.days().map(day => [day.date, textOf(day.realized), textOf(day.openChange)]),
  }
}

describe('the first day of a position that was held before the run', () => {
  test('has no known change of the open P&L where nobody says when it was opened', () => {
    const { fill, quote, days, ledger } = setUp()
    fill('buy', '20000', start)
    quote('25650', start)
    expect(days()).toEqual([['2026-03-02', '0', undefined]])
    expect(dayTotals(ledger.days()).map(({ net }) => net)).toEqual([undefined])
  })

  test('has none either where signals had said it by then', () => {
    const { quote, days, ledger } = setUp()
    ledger.state(NQ, { quantity: decimal('1'), averagePrice: decimal('20000'), average: 'rounded' }, start)
    quote('25650', start)
    expect(days()).toEqual([['2026-03-02', '0', undefined]])
  })

  test('leaves the days behind it known, from border to border', () => {
    const { fill, quote, days } = setUp()
    fill('buy', '20000', start)
    quote('25650', at('2026-03-02T22:59:00Z'))
    quote('25660', at('2026-03-02T23:01:00Z'))
    expect(days()).toEqual([
      ['2026-03-02', '0', undefined],
      ['2026-03-03', '0', '200'],
    ])
  })

  test('realizes what is closed in the run, and of a closing without a time nobody knows the day', () => {
    const closed = setUp()
    closed.fill('buy', '20000', start)
    closed.fill('sell', '20001', start + 1, start + 1)
    expect(closed.days()).toEqual([['2026-03-02', '20', undefined]])
    const both = setUp()
    both.fill('buy', '20000', start)
    both.fill('sell', '20001', start)
    expect(both.days()).toEqual([['2026-03-02', undefined, undefined]])
  })

  test('is known where it was opened on that day, before the run began', () => {
    const { fill, quote, days } = setUp()
    fill('buy', '25600', start, start - HOUR)
    quote('25650', start)
    expect(days()).toEqual([['2026-03-02', '0', '1000']])
  })

  test('is not known where it was opened on an earlier one', () => {
    const { fill, quote, days } = setUp()
    fill('buy', '25600', start, start - 72 * HOUR)
    quote('25650', start)
    expect(days()).toEqual([
      ['2026-02-27', '0', undefined],
      ['2026-03-02', '0', undefined],
    ])
  })
})

test('a position of the run itself has all of its first day, with a time of its own or none', () => {
  for (const done of [start + 1, undefined]) {
    const { fill, quote, days } = setUp()
    fill('buy', '25600', start + 1, done)
    quote('25650', start + 2)
    expect(days()).toEqual([['2026-03-02', '0', '1000']])
  }
})
