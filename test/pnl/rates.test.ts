import { describe, expect, it, test } from 'vitest'
import { InstrumentBook, readConfig } from '../../src/instruments/index.ts'
import { convertedTotal, Ledger, parseCurrency, parseRate, parseRates } from '../../src/pnl/index.ts'
import { decimal, textOf } from './decimals.ts'

const CONFIG = {
  'X:USD': { pointValue: '1', currency: 'USD' },
  'X:EUR': { pointValue: '25', currency: 'EUR' },
  'X:JPY': { pointValue: '1', currency: 'JPY' },
}

/** One closed deal each: 10 dollars, 100 euros, −3 yen, with a fee of 1. */
function totalsOf(...instruments: readonly string[]) {
  const book = new InstrumentBook(readConfig(JSON.stringify({ instruments: CONFIG }), 'c.json').instruments)
  const ledger = new Ledger({ chain: ['last'], staleAfter: 50, instruments: book, quoteOf: () => undefined })
  const gains: Readonly<Record<string, string>> = { 'X:USD': '10', 'X:EUR': '4', 'X:JPY': '-3' }
  for (const instrument of instruments) {
    const deal = { instrument, quantity: decimal('1') }
    ledger.fill({ ...deal, side: 'buy', price: decimal('0'), fee: decimal('1') }, 0)
    if (gains[instrument] !== undefined) {
      ledger.fill({ ...deal, side: 'sell', price: decimal(gains[instrument]) }, 1)
    }
  }
  return ledger.totals()
}

describe('a rate that cannot be read', () => {
  it.each([
    '',
    'EURUSD=1.08',
    'EUR/USD',
    'EUR/USD=',
    'EUR/USD=0',
    'EUR/USD=-1',
    'EUR/USD=1,08',
    'EUR/EUR=1',
    'eur/USD=1',
    'EUR/USD=1.08=2',
    'EUR/USD/JPY=1',
  ])('%j is refused, with the form', text => {
    expect(() => parseRate(text)).toThrow(expect.objectContaining({ code: 'usage', where: '--rate' }))
  })

  it.each(['', 'usd', 'US', 'DOLLAR'])('the currency %j is refused', text => {
    expect(() => parseCurrency(text)).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})

test('two rates of one pair are refused, also the same one again', () => {
  for (const second of ['EUR/USD=9', 'EUR/USD=1.08']) {
    expect(() => parseRates(['EUR/USD=1.08', 'JPY/USD=0.0066', second]), second).toThrow(
      expect.objectContaining({ code: 'usage', where: '--rate', found: expect.stringContaining(second) }),
    )
  }
  expect(parseRates(['EUR/USD=1.08', 'USD/EUR=0.92', 'EUR/JPY=160'])).toHaveLength(3)
})

test('a rate is what one unit of the first is worth in the second', () => {
  expect(parseRate('EUR/USD=1.08')).toEqual({ from: 'EUR', to: 'USD', rate: decimal('1.08') })
  expect(parseRate('USDT/USD=0.9998').from).toBe('USDT')
})

describe('a total in one currency', () => {
  it('is null where a rate is missing, and never a part of the sum', () => {
    const total = convertedTotal(totalsOf('X:USD', 'X:EUR', 'X:JPY'), 'USD', [parseRate('EUR/USD=1.08')])
    expect(total.reasons).toEqual(['no rate JPY/USD'])
    expect([total.net, total.realized, total.unrealized, total.fees]).toEqual(Array(4).fill(undefined))
  })

  it('does not turn a rate round', () => {
    expect(convertedTotal(totalsOf('X:EUR'), 'USD', [parseRate('USD/EUR=0.5')]).reasons).toEqual([
      'no rate EUR/USD',
    ])
  })

  it('does not go by a third currency', () => {
    const rates = [parseRate('JPY/EUR=0.006'), parseRate('EUR/USD=1.08')]
    expect(convertedTotal(totalsOf('X:JPY'), 'USD', rates).net).toBeUndefined()
  })

  it('is null where a total itself is, and says which instrument is unpriced', () => {
    const total = convertedTotal(totalsOf('X:USD', 'X:UNKNOWN'), 'USD', [])
    expect(total.reasons).toEqual(['the currency of X:UNKNOWN is not known', 'unpriced: X:UNKNOWN'])
    expect(total.net).toBeUndefined()
  })

  it('is exact, and names the rates that it used and no others', () => {
    const rates = ['EUR/USD=1.08', 'JPY/USD=0.0067', 'GBP/USD=1.3'].map(parseRate)
    const total = convertedTotal(totalsOf('X:USD', 'X:EUR', 'X:JPY'), 'USD', rates)
    // 10 + 100 × 1.08 − 3 × 0.0067
    expect(textOf(total.realized)).toBe('117.9799')
    expect(textOf(total.fees)).toBe('2.0867')
    expect(textOf(total.net)).toBe('115.8932')
    expect(total.rates.map(({ from }) => from)).toEqual(['EUR', 'JPY'])
    expect(total.reasons).toEqual([])
  })

  it('takes the later of two rates: an option behind the config', () => {
    const rates = ['EUR/USD=1.08', 'EUR/USD=1.1'].map(parseRate)
    expect(textOf(convertedTotal(totalsOf('X:EUR'), 'USD', rates).realized)).toBe('110')
  })
})
