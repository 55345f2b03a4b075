import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { EntityBook } from '../../../src/feeds/tradovate/entity-book.ts'
import { tradovateUserData as feed } from '../../../src/feeds/tradovate-user-data/index.ts'
import type {
  BalanceObservation,
  FeeObservation,
  FillObservation,
  FillPairObservation,
  OrderObservation,
  PositionObservation,
  TradedDay,
} from '../../../src/model/account.ts'
import { type Decimal, decimalFromText } from '../../../src/model/decimal.ts'
import type { InstrumentFacts, Observation } from '../../../src/model/observation.ts'
import { decodeMessage, frameOf } from '../wire-driver.ts'

const AT = 1_772_463_602_045_000

function decimal(text: string): Decimal {
  const value = decimalFromText(text)
  if (value === undefined) throw new RangeError(`no decimal: ${text}`)
  return value
}

const FILL: FillObservation = {
  kind: 'fill',
  session: '',
  name: '3267315',
  change: 'created',
  id: '900',
  order: '800',
  side: 'buy',
  quantity: decimal('1'),
  price: decimal('25600.25'),
  time: AT,
  tradeDate: '2026-03-02',
  isActive: true,
}
const ORDER: OrderObservation = {
  kind: 'order',
  session: '',
  name: '3267315',
  change: 'created',
  id: '800',
  account: '2',
  status: 'Working',
  side: 'buy',
}
const VERSION: OrderObservation = {
  kind: 'order',
  session: '',
  name: '',
  change: 'updated',
  id: '800',
  quantity: decimal('1'),
  type: 'Limit',
  price: decimal('25600'),
}
const POSITION: PositionObservation = {
  kind: 'position',
  session: '',
  name: '3267315',
  change: 'updated',
  id: '700',
  account: '2',
  quantity: decimal('-2'),
  averagePrice: decimal('25871.369565217'),
}
const FEE: FeeObservation = {
  kind: 'fee',
  session: '',
  name: '',
  change: 'created',
  id: '900',
  amount: decimal('1.29'),
  currency: '1',
}
const PAIR: FillPairObservation = {
  kind: 'fill-pair',
  session: '',
  name: '',
  change: 'created',
  id: '950',
  buyFill: '900',
  sellFill: '901',
  quantity: decimal('1'),
  buyPrice: decimal('1'),
  sellPrice: decimal('2'),
}
const BALANCE: BalanceObservation = {
  kind: 'balance',
  session: '',
  name: '',
  change: 'updated',
  id: '600',
  account: '2',
  amount: decimal('-0.01'),
  currency: '1',
  realizedPnl: decimal('3'),
}
const FACTS: InstrumentFacts = {
  kind: 'instrument',
  session: '',
  name: '3267315',
  symbol: 'NQZ6',
  root: 'NQ',
  type: 'Futures',
  currency: 'USD',
  description: 'synthetic “E-mini” 나스닥 \ud83d\ude80',
  pointValue: decimal('20'),
  tickSize: decimal('0.25'),
  fractional: false,
  expires: AT,
  isFront: true,
}

function decoded(text: string): readonly Observation[] {
  const { packets, observations } = decodeMessage(feed, frameOf(text))
  expect(packets.map(packet => packet.disposition)).toEqual(packets.map(() => 'read'))
  return packets.flatMap(packet => observations.get(packet.index) ?? [])
}

describe('what the wire cannot say', () => {
  test.each<readonly [string, readonly Observation[]]>([
    ['nothing', []],
    ['a quote', [{ kind: 'quote', session: '', name: '1', fields: {} }]],
    ['a session', [{ ...FILL, session: 'qs_1' }]],
    ['a name that is no id', [{ ...FILL, name: 'NQZ6' }]],
    ['an id with a leading zero', [{ ...FILL, id: '0900' }]],
    ['a fill’s account without its order', [{ ...FILL, account: '2' }]],
    ['a fill’s account that is not its order’s', [ORDER, { ...FILL, account: '3' }]],
    ['a fill without the account that its order has', [ORDER, FILL]],
    ['a fill of nothing', [{ ...FILL, quantity: decimal('0') }]],
    ['a price of 16 digits', [{ ...FILL, price: decimal('2647.100000000001') }]],
    ['a price of ten to the hundred', [{ ...FILL, price: decimal('1e100') }]],
    ['a day that is none', [{ ...FILL, tradeDate: '2026-13-01' }]],
    ['a time after the year 9999', [{ ...FILL, time: 253_402_300_800_000_000 }]],
    ['a fee’s contract without its fill', [{ ...FEE, name: '3267315' }]],
    ['a fee’s time', [{ ...FEE, time: AT }]],
    ['a fee in a currency that is no id', [{ ...FEE, currency: 'USD' }]],
    ['a pair’s account without its position', [{ ...PAIR, account: '2' }]],
    ['status and price of an order in one', [{ ...ORDER, price: decimal('1') }]],
    ['a new order’s price', [{ ...VERSION, change: 'created' }]],
    ['a version’s contract without its order', [{ ...VERSION, name: '3267315' }]],
    ['an order’s trade date', [{ ...ORDER, tradeDate: '2026-03-02' }]],
    ['a position’s open P&L', [{ ...POSITION, openPnl: decimal('1') }]],
    ['a strategy’s position', [{ ...POSITION, strategy: 'ROG-15SV' }]],
    ['the average price of a flat position', [{ ...POSITION, quantity: decimal('0') }]],
    ['a balance of a contract', [{ ...BALANCE, name: '3267315' }]],
    ['a contract without its name', [{ kind: 'instrument', session: '', name: '3267315' }]],
    ['a tick value', [{ ...FACTS, tickValue: decimal('5') }]],
    ['a signal', [{ kind: 'signal', session: '', name: 'NQ1!', action: 'open', text: 'OPEN' }]],
  ])('%s', (_what, observations) => {
    expect(feed.encode.message(observations)).toBeUndefined()
  })

  test('is not left out of a message that could say the rest', () => {
    expect(feed.encode.message([FILL, { ...BALANCE, name: '1' }])).toBeUndefined()
  })
})

describe('one message', () => {
  it('is the push that the venue would send', () => {
    expect(feed.encode.message([VERSION])).toBe(
      'a[{"e":"props","d":{"entityType":"orderVersion","eventType":"Updated","entity":{"id":800,"orderId":800,"orderQty":1,"orderType":"Limit","price":25600}}}]',
    )
  })

  it('is a sync reply where it is a snapshot, with currencies, products and maturities of its contracts', () => {
    const observations: readonly Observation[] = [FACTS, { ...BALANCE, change: 'snapshot' }]
    const text = feed.encode.message(observations) ?? ''
    expect(text).toMatch(/^a\[\{"s":200,"i":2,"d":\{"currencies":\[.*"contracts":\[.*"cashBalances":\[/)
    expect(decoded(text)).toEqual(observations)
  })

  it('says an account’s fills behind their orders, fees and pairs behind those', () => {
    const observations: readonly Observation[] = [
      ORDER,
      { ...FILL, account: '2' },
      { ...FEE, name: '3267315', account: '2' },
      POSITION,
      { ...PAIR, position: '700', name: '3267315', account: '2' },
    ]
    expect(decoded(feed.encode.message(observations) ?? '')).toEqual(observations)
  })

  it('splits a snapshot whose order is not that of the lists', () => {
    const fill = { ...FILL, change: 'snapshot' } as const
    const order = { ...ORDER, id: '1', change: 'snapshot' } as const
    const text = feed.encode.message([fill, order, FACTS, order]) ?? ''
    expect(decodeMessage(feed, frameOf(text)).packets.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 3 }, () => 'reply user/syncrequest'),
    )
    expect(decoded(text)).toEqual([fill, order, FACTS, order])
  })
})

const id = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map(String),
  fc.bigInt({ min: 1n, max: 10n ** 20n }).map(String),
)
const price = fc
  .tuple(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), fc.integer({ min: 0, max: 6 }))
  .map(([mantissa, scale]) => decimal((mantissa / 10 ** scale).toFixed(scale)))
const quantity = fc.integer({ min: 1, max: 10 ** 9 }).map(whole => decimal(String(whole)))
const time = fc.integer({ min: 0, max: 4_102_444_800_000_000 })
const day = fc
  .tuple(
    fc.integer({ min: 1970, max: 2099 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(parts => parts.map(part => String(part).padStart(2, '0')).join('-'))
const change = fc.constantFrom('snapshot', 'created', 'updated', 'deleted')
const side = fc.constantFrom('buy', 'sell')
const text = fc.string({ unit: 'grapheme' })
const base = { session: fc.constant(''), id, change }
const optional = { account: id, time, tradeDate: day }

const tradedDay = fc
  .record(
    {
      bought: price,
      boughtValue: price,
      sold: price,
      soldValue: price,
      previous: price,
      previousPrice: price,
    },
    { requiredKeys: ['bought', 'boughtValue', 'sold', 'soldValue', 'previous'] },
  )
  .map(day => day as TradedDay)

function record<T extends object, U extends object>(
  required: { [K in keyof T]: fc.Arbitrary<T[K]> },
  maybe: { [K in keyof U]: fc.Arbitrary<U[K]> },
) {
  return fc
    .tuple(fc.record(required), fc.record(maybe, { requiredKeys: [] }))
    .map(([must, may]) => ({ ...must, ...may }))
}

const some = fc.oneof(
  record(
    { ...base, kind: fc.constant('fill'), name: id, side, quantity, price },
    { order: id, time, tradeDate: day, isActive: fc.boolean() },
  ),
  record(
    { ...base, kind: fc.constant('position'), name: id, quantity },
    { ...optional, averagePrice: price, day: tradedDay },
  ),
  record(
    {
      kind: fc.constant('deletion'),
      session: fc.constant(''),
      change: fc.constant('deleted'),
      name: fc.constant(''),
      id,
      of: fc.constantFrom('fill', 'fill-pair', 'fee', 'position', 'balance'),
    },
    {},
  ),
  record({ ...base, kind: fc.constant('order'), name: id }, { account: id, time, side, status: text }),
  record(
    { ...base, kind: fc.constant('order'), name: fc.constant(''), quantity },
    { type: text, price, stopPrice: price },
  ),
  record(
    { ...base, kind: fc.constant('balance'), name: fc.constant(''), amount: price },
    { ...optional, currency: id, realizedPnl: price },
  ),
  record({ ...base, kind: fc.constant('fee'), name: fc.constant(''), amount: price }, { currency: id }),
  record(
    {
      ...base,
      kind: fc.constant('fill-pair'),
      name: fc.constant(''),
      buyFill: id,
      sellFill: id,
      quantity,
      buyPrice: price,
      sellPrice: price,
    },
    { position: id, isActive: fc.boolean() },
  ),
  record(
    { kind: fc.constant('instrument'), session: fc.constant(''), name: id, symbol: text },
    {
      root: text,
      type: text,
      description: text,
      currency: text,
      pointValue: price,
      tickSize: price,
      fractional: fc.boolean(),
      expires: time,
      isFront: fc.boolean(),
    },
  ),
) as fc.Arbitrary<Observation>

describe('whatever can be said', () => {
  it('is read as the same again', () => {
    let said = 0
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 6 }), observations => {
        const message = feed.encode.message(observations)
        if (message === undefined) return
        said += 1
        expect(decoded(message)).toEqual(observations)
      }),
      { numRuns: 2000, seed: 20260302 },
    )
    expect(said).toBeGreaterThan(500)
  })
})

describe('whose an entity is', () => {
  it('is kept by type and id: one id in four types is four entities', () => {
    const book = new EntityBook()
    book.learnOrder('8', { name: '1', account: '2' })
    book.learnPosition('8', { name: '3' })
    expect(book.whoseFill('8')).toEqual({ name: '' })
    expect(book.whoseOrder('8')).toEqual({ name: '1', account: '2' })
    expect(book.whosePosition('8')).toEqual({ name: '3' })
  })
})
