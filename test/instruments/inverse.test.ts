import { describe, expect, it } from 'vitest'
import { InstrumentBook, readConfig } from '../../src/instruments/index.ts'
import { decimalFromText, ONE } from '../../src/model/decimal.ts'

function bookOf(config: object = {}): InstrumentBook {
  return new InstrumentBook(readConfig(JSON.stringify({ instruments: config }), 'c.json').instruments)
}

describe('a contract that is paid in its coin', () => {
  it.each([
    ['BITMEX:XBTUSD', 'BTC'],
    ['BITMEX:XBTUSD.P', 'BTC'],
    ['BITMEX:XBTZ2026', 'BTC'],
    ['BYBIT:BTCUSD', 'BTC'],
    ['BYBIT:ETHUSD.P', 'ETH'],
    ['BYBIT:BTCUSDH26', 'BTC'],
    ['BINANCE:BTCUSD.P', 'BTC'],
    ['BINANCE:BNBUSDPERP', 'BNB'],
    ['BINANCE:ETHUSD_261225', 'ETH'],
    ['BTCUSD_PERP', 'BTC'],
    ['DERIBIT:BTCUSD.P', 'BTC'],
    ['DERIBIT:ETH-PERPETUAL', 'ETH'],
    ['BTC-PERPETUAL', 'BTC'],
    ['OKX:BTCUSD.P', 'BTC'],
    ['BTC-USD-SWAP', 'BTC'],
    ['BITMEX:BTCUSD.P', 'BTC'],
    ['BYBIT:MNTUSD.P', 'MNT'],
    ['BYBIT:SHIBUSD', 'SHIB'],
    ['BINANCE:SUIUSD.P', 'SUI'],
    ['BINANCE:1000SHIBUSD.P', '1000SHIB'],
    ['DERIBIT:SOL-PERPETUAL', 'SOL'],
    ['DERIBIT:BTC-27DEC24', 'BTC'],
    ['OKX:TONUSD.P', 'TON'],
    ['OKX:BTCUSD_250328', 'BTC'],
    ['BITGET:BTCUSD.P', 'BTC'],
    ['BITGET:BTCUSD_DMCBL', 'BTC'],
    ['PHEMEX:BTCUSD.P', 'BTC'],
    ['KUCOIN:XBTUSDM', 'BTC'],
    ['KUCOIN:XBTUSDM.P', 'BTC'],
    ['GATEIO:BTCUSD.P', 'BTC'],
    ['HTX:BTCUSD.P', 'BTC'],
    ['MEXC:APTUSD.P', 'APT'],
    ['KRAKEN:PI_XBTUSD', 'BTC'],
  ])('%s has no point value, whatever a wire says, and is paid in %s', (name, coin) => {
    const book = bookOf()
    book.learn({ kind: 'instrument', session: '', name, pointValue: ONE, currency: 'USD' })
    const { pointValue, currency, inverse } = book.resolve(name)
    expect({ pointValue, currency }).toEqual({ pointValue: undefined, currency: undefined })
    expect(inverse).toEqual({ value: `it is paid in ${coin}`, source: 'table' })
  })

  it.each([
    'BINANCE:BTCUSDT.P',
    'BINANCE:BTCUSD',
    'BYBIT:BTCUSDT',
    'DERIBIT:BTC_USDC-PERPETUAL',
    'BITMEX:ETHUSD',
    'BITMEX:XBTUSDT',
    'BITSTAMP:BTCUSD',
    'KRAKEN:XBTUSD',
    'XBTUSD',
    'BTCUSD',
    'CME:BTC1!',
    'CME_MINI:NQ1!',
    'BINANCE:BTCBUSD.P',
    'BINANCE:APTBUSD.P',
    'BINANCE:BTCTUSD.P',
    'BINANCE:BTCFDUSD.P',
    'BINANCE:PEPEPYUSD.P',
    'BINANCE:BTCUSDT_250328',
    'BINANCE:BTCUSDTPERP',
    'BINANCE:BUSD.P',
    'BYBIT:BTCUSDC.P',
    'BYBIT:USDCUSD',
    'BYBIT:XAUUSD',
    'DERIBIT:BTCUSDC.P',
    'DERIBIT:BTC-27DEC24-50000-C',
    'OKX:BTC-USD-241227-50000-C',
    'OKX:BTC-USDT-SWAP',
    'OKX:BTCUSD',
    'KUCOIN:XBTUSDTM',
    'KUCOIN:BTCUSDC.P',
    'COINBASE:BTCUSD',
    'BITFINEX:BTCUSD',
    'FX:EURUSD',
  ])('%s is none of them by its name', name => {
    expect(bookOf().resolve(name).inverse).toBeUndefined()
  })

  it('a wire’s own word makes one, and takes the point value with it', () => {
    const book = bookOf()
    const facts = { kind: 'instrument', session: '', name: 'X:Y' } as const
    book.learn({ ...facts, pointValue: ONE, currency: 'USD' })
    expect(book.resolve('X:Y').pointValue?.value).toEqual(ONE)
    book.learn({ ...facts, type: 'InversePerpetual' })
    expect(book.resolve('X:Y')).toMatchObject({ inverse: { source: 'wire' } })
    expect(book.resolve('X:Y').pointValue).toBeUndefined()
  })

  it('the config says it of any, and takes it back of any', () => {
    const book = bookOf({
      'X:Y': { kind: 'inverse', pointValue: '1', currency: 'BTC' },
      'BITMEX:XBTUSD': { kind: 'linear', pointValue: '1' },
    })
    expect(book.resolve('X:Y')).toMatchObject({ inverse: { source: 'config' }, currency: { value: 'BTC' } })
    expect(book.resolve('X:Y').pointValue).toBeUndefined()
    expect(book.resolve('BITMEX:XBTUSD').pointValue?.value).toEqual(decimalFromText('1'))
  })

  it('a kind of neither name is refused', () => {
    expect(() => bookOf({ 'X:Y': { kind: 'quanto' } })).toThrow(
      expect.objectContaining({ code: 'bad-config', expected: '"linear" or "inverse"' }),
    )
  })
})
