import { describe, expect, test } from 'vitest'
import { InstrumentBook, type ResolvedInstrument, readConfig } from '../../src/instruments/index.ts'
import { type Decimal, decimalFromText, decimalText } from '../../src/model/decimal.ts'
import type { InstrumentFacts } from '../../src/model/observation.ts'

function decimal(text: string): Decimal {
  const value = decimalFromText(text)
  if (value === undefined) throw new Error(`no decimal: ${text}`)
  return value
}

function wire(name: string, facts: Partial<InstrumentFacts>): InstrumentFacts {
  return { kind: 'instrument', session: 'qs_1', name, ...facts }
}

function bookWith(instruments: object): InstrumentBook {
  return new InstrumentBook(readConfig(JSON.stringify({ instruments }), 'c.json').instruments)
}

/** `20 table, 0.25 table, USD table`. */
function shown({ pointValue, tickSize, currency }: ResolvedInstrument): string {
  const texts = [
    pointValue && `${decimalText(pointValue.value)} ${pointValue.source}`,
    tickSize && `${decimalText(tickSize.value)} ${tickSize.source}`,
    currency && `${currency.value} ${currency.source}`,
  ]
  return texts.map(text => text ?? '-').join(', ')
}

describe('what nobody has said stays unknown', () => {
  test('an unknown instrument has no point value, and not 1', () => {
    expect(new InstrumentBook().resolve('NSE:JUNIPER')).toEqual({})
  })

  test.each(['0', '-1'])('a point value of %s on the wire says nothing', text => {
    const book = new InstrumentBook()
    book.learn(wire('NSE:X', { pointValue: decimal(text) }))
    expect(book.resolve('NSE:X')).toEqual({})
  })

  test.each(['forex', 'bitcoin', 'crypto', 'swap', 'stock'])('a %s is not taken for a spot pair', type => {
    const book = new InstrumentBook()
    book.learn(wire('X:Y', { type }))
    expect(book.resolve('X:Y').pointValue).toBeUndefined()
  })

  test.each([
    ['a scale of zero', { minMove: '1', priceScale: '0' }],
    ['a step of zero', { minMove: '0', priceScale: '100' }],
    ['a tick without end', { minMove: '1', priceScale: '3' }],
  ])('%s is no tick', (_, { minMove, priceScale }) => {
    const book = new InstrumentBook()
    book.learn(wire('X:Y', { minMove: decimal(minMove), priceScale: decimal(priceScale) }))
    expect(book.resolve('X:Y').tickSize).toBeUndefined()
  })

  test('a tick that depends on the price is no single tick, and no excuse for another', () => {
    const book = new InstrumentBook()
    const tick = { minMove: decimal('1'), priceScale: decimal('100') }
    book.learn(wire('NSE:JUNIPER', { ...tick, variableTickSize: '0.01 250 0.05' }))
    expect(book.resolve('NSE:JUNIPER').tickSize).toBeUndefined()
    book.learn(wire('NSE:JUNIPER', { variableTickSize: '' }))
    expect(shown(book.resolve('NSE:JUNIPER'))).toBe('-, 0.01 wire, -')
  })
})

describe('facts', () => {
  test.each([
    ['1', '100', '0.01'],
    ['25', '100', '0.25'],
    ['1', '32', '0.03125'],
    ['1', '256', '0.00390625'],
    ['5', '10000000', '0.0000005'],
  ])('a step of %s in %s is a tick of %s', (minMove, priceScale, tick) => {
    const book = new InstrumentBook()
    book.learn(wire('X:Y', { minMove: decimal(minMove), priceScale: decimal(priceScale) }))
    expect(shown(book.resolve('X:Y'))).toBe(`-, ${tick} wire, -`)
  })

  test('come from the config, then the wire, then the table, each on its own', () => {
    const book = bookWith({ 'CME_MINI:NQ1!': { tickSize: '0.5' } })
    expect(shown(book.resolve('CME_MINI:NQ1!'))).toBe('20 table, 0.5 config, USD table')
    book.learn(wire('CME_MINI:NQ1!', { currency: 'USD', minMove: decimal('25'), priceScale: decimal('100') }))
    expect(shown(book.resolve('CME_MINI:NQ1!'))).toBe('20 table, 0.5 config, USD wire')
    book.learn(wire('CME_MINI:NQ1!', { pointValue: decimal('20') }))
    expect(shown(book.resolve('CME_MINI:NQ1!'))).toBe('20 wire, 0.5 config, USD wire')
  })

  test('of the wire add up over partial messages, and only news raises the revision', () => {
    const book = new InstrumentBook()
    expect(book.revision).toBe(0)
    expect(book.learn(wire('NSE:X', { currency: 'INR' }))).toBe(true)
    expect(book.learn(wire('NSE:X', { pointValue: decimal('1') }))).toBe(true)
    const revision = book.revision
    expect(book.learn(wire('NSE:X', { currency: 'INR', pointValue: decimal('1.0') }))).toBe(false)
    expect(book.revision).toBe(revision)
    expect(shown(book.resolve('NSE:X'))).toBe('1 wire, -, INR wire')
  })

  test('are kept by identity, in any spelling', () => {
    const book = bookWith({ '={"symbol":"NSE:X"}': { currency: 'INR' } })
    book.learn(wire('={"symbol":"NSE:X","metric":"price"}', { pointValue: decimal('1') }))
    expect(shown(book.resolve('NSE:X'))).toBe('1 wire, -, INR config')
    expect(book.resolve('={"symbol":"NSE:X","currency-id":"USD"}')).toEqual({})
  })

  test('a spot pair is worth 1 a point, unless the wire says more', () => {
    const book = new InstrumentBook()
    book.learn(wire('BINANCE:BTCUSDT', { type: 'spot', currency: 'USDT' }))
    expect(shown(book.resolve('BINANCE:BTCUSDT'))).toBe('1 wire, -, USDT wire')
    book.learn(wire('BINANCE:BTCUSDT', { pointValue: decimal('0.5') }))
    expect(shown(book.resolve('BINANCE:BTCUSDT'))).toBe('0.5 wire, -, USDT wire')
  })
})

describe('a tick that is written out', () => {
  test('is the tick, and what it is worth ÷ the tick is the point value, unless that is said', () => {
    const book = new InstrumentBook()
    book.learn(wire('X:Y', { tickSize: decimal('0.25'), tickValue: decimal('12.5') }))
    expect(shown(book.resolve('X:Y'))).toBe('50 wire, 0.25 wire, -')
    book.learn(wire('X:Y', { pointValue: decimal('49') }))
    expect(shown(book.resolve('X:Y'))).toBe('49 wire, 0.25 wire, -')
  })

  test.each([
    ['0', '12.5'],
    ['-0.25', '12.5'],
    ['0.25', '0'],
    ['0.3', '1'],
  ])('of %s that is worth %s gives no point value', (tickSize, tickValue) => {
    const book = new InstrumentBook()
    book.learn(wire('X:Y', { tickSize: decimal(tickSize), tickValue: decimal(tickValue) }))
    expect(book.resolve('X:Y').pointValue).toBeUndefined()
  })

  test('has its worth with a step and a scale, too', () => {
    const book = new InstrumentBook()
    const facts = { minMove: decimal('25'), priceScale: decimal('100'), tickValue: decimal('5') }
    book.learn(wire('X:Y', facts))
    expect(shown(book.resolve('X:Y'))).toBe('20 wire, 0.25 wire, -')
  })
})

describe('several feeds', () => {
  const at = (feed: string, seq: number) => ({ feed, tape: 't1', seq })

  test('complete each other, each in its own words, and the one that spoke last is believed', () => {
    const book = new InstrumentBook()
    book.learn(wire('X:Y', { minMove: decimal('25'), priceScale: decimal('100') }), at('a', 1))
    book.learn(wire('X:Y', { priceScale: decimal('1'), currency: 'USD' }), at('b', 2))
    expect(shown(book.resolve('X:Y'))).toBe('-, 0.25 wire, USD wire')
    book.learn(wire('X:Y', { tickSize: decimal('0.5') }), at('b', 3))
    expect(shown(book.resolve('X:Y'))).toBe('-, 0.5 wire, USD wire')
  })

  test('that contradict each other are named, with tape and entry', () => {
    const book = new InstrumentBook()
    book.learn(wire('X:Y', { pointValue: decimal('20') }), at('a', 1))
    book.learn(wire('X:Y', { currency: 'USD' }), at('a', 2))
    book.learn(wire('X:Y', { pointValue: decimal('2') }), at('b', 3))
    expect(book.contradictions()).toEqual([
      {
        instrument: 'X:Y',
        value: 'pointValue',
        kept: { source: 'wire:b', text: '2', tape: 't1', seq: 3 },
        other: { source: 'wire:a', text: '20', tape: 't1', seq: 1 },
      },
    ])
  })

  test('of one contract under two names are found to differ when the names are found to be one', () => {
    const book = new InstrumentBook()
    book.learn(wire('NQZ6', { pointValue: decimal('20') }), at('a', 1))
    book.learn(wire('3267315', { pointValue: decimal('2'), tickSize: decimal('0.25') }), at('b', 2))
    book.move('3267315', 'NQZ6')
    expect(book.resolve('3267315')).toEqual({})
    expect(shown(book.resolve('NQZ6'))).toBe('2 wire, 0.25 wire, USD table')
    expect(book.contradictions().map(({ kept, other }) => [kept.source, other.source])).toEqual([
      ['wire:b', 'wire:a'],
      ['wire:b', 'table'],
    ])
  })
})

describe('after a roll', () => {
  test('the next contract has the money of the one before, until something is said of itself', () => {
    const book = bookWith({ ZZ1: { tickSize: '0.5' } })
    book.learn(wire('ZZ1', { pointValue: decimal('7'), symbol: 'XCME:ZZ1', currency: 'USD' }))
    book.roll('ZZ1', 'ZZ2')
    expect(shown(book.resolve('ZZ2'))).toBe('7 wire, 0.5 config, USD wire')
    book.learn(wire('ZZ2', { pointValue: decimal('8') }))
    expect(shown(book.resolve('ZZ2'))).toBe('8 wire, 0.5 config, USD wire')
    expect(shown(book.resolve('ZZ1'))).toBe('7 wire, 0.5 config, USD wire')
  })
})

describe('the table', () => {
  test('speaks of a long name by its symbol', () => {
    const name = '={"symbol":"CME_MINI:NQ1!","session":"regular","currency-id":"USD"}'
    expect(shown(new InstrumentBook().resolve(name))).toBe('20 table, 0.25 table, USD table')
  })

  test.each([
    '={"symbol":"CME_MINI:NQ1!","currency-id":"EUR"}',
    '={"symbol":"CME_MINI:NQ1!","metric":"open_interest"}',
    '={"symbol":',
    'ICEEUR:SI1!',
  ])('is silent about %s', name => {
    expect(new InstrumentBook().resolve(name)).toEqual({})
  })

  test('follows the wire’s full name for a bare one', () => {
    const book = new InstrumentBook()
    expect(shown(book.resolve('SI1!'))).toBe('5000 table, 0.005 table, USD table')
    book.learn(wire('SI1!', { symbol: 'ICEEUR:SI1!' }))
    expect(book.resolve('SI1!')).toEqual({})
  })
})

describe('contradictions', () => {
  test('sources that agree are none, in whatever spelling', () => {
    const book = bookWith({ 'CME_MINI:NQ1!': { pointValue: '20.0' } })
    book.learn(wire('CME_MINI:NQ1!', { pointValue: decimal('2e1'), currency: 'USD' }))
    expect(book.contradictions()).toEqual([])
  })

  test('each pair of sources is reported once for what it says, and a wire that changes its mind too', () => {
    const book = bookWith({ 'CME_MINI:NQ1!': { pointValue: '2' } })
    book.learn(wire('CME_MINI:NQ1!', { pointValue: decimal('5') }))
    book.learn(wire('CME_MINI:NQ1!', { pointValue: decimal('6') }))
    const of = (kept: string, keptText: string, other: string, otherText: string) => ({
      instrument: 'CME_MINI:NQ1!',
      value: 'pointValue',
      kept: { source: kept, text: keptText },
      other: { source: other, text: otherText },
    })
    expect(book.contradictions()).toEqual([
      of('config', '2', 'table', '20'),
      of('config', '2', 'wire', '5'),
      of('wire', '5', 'table', '20'),
      of('wire', '6', 'wire', '5'),
      of('config', '2', 'wire', '6'),
      of('wire', '6', 'table', '20'),
    ])
    book.learn(wire('CME_MINI:NQ1!', { pointValue: decimal('6') }))
    expect(book.contradictions()).toHaveLength(6)
  })

  test('about a disputed tick bring the dispute along', () => {
    const book = new InstrumentBook()
    book.learn(wire('CME:ETH1!', { minMove: decimal('25'), priceScale: decimal('100') }))
    const [found] = book.contradictions()
    expect(found?.value).toBe('tickSize')
    expect(found?.note).toContain('0.25 ($12.50)')
  })
})
