import { beforeEach, describe, expect, test } from 'vitest'
import { InstrumentBook } from '../../src/instruments/index.ts'
import type { FeeObservation, FillObservation } from '../../src/model/account.ts'
import { decimalText } from '../../src/model/decimal.ts'
import { Ledger, type LedgerOptions, parseFeeRule } from '../../src/pnl/index.ts'
import { TapeFills } from '../../src/pnl/sources/tape-fills.ts'
import { decimal, textOf } from './decimals.ts'

function ledgerOf(options: Partial<LedgerOptions> = {}): Ledger {
  return new Ledger({
    chain: ['last'],
    staleAfter: 60_000_000,
    matching: 'fifo',
    instruments: new InstrumentBook(),
    quoteOf: () => undefined,
    ...options,
  })
}

let ledger: Ledger
let source: TapeFills

beforeEach(() => {
  ledger = ledgerOf()
  source = new TapeFills(ledger, name => name)
})

type More = Partial<FillObservation>

function fillOf(
  id: string,
  side: 'buy' | 'sell',
  quantity: string,
  price: string,
  more: More = {},
): FillObservation {
  return {
    kind: 'fill',
    session: '',
    name: 'MNQH6',
    change: 'created',
    id,
    account: '1',
    side,
    quantity: decimal(quantity),
    price: decimal(price),
    ...more,
  }
}

function feeOf(id: string, amount: string, more: Partial<FeeObservation> = {}): FeeObservation {
  return { kind: 'fee', session: '', name: 'MNQH6', change: 'created', id, amount: decimal(amount), ...more }
}

/** `quantity realized fees`, in price × quantity × 2. */
function shown(): string {
  const { quantity, realized, fees } = ledger.position('MNQH6') ?? {}
  return [quantity, realized, fees].map(textOf).join(' ')
}

const pairsShown = (): readonly string[] =>
  ledger
    .pairs()
    .map(({ opening, closing, quantity }) => `${opening.id}→${closing.id} ${decimalText(quantity)}`)

describe('fills that are not ours', () => {
  test('a fill of a second account is refused, and both are named', () => {
    source.fill(fillOf('a', 'buy', '1', '100'), 1)
    expect(() => source.fill(fillOf('b', 'buy', '1', '100', { account: '2' }), 2)).toThrow(
      expect.objectContaining({ code: 'ambiguous', found: '1, 2' }),
    )
  })

  test('an account that was asked for and has none is refused, and those that have are named', () => {
    source = new TapeFills(ledger, name => name, '3')
    expect(source.fill(fillOf('a', 'buy', '1', '100'), 1)).toBeUndefined()
    expect(() => source.report()).toThrow(expect.objectContaining({ code: 'bad-positions', found: '1' }))
  })

  test('with an account, others and nobody’s stay out and are counted', () => {
    source = new TapeFills(ledger, name => name, '1')
    const { account: _, ...nobodys } = fillOf('c', 'buy', '1', '100')
    source.fill(fillOf('a', 'buy', '1', '100'), 1)
    source.fill(fillOf('b', 'buy', '1', '100', { account: '2' }), 2)
    source.fill(nobodys, 3)
    expect(shown()).toBe('1 0 0')
    expect(source.report()).toMatchObject({ account: '1', fills: 1, otherAccounts: ['2'], withoutAccount: 1 })
  })

  test('nobody’s fill counts as soon as it is said whose it is', () => {
    source = new TapeFills(ledger, name => name, '1')
    const { account: _, ...nobodys } = fillOf('a', 'buy', '1', '100')
    source.fill(nobodys, 1)
    expect(source.fill(fillOf('a', 'buy', '1', '100'), 2)).toEqual({ kind: 'fill', instrument: 'MNQH6' })
    expect(source.report()).toMatchObject({ fills: 1, withoutAccount: 0 })
  })

  test('one id for two instruments is refused', () => {
    source.fill(fillOf('a', 'buy', '1', '100'), 1)
    expect(() => source.fill(fillOf('a', 'buy', '1', '100', { name: 'MESH6' }), 2)).toThrow(
      'the fill a is of two instruments',
    )
  })
})

describe('the same fill', () => {
  test('told again is no news', () => {
    source.fill(fillOf('a', 'buy', '1', '100', { isActive: true }), 1)
    expect(source.fill(fillOf('a', 'buy', '1.0', '100.00', { change: 'snapshot' }), 2)).toBeUndefined()
    expect(shown()).toBe('1 0 0')
    expect(source.report()).toMatchObject({ fills: 1, repeated: 1, corrected: 0 })
  })

  test('with another price keeps its place, and what it closed or opened is matched anew', () => {
    source.fill(fillOf('a', 'buy', '1', '100', { time: 1 }), 1)
    source.fill(fillOf('b', 'buy', '1', '101'), 2)
    source.fill(fillOf('c', 'sell', '1', '103'), 3)
    expect(shown()).toBe('1 6 0')
    const news = source.fill(fillOf('a', 'buy', '1', '99', { change: 'updated', time: 9 }), 4)
    expect(news).toEqual({ kind: 'correction', instrument: 'MNQH6' })
    expect(shown()).toBe('1 8 0')
    expect(pairsShown()).toEqual(['a→c 1'])
    expect(ledger.pairs()[0]?.opening.at).toBe(1)
    expect(source.report()).toMatchObject({ fills: 3, corrected: 1 })
  })

  test.each([
    ['isActive false', { isActive: false }],
    ['a deletion', { change: 'deleted' }],
  ] as const)('is out by %s with its fee, and in again if it is active again', (_, gone) => {
    source.fill(fillOf('a', 'buy', '1', '100'), 1)
    source.fee(feeOf('a', '0.62'), 1)
    source.fill(fillOf('b', 'buy', '1', '101'), 2)
    source.fill(fillOf('c', 'sell', '1', '103'), 3)
    source.fill(fillOf('a', 'buy', '1', '100', gone), 4)
    expect(shown()).toBe('0 4 0')
    expect(pairsShown()).toEqual(['b→c 1'])
    expect(source.report()).toMatchObject({ fills: 2, takenBack: 1 })
    source.fill(fillOf('a', 'buy', '1', '100'), 5)
    expect(shown()).toBe('1 6 0.62')
    expect(source.report()).toMatchObject({ fills: 3, takenBack: 0 })
  })

  test('that was taken back before anybody heard of it moves nothing', () => {
    expect(source.fill(fillOf('a', 'buy', '1', '100', { isActive: false }), 1)).toBeUndefined()
    expect(ledger.positions()).toEqual([])
    expect(source.report()).toMatchObject({ fills: 0, takenBack: 1 })
  })
})

describe('what a fill cost', () => {
  test('comes with it, before it or behind it', () => {
    source.fee(feeOf('a', '0.62'), 1)
    source.fill(fillOf('a', 'buy', '1', '100'), 1)
    expect(shown()).toBe('1 0 0.62')
    source.fill(fillOf('b', 'buy', '1', '100'), 2)
    expect(source.fee(feeOf('b', '0.5'), 3)).toEqual({ kind: 'fee', instrument: 'MNQH6' })
    expect(shown()).toBe('2 0 1.12')
  })

  test('told again is no news; put right, only the difference counts; deleted, nothing of it', () => {
    source.fill(fillOf('a', 'buy', '1', '100'), 1)
    source.fee(feeOf('a', '0.62'), 1)
    expect(source.fee(feeOf('a', '0.620'), 2)).toBeUndefined()
    source.fee(feeOf('a', '0.60', { change: 'updated' }), 3)
    expect(shown()).toBe('1 0 0.6')
    source.fee(feeOf('a', '0.60', { change: 'deleted' }), 4)
    expect(shown()).toBe('1 0 0')
  })

  test('in a second currency is not added, and is counted', () => {
    source.fill(fillOf('a', 'buy', '1', '100'), 1)
    source.fee(feeOf('a', '0.62', { currency: '1' }), 1)
    source.fee(feeOf('a', '5', { currency: '3' }), 1)
    expect(shown()).toBe('1 0 0.62')
    expect(source.report()).toMatchObject({ foreignFees: 1 })
  })

  test('does not count where the rule is another', () => {
    ledger = ledgerOf({ fees: parseFeeRule('per-contract=0.25') })
    source = new TapeFills(ledger, name => name)
    source.fill(fillOf('a', 'buy', '3', '100'), 1)
    expect(source.fee(feeOf('a', '9'), 2)).toBeUndefined()
    expect(shown()).toBe('3 0 0.75')
  })
})

test('what was held under a name goes along when it turns out to be another’s', () => {
  source.fill(fillOf('a', 'buy', '1', '100', { name: 'old' }), 1)
  ledger.move('old', 'MNQH6')
  source.move('old', 'MNQH6')
  source.fill(fillOf('b', 'sell', '1', '101'), 2)
  source.fill(fillOf('a', 'buy', '1', '99', { change: 'updated' }), 3)
  expect(shown()).toBe('0 4 0')
})
