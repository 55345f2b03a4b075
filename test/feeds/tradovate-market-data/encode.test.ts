import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tradovateMarketData } from '../../../src/feeds/tradovate-market-data/index.ts'
import { type Decimal, decimalFromText, roundSignificant } from '../../../src/model/decimal.ts'
import type { InstrumentFacts, Observation, QuoteUpdate } from '../../../src/model/observation.ts'
import { decodeMessage, frameOf } from '../wire-driver.ts'

const { encode } = tradovateMarketData

function decoded(text: string): readonly Observation[] {
  return [...decodeMessage(tradovateMarketData, frameOf(text)).observations.values()].flat()
}

function decimal(text: string): Decimal {
  const value = decimalFromText(text)
  if (value === undefined) throw new RangeError(`no decimal: ${text}`)
  return value
}

const quote = (fields: QuoteUpdate['fields'], name = '3267315'): QuoteUpdate => ({
  kind: 'quote',
  session: '',
  name,
  fields,
})
const ONE = decimal('1')
const AT = 1_789_000_000_045_000
const FACTS: InstrumentFacts = {
  kind: 'instrument',
  session: '',
  name: '3267315',
  symbol: 'NQZ6',
  expires: AT,
  isFront: true,
  root: 'NQ',
  type: 'Futures',
  description: 'E-Mini “NASDAQ” \ud83d\ude80',
  pointValue: decimal('20'),
  tickSize: decimal('0.25'),
  fractional: false,
}
const { tickSize: _, ...WITHOUT_TICK } = FACTS

describe('what this wire cannot say', () => {
  it.each<[string, Observation]>([
    ['nothing at all', quote({})],
    ['a field of another wire', quote({ last: ONE, mode: 'streaming' })],
    ['a last price’s time', quote({ last: ONE, lastTime: AT })],
    ['a bid’s time without a bid', quote({ last: ONE, bidTime: AT })],
    ['two times', quote({ bid: ONE, bidTime: AT, ask: ONE, askTime: AT + 1000 })],
    ['one side’s time', quote({ bid: ONE, bidTime: AT, ask: ONE })],
    ['one field that is none', quote({ bid: null, last: ONE })],
    ['binary noise', quote({ last: decimal('2647.1000000000004') })],
    ['10^100', quote({ last: decimal('1e100') })],
    ['a name that is no contract id', quote({ last: ONE }, 'NQZ6')],
    ['a session', { ...quote({ last: ONE }), session: 'qs_1' }],
    ['a product in part', WITHOUT_TICK],
    ['a currency', { ...FACTS, currency: 'USD' }],
    [
      'an account’s fill',
      {
        kind: 'fill',
        session: '',
        name: '1',
        change: 'created',
        id: '1',
        side: 'buy',
        quantity: ONE,
        price: ONE,
      },
    ],
    ['a trade under a contract’s name', { kind: 'trade', session: '', name: '3267315', price: ONE }],
  ])('is not said: %s', (_, observation) => {
    expect(encode.message([observation])).toBeUndefined()
  })
})

describe('what it can say', () => {
  it('is read as the same again: facts at once, by three answers of which the contract is the last', () => {
    const text = encode.message([FACTS])
    expect(decoded(text ?? '')).toEqual([FACTS])
    expect(text).toMatch(/valuePerPoint.*expirationDate.*contractMaturityId/)
    const named: Observation = { kind: 'instrument', session: '', name: '1', symbol: 'ESU6' }
    expect(decoded(encode.message([named, FACTS]) ?? '')).toEqual([named, FACTS])
  })

  it('is an empty book for a bid and an ask that are none', () => {
    const empty = quote({ bid: null, bidSize: null, ask: null, askSize: null, last: ONE })
    expect(encode.message([empty])).toContain('"EmptyBook":{}')
    expect(decoded(encode.message([empty]) ?? '')).toEqual([empty])
  })

  const price = fc
    .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat({ max: 20 }))
    .map(([digits, scale]) => decimal(`${digits}e-${scale}`))
    .map(value => (value.scale === 0 ? value : roundSignificant(value, 15)))
  const at = fc.integer({ min: 0, max: 4_000_000_000_000 }).map(millis => millis * 1000)
  const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
  const said = <T extends object>(parts: T): T =>
    Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as T
  const id = fc.bigInt({ min: 0n, max: 10n ** 25n }).map(String)
  const chart = id.map(number => `chart ${number}`)
  const levels = fc.array(fc.record({ price, size: price }), { maxLength: 4 })

  const quotes = fc
    .record({
      name: id,
      time: optional(at),
      fields: fc.record(
        {
          bid: price, bidSize: price, ask: price, askSize: price, last: price, lastSize: price, volume: price,
          open: price, high: price, low: price,
        },
        { requiredKeys: [] },
      ), // biome-ignore format: a list
    })
    .filter(({ fields }) => Object.keys(fields).length > 0)
    .map(({ fields, name, time }) => {
      const bidTime = fields.bid !== undefined || fields.bidSize !== undefined ? time : undefined
      const askTime = fields.ask !== undefined || fields.askSize !== undefined ? time : undefined
      return quote(said({ ...fields, bidTime, askTime }) as QuoteUpdate['fields'], name)
    })
  const depths = fc
    .record({ name: id, time: optional(at), bids: levels, asks: levels })
    .map(parts => said({ kind: 'depth', session: '', ...parts }) as Observation)
  const trades = fc
    .record({ name: chart, price, size: optional(price), time: optional(at) })
    .map(parts => said({ kind: 'trade', session: '', ...parts }) as Observation)
  const bars = fc
    .record({ name: chart, time: at, open: price, high: price, low: price, close: price })
    .map((parts): Observation => ({ kind: 'bar', session: '', which: 'history', ...parts }))

  it('is read as the same again, whatever it is', () => {
    const observations = fc.array(fc.oneof(quotes, depths, trades, bars), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(observations, all => {
        const text = encode.message(all)
        expect(text).toBeDefined()
        expect(decoded(text ?? '')).toEqual(all)
      }),
      { seed: 4, numRuns: 500 },
    )
  })
})
