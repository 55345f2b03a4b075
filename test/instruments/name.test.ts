import { describe, expect, test } from 'vitest'
import { contractOf, decorationOf, identityOf, readSymbol } from '../../src/instruments/index.ts'

describe('a plain name', () => {
  test.each([
    ['NYSE:ES', { kind: 'ticker', exchange: 'NYSE', ticker: 'ES' }],
    ['BINANCE:BTCUSDT', { kind: 'ticker', exchange: 'BINANCE', ticker: 'BTCUSDT' }],
    ['NSE:JUNIPER', { kind: 'ticker', exchange: 'NSE', ticker: 'JUNIPER' }],
    ['NSE:CNX500', { kind: 'ticker', exchange: 'NSE', ticker: 'CNX500' }],
    ['NQ', { kind: 'ticker', ticker: 'NQ' }],
    ['NQ0!', { kind: 'ticker', ticker: 'NQ0!' }],
    ['NQZ', { kind: 'ticker', ticker: 'NQZ' }],
    ['NQZ202', { kind: 'ticker', ticker: 'NQZ202' }],
    ['NQA6', { kind: 'ticker', ticker: 'NQA6' }],
    ['Z6', { kind: 'ticker', ticker: 'Z6' }],
    ['', { kind: 'ticker', ticker: '' }],
    ['CME_MINI:NQ1!', { kind: 'continuous', exchange: 'CME_MINI', root: 'NQ', position: 1 }],
    ['NQ2!', { kind: 'continuous', root: 'NQ', position: 2 }],
    ['CME:6E1!', { kind: 'continuous', exchange: 'CME', root: '6E', position: 1 }],
    ['NSE:CNX5001!', { kind: 'continuous', exchange: 'NSE', root: 'CNX500', position: 1 }],
    ['CME_MINI:NQZ2026', { kind: 'dated', exchange: 'CME_MINI', root: 'NQ', month: 12, year: '2026' }],
    ['NQF26', { kind: 'dated', root: 'NQ', month: 1, year: '26' }],
    ['NQZ6', { kind: 'dated', root: 'NQ', month: 12, year: '6' }],
    ['6EZ6', { kind: 'dated', root: '6E', month: 12, year: '6' }],
    ['M2KH27', { kind: 'dated', root: 'M2K', month: 3, year: '27' }],
  ])('%s is read as what it says', (name, read) => {
    expect(readSymbol(name)).toEqual(read)
  })
})

describe('the contract that a name means', () => {
  test.each([
    'NYSE:ES',
    'BINANCE:BTCUSDT',
    'ICEEUR:SI1!',
    'NYMEX:NQ1!',
    'COMEX_MINI:CL1!',
    'NQ',
    'XX1!',
    'NASDAQ:NQZ6',
  ])('%s is none of the table', name => {
    expect(contractOf(name)).toBeUndefined()
  })

  test.each([
    ['NQ1!', 'NQ'],
    ['CME_MINI:NQ1!', 'NQ'],
    ['CME:NQ2!', 'NQ'],
    ['NQZ6', 'NQ'],
    ['CME_MINI:MNQZ2026', 'MNQ'],
    ['COMEX:SIL1!', 'SIL'],
    ['COMEX:SI1!', 'SI'],
    ['COMEX_MINI:MGC1!', 'MGC'],
    ['NYMEX_MINI:QM1!', 'QM'],
    ['CBOT_MINI:YM1!', 'YM'],
    ['CME:BTC1!', 'BTC'],
  ])('%s is %s', (name, root) => {
    expect(contractOf(name)?.root).toBe(root)
  })
})

describe('the identity of a name', () => {
  test.each([
    ['broken JSON', '={"symbol":'],
    ['no object', '=["NSE:JUNIPER"]'],
    ['nothing after the mark', '='],
    ['nesting beyond any real name', `={"symbol":${'['.repeat(40)}${']'.repeat(40)}}`],
  ])('%s is itself', (_, name) => {
    expect(identityOf(name)).toBe(name)
  })

  test('a hostile depth neither throws nor hangs', () => {
    const name = `={"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    expect(identityOf(name)).toBe(name)
  })

  test.each(['NSE:JUNIPER', 'NQ1!', '', 'a=b'])('a plain name is itself: %j', name => {
    expect(identityOf(name)).toBe(name)
  })

  test.each(['={"symbol":"NSE:JUNIPER"}', '={ "metric" : "price", "symbol":"NSE:JUNIPER" }'])(
    '%s adds nothing to its symbol',
    name => {
      expect(identityOf(name)).toBe('NSE:JUNIPER')
    },
  )

  test.each([
    '={"symbol":"NSE:JUNIPER","currency-id":"INR"}',
    '={"symbol":"NSE:JUNIPER","adjustment":"splits"}',
    '={"symbol":"NSE:JUNIPER","session":"regular"}',
    '={"metric":"open_interest","symbol":"CME_MINI:NQ1!"}',
    '={"symbol":""}',
    '={"symbol":{"symbol":"NSE:JUNIPER"}}',
    '={"metric":"price"}',
  ])('%s stays apart', name => {
    expect(identityOf(name).startsWith('={')).toBe(true)
  })

  test('two spellings of one long name are one, whatever the order of their keys', () => {
    const one = '={"symbol":"NSE:JUNIPER","adjustment":"dividends","currency-id":"INR","session":"regular"}'
    const other =
      '={"adjustment":"dividends", "currency-id":"INR","session":"regular","symbol":"NSE:JUNIPER"}'
    expect(identityOf(one)).toBe(identityOf(other))
    expect(identityOf(one)).toBe(
      '={"adjustment":"dividends","currency-id":"INR","session":"regular","symbol":"NSE:JUNIPER"}',
    )
    expect(identityOf(identityOf(one))).toBe(identityOf(one))
  })

  test('keys are sorted at every depth, lists keep their order', () => {
    expect(identityOf('={"type":"BarSetHeikenAshi","symbol":{"z":1,"a":[2,1,{"d":0,"c":null}]}}')).toBe(
      '={"symbol":{"a":[2,1,{"c":null,"d":0}],"z":1},"type":"BarSetHeikenAshi"}',
    )
  })
})

test('a long name is taken apart for the look-up of its symbol', () => {
  expect(decorationOf('={"symbol":')).toBeUndefined()
  expect(decorationOf('={"metric":"price"}')).toBeUndefined()
  expect(decorationOf('NQ1!')).toEqual({ symbol: 'NQ1!' })
  expect(decorationOf('={"symbol":"CME_MINI:NQ1!","currency-id":"EUR","metric":"price"}')).toEqual({
    symbol: 'CME_MINI:NQ1!',
    currency: 'EUR',
    metric: 'price',
  })
})
