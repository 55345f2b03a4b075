import { describe, expect, it, test } from 'vitest'
import { InstrumentBook, readConfig } from '../../src/instruments/index.ts'
import { type GroupView, Ledger, type Matching, readPositions } from '../../src/pnl/index.ts'
import { decimal, textOf } from './decimals.ts'

type Deal = readonly [side: 'buy' | 'sell', quantity: string, price: string]

/** Unrealized, realized and net at this price. */
function moneyOf(
  instrument: string,
  deals: readonly Deal[],
  price: string,
  { matching = 'average', config = {} }: { matching?: Matching; config?: object } = {},
): readonly (string | undefined)[] {
  const group: GroupView = { price: decimal(price), at: 0, seq: 0, packet: 0 }
  const ledger = new Ledger({
    chain: ['last'],
    staleAfter: 50,
    matching,
    instruments: new InstrumentBook(
      readConfig(JSON.stringify({ instruments: { [instrument]: config } }), 'c.json').instruments,
    ),
    quoteOf: () => ({ group: () => group }),
  })
  for (const [side, quantity, at] of deals) {
    ledger.fill({ instrument, side, quantity: decimal(quantity), price: decimal(at) }, 0)
  }
  const position = ledger.position(instrument)
  return [position?.unrealized, position?.realized, position?.net].map(textOf)
}

describe('a price in 32nds as a screen writes it', () => {
  it.each(["110'165", '110-16.5', '110 16/32', '110-165'])('%s is refused with its line', price => {
    const fill = { instrument: 'CBOT:ZN1!', side: 'buy', quantity: '1', price }
    expect(() => readPositions(JSON.stringify(fill), 'fills.jsonl')).toThrow(
      expect.objectContaining({ code: 'bad-positions', where: expect.stringContaining('fills.jsonl:1') }),
    )
  })
})

const SPOT = { config: { pointValue: '1', currency: 'USDT' } }

describe.each(['average', 'fifo'] as const)('to the last digit, by %s', matching => {
  test.each<[string, string, readonly Deal[], string, string, string, object]>([
    [
      'a fraction of a coin',
      'X:BTC',
      [['buy', '0.00012345', '91234.56']],
      '91234.57',
      '0.0000012345',
      '0',
      SPOT,
    ],
    [
      'eight digits of size times eight of price',
      'X:SHIB',
      [
        ['buy', '0.00000003', '0.00000007'],
        ['sell', '0.00000001', '0.00000009'],
      ],
      '0.00000008',
      '0.0000000000000002',
      '0.0000000000000002',
      SPOT,
    ],
    [
      'WTI of April 2020: bought at 10.01, sold at −37.63',
      'NYMEX:CLK2020',
      [
        ['buy', '2', '10.01'],
        ['sell', '1', '-37.63'],
      ],
      '-13.1',
      '-23110',
      '-47640',
      {},
    ],
    ['a short that was opened below zero', 'NYMEX:CL1!', [['sell', '1', '-5.5']], '-37.63', '32130', '0', {}],
    [
      'a half of a 32nd of a ten-year note',
      'CBOT:ZN1!',
      [['buy', '3', '110.515625']],
      '110.53125',
      '46.875',
      '0',
      {},
    ],
    ['a 32nd of a bond', 'CBOT:ZB1!', [['sell', '1', '118.03125']], '118', '31.25', '0', {}],
    ['seven digits of a yen', 'CME:6J1!', [['buy', '1', '0.0067005']], '0.006701', '6.25', '0', {}],
    ['a price between ticks', 'CME_MINI:NQ1!', [['buy', '3', '25600.333']], '25600.25', '-4.98', '0', {}],
    [
      'through zero and back in one fill each',
      'CME_MINI:MNQ1!',
      [
        ['buy', '1', '100'],
        ['sell', '3', '101'],
        ['buy', '5', '99'],
      ],
      '99.5',
      '3',
      '10',
      {},
    ],
    [
      'more than any double counts',
      'X:HUGE',
      [
        ['buy', '9007199254740993', '9007199254740993'],
        ['sell', '1', '9007199254740994'],
      ],
      '9007199254740994',
      '9007199254740992',
      '1',
      SPOT,
    ],
  ])('%s', (_, instrument, deals, price, unrealized, realized, options) => {
    expect(moneyOf(instrument, deals, price, { matching, ...options }).slice(0, 2)).toEqual([
      unrealized,
      realized,
    ])
  })
})

test('nothing is left at flat of an average that no decimal is', () => {
  const deals: readonly Deal[] = [
    ['buy', '1', '100'],
    ['buy', '2', '101'],
    ['sell', '1', '103'],
    ['sell', '1', '103'],
    ['sell', '1', '103'],
  ]
  // 309 − 302, at 2 a point.
  expect(moneyOf('CME_MINI:MNQ1!', deals, '5')).toEqual(['0', '14', '14'])
})

test('an inverse contract is refused by name, and gets no linear number', () => {
  const wire = { kind: 'linear', pointValue: '1', currency: 'USD' }
  const deals: readonly Deal[] = [['buy', '100', '80000']]
  expect(moneyOf('BITMEX:XBTUSD', deals, '90000')).toEqual([undefined, undefined, undefined])
  expect(moneyOf('BITMEX:XBTUSD', deals, '90000', { config: wire })).toEqual(['1000000', '0', '1000000'])
})
