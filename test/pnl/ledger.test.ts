import { describe, expect, test } from 'vitest'
import { InstrumentBook, readConfig } from '../../src/instruments/index.ts'
import { decimalText } from '../../src/model/decimal.ts'
import type { InstrumentFacts } from '../../src/model/observation.ts'
import { type GroupView, Ledger, type MarkChain, type PositionReport } from '../../src/pnl/index.ts'
import { decimal, textOf } from './decimals.ts'

const NQ = 'CME_MINI:NQ1!'
const MNQ = 'CME_MINI:MNQ1!'
const STALE_AFTER = 50

/** A ledger with the quotes that feed it. */
function setUp({ chain = ['last'], config = {} }: { chain?: MarkChain; config?: object } = {}) {
  const book = new InstrumentBook(readConfig(JSON.stringify({ instruments: config }), 'c.json').instruments)
  const groups = new Map<string, Map<string, GroupView>>()
  const viewOf = (instrument: string) => ({
    group: (name: 'last' | 'bid' | 'ask') => groups.get(instrument)?.get(name),
  })
  const ledger = new Ledger({
    chain,
    staleAfter: STALE_AFTER,
    instruments: book,
    quoteOf: instrument => (groups.has(instrument) ? viewOf(instrument) : undefined),
  })
  return {
    ledger,
    book,
    viewOf,
    quote(instrument: string, name: 'last' | 'bid' | 'ask', price: string | null, at: number): boolean {
      ledger.advance(at)
      const of = groups.get(instrument) ?? new Map<string, GroupView>()
      groups.set(instrument, of)
      of.set(name, { price: price === null ? null : decimal(price), at, seq: at, packet: 0 })
      return ledger.quote(instrument, viewOf(instrument), at).length > 0
    },
    fill(side: 'buy' | 'sell', quantity: string, instrument: string, price: string, at = 0, fee = '0') {
      ledger.advance(at)
      const values = { quantity: decimal(quantity), price: decimal(price), fee: decimal(fee) }
      return ledger.fill({ instrument, side, ...values }, at)
    },
    position(instrument: string): PositionReport {
      const report = ledger.position(instrument)
      if (report === undefined) throw new Error(`no position in ${instrument}`)
      return report
    },
  }
}

function moneyOf(report: PositionReport): readonly (string | undefined)[] {
  return [report.unrealized, report.realized, report.fees, report.net, report.worst].map(textOf)
}

function facts(name: string, values: Partial<InstrumentFacts>): InstrumentFacts {
  return { kind: 'instrument', session: '', name, ...values }
}

describe('a position that is not priced', () => {
  test('has no money while its point value is unknown, and never a multiplier of 1', () => {
    const { fill, quote, position, ledger } = setUp()
    fill('buy', '10', 'NSE:JUNIPER', '250', 0, '3')
    quote('NSE:JUNIPER', 'last', '253.5', 1)
    expect(position('NSE:JUNIPER').unpriced).toEqual({ kind: 'unpriced', reason: 'point value unknown' })
    expect(moneyOf(position('NSE:JUNIPER'))).toEqual([undefined, undefined, '3', undefined, undefined])
    expect(ledger.totals()).toMatchObject([
      { currency: undefined, unpriced: ['NSE:JUNIPER'], net: undefined, peakToTrough: undefined },
    ])
  })

  test('is priced from its whole history once the point value is known', () => {
    const { fill, quote, position, ledger, book } = setUp()
    fill('buy', '10', 'NSE:JUNIPER', '250')
    quote('NSE:JUNIPER', 'last', '249', 1)
    fill('sell', '4', 'NSE:JUNIPER', '252', 2)
    quote('NSE:JUNIPER', 'last', '251', 3)
    book.learn(facts('NSE:JUNIPER', { pointValue: decimal('2'), currency: 'INR' }))
    expect(ledger.advance(3)).toEqual(['NSE:JUNIPER'])
    expect(moneyOf(position('NSE:JUNIPER'))).toEqual(['12', '16', '0', '28', '-20'])
    expect(ledger.totals()).toMatchObject([{ currency: 'INR', unpriced: [], net: decimal('28') }])
    expect(ledger.advance(3)).toEqual([])
  })

  test('takes facts that come just before its quote along with the quote', () => {
    const { fill, quote, position, book, ledger, viewOf } = setUp()
    fill('buy', '1', 'NSE:X', '10')
    quote('NSE:X', 'last', '11', 1)
    book.learn(facts('NSE:X', { pointValue: decimal('1'), currency: 'INR' }))
    expect(ledger.quote('NSE:X', viewOf('NSE:X'), 1)).toEqual(['NSE:X'])
    expect(textOf(position('NSE:X').unrealized)).toBe('1')
  })

  test('says what is missing before the first quote', () => {
    const { fill, position } = setUp()
    fill('buy', '1', NQ, '25600')
    expect(position(NQ).unpriced).toEqual({ kind: 'unpriced', reason: 'no price yet', from: 'last' })
    expect(moneyOf(position(NQ))).toEqual([undefined, '0', '0', undefined, '0'])
  })

  test('loses its unrealized money with its price, and gets it back', () => {
    const { fill, quote, position } = setUp({ chain: ['exit-side'] })
    fill('buy', '1', NQ, '25600')
    quote(NQ, 'bid', '25650', 1)
    expect(quote(NQ, 'bid', null, 2)).toBe(true)
    expect(position(NQ).unpriced).toMatchObject({ reason: 'no price now', from: 'bid' })
    expect(quote(NQ, 'bid', '25650', 3)).toBe(true)
    expect(textOf(position(NQ).unrealized)).toBe('1000')
  })
})

describe('the seed’s example: entry 25600, price 25650, one contract', () => {
  test.each([
    [NQ, '20', '1000'],
    [MNQ, '2', '100'],
  ])('%s at $%s a point is $%s', (instrument, pointValue, unrealized) => {
    const { fill, quote, position, ledger } = setUp()
    fill('buy', '1', instrument, '25600')
    expect(quote(instrument, 'last', '25650', 1)).toBe(true)
    expect(textOf(position(instrument).pointValue?.value)).toBe(pointValue)
    expect(moneyOf(position(instrument))).toEqual([unrealized, '0', '0', unrealized, '0'])
    expect(ledger.totals()).toMatchObject([{ currency: 'USD', net: decimal(unrealized) }])
  })
})

describe('figures', () => {
  test('a quote of an instrument without a position changes none', () => {
    const { quote, ledger } = setUp()
    expect(quote(NQ, 'last', '25650', 1)).toBe(false)
    expect(ledger.positions()).toEqual([])
    expect(ledger.position(NQ)).toBeUndefined()
    expect(ledger.total(NQ)).toBeUndefined()
  })

  test('a fill is marked by the quote that was there before it', () => {
    const { fill, quote, position } = setUp()
    quote(NQ, 'last', '25650', 1)
    fill('buy', '1', NQ, '25600', 2)
    expect(textOf(position(NQ).unrealized)).toBe('1000')
    expect(position(NQ).markAge).toBe(1)
  })

  test('a fill finds its instrument by any spelling of its name', () => {
    const { fill, quote } = setUp()
    expect(fill('buy', '1', `={"symbol":"${NQ}"}`, '25600')).toBe(NQ)
    expect(quote(NQ, 'last', '25650', 1)).toBe(true)
  })

  test('the same price again only makes the mark younger', () => {
    const { fill, quote, position } = setUp()
    fill('buy', '1', NQ, '25600')
    quote(NQ, 'last', '25650', 1)
    expect(quote(NQ, 'last', '25650', 30)).toBe(false)
    expect(position(NQ).mark).toMatchObject({ at: 30, seq: 30, staleAt: 30 + STALE_AFTER + 1 })
  })

  test('net is realized and unrealized less fees, through a partial close and a flip', () => {
    const { fill, quote, position } = setUp()
    fill('buy', '3', NQ, '25600', 0, '6.15')
    quote(NQ, 'last', '25610', 1)
    fill('sell', '1', NQ, '25612.5', 2, '2.05')
    expect(moneyOf(position(NQ))).toEqual(['400', '250', '8.2', '641.8', '0'])
    fill('sell', '3', NQ, '25608', 3, '6.15')
    expect(textOf(position(NQ).quantity)).toBe('-1')
    expect(textOf(position(NQ).average)).toBe('25608')
    expect(moneyOf(position(NQ))).toEqual(['-40', '570', '14.35', '515.65', '-40'])
  })

  test('a flat position needs no mark', () => {
    const { fill, position, ledger } = setUp()
    fill('buy', '1', NQ, '25600')
    fill('sell', '1', NQ, '25601', 1)
    expect(position(NQ)).toMatchObject({ unpriced: undefined, mark: undefined, average: undefined })
    expect(moneyOf(position(NQ))).toEqual(['0', '20', '0', '20', '0'])
    expect(ledger.nextDue).toBe(Number.POSITIVE_INFINITY)
  })

  test('worst is the least unrealized since the position was last opened', () => {
    const { fill, quote, position } = setUp()
    fill('buy', '1', NQ, '25600')
    quote(NQ, 'last', '25590', 1)
    quote(NQ, 'last', '25620', 2)
    expect(textOf(position(NQ).worst)).toBe('-200')
    fill('sell', '1', NQ, '25620', 3)
    expect(textOf(position(NQ).worst)).toBe('-200')
    fill('sell', '1', NQ, '25625', 4)
    expect(textOf(position(NQ).worst)).toBe('0')
    quote(NQ, 'last', '25630', 5)
    expect(textOf(position(NQ).worst)).toBe('-100')
  })
})

describe('a mark grows stale', () => {
  test('a microsecond after the stale age, and not at it', () => {
    const { fill, quote, position, ledger } = setUp()
    fill('buy', '1', NQ, '25600')
    quote(NQ, 'last', '25650', 10)
    expect(ledger.nextDue).toBe(61)
    expect(ledger.advance(60)).toEqual([])
    expect(position(NQ)).toMatchObject({ markAge: 50, unpriced: undefined })
    expect(ledger.advance(61)).toEqual([NQ])
    expect(position(NQ).unpriced).toEqual({ kind: 'unpriced', reason: 'stale', from: 'last', since: 61 })
    expect(ledger.advance(1_000)).toEqual([])
  })

  test('and the chain goes on at that moment, however far the time is advanced at once', () => {
    for (const steps of [[61, 71, 200], [200], [65, 66, 199, 200]]) {
      const { fill, quote, position, ledger } = setUp({ chain: ['exit-side', 'last'] })
      fill('buy', '1', NQ, '25600')
      quote(NQ, 'bid', '25650', 10)
      quote(NQ, 'last', '25500', 20)
      for (const step of steps) ledger.advance(step)
      // The bid made 1000, then last made −2000 from 61 on, until it was stale itself.
      expect(position(NQ).unpriced).toMatchObject({ reason: 'stale', from: 'last', since: 71 })
      expect(textOf(position(NQ).worst)).toBe('-2000')
      expect(textOf(ledger.totals()[0]?.peakToTrough)).toBe('3000')
    }
  })

  test('two at one moment make one point of the curve', () => {
    const { fill, quote, ledger } = setUp({ chain: ['exit-side', 'last'] })
    fill('buy', '1', NQ, '25600')
    fill('sell', '10', MNQ, '25600')
    for (const instrument of [NQ, MNQ]) quote(instrument, 'last', '25500', 10)
    for (const [instrument, side] of [
      [NQ, 'bid'],
      [MNQ, 'ask'],
    ] as const)
      quote(instrument, side, '25600', 10)
    ledger.advance(40)
    const before = textOf(ledger.totals()[0]?.peakToTrough)
    for (const instrument of [NQ, MNQ]) quote(instrument, 'last', '25500', 40)
    expect(ledger.advance(61)).toEqual([NQ, MNQ])
    expect(textOf(ledger.totals()[0]?.net)).toBe('0')
    expect(textOf(ledger.totals()[0]?.peakToTrough)).toBe(before)
  })
})

describe('totals', () => {
  const config = {
    'NSE:X': { pointValue: '1', currency: 'INR' },
    A: { pointValue: '1' },
    B: { pointValue: '1' },
  }

  test('never cross currencies, and two unknown currencies need not be one', () => {
    const { fill, quote, ledger } = setUp({ config })
    for (const instrument of ['B', 'NSE:X', NQ, 'A', MNQ]) {
      fill('buy', '1', instrument, '100')
      quote(instrument, 'last', '101', 1)
    }
    const shown = ledger.totals().map(total => [total.currency, total.instruments, textOf(total.net)])
    expect(shown).toEqual([
      ['INR', ['NSE:X'], '1'],
      ['USD', [NQ, MNQ], '22'],
      [undefined, ['A'], '1'],
      [undefined, ['B'], '1'],
    ])
    expect(ledger.total(MNQ)).toEqual(ledger.totals()[1])
  })

  test('name what is unpriced, and the curve holds until all are priced', () => {
    const { fill, quote, ledger } = setUp()
    const total = () => {
      const [first] = ledger.totals()
      return [first?.unpriced, textOf(first?.net), textOf(first?.peakToTrough)]
    }
    fill('buy', '1', NQ, '25600')
    fill('buy', '1', MNQ, '25600')
    quote(NQ, 'last', '25700', 1)
    expect(total()).toEqual([[MNQ], undefined, undefined])
    quote(MNQ, 'last', '25700', 2)
    expect(total()).toEqual([[], '2200', '0'])
    quote(MNQ, 'last', null, 3)
    quote(NQ, 'last', '25500', 4)
    expect(total()).toEqual([[MNQ], undefined, '0'])
    quote(NQ, 'last', '25690', 5)
    quote(MNQ, 'last', '25700', 6)
    expect(total()).toEqual([[], '2000', '200'])
  })

  test('start the curve at the first net, fees and all, where something was held before', () => {
    const { fill, quote, ledger } = setUp()
    ledger.begin(2)
    quote(NQ, 'last', '25600', 1)
    fill('buy', '1', NQ, '25600', 2, '2.05')
    expect(ledger.totals()).toMatchObject([{ net: decimal('-2.05'), peakToTrough: decimal('0') }])
  })

  test('measure the deepest fall below an earlier peak', () => {
    const { fill, quote, ledger } = setUp()
    fill('buy', '1', NQ, '25600')
    const falls = ['25610', '25605', '25620', '25608', '25612', '25607', '25630', '25625'].map(
      (price, index) => {
        quote(NQ, 'last', price, index + 1)
        return textOf(ledger.totals()[0]?.peakToTrough)
      },
    )
    expect(falls).toEqual(['0', '100', '100', '240', '240', '260', '260', '260'])
  })

  test('keep their curve when a point value comes from another source', () => {
    const { fill, quote, ledger, book } = setUp()
    fill('buy', '1', NQ, '25600')
    quote(NQ, 'last', '25610', 1)
    quote(NQ, 'last', '25605', 2)
    book.learn(facts(NQ, { pointValue: decimal('20') }))
    expect(ledger.advance(3)).toEqual([])
    expect(ledger.position(NQ)?.pointValue?.source).toBe('wire')
    expect(decimalText(ledger.totals()[0]?.peakToTrough ?? decimal('-1'))).toBe('100')
  })
})
