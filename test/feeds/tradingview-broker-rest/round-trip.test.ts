import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encode } from '../../../src/feeds/tradingview-broker-rest/encode.ts'
import { tradingviewBrokerRest } from '../../../src/feeds/tradingview-broker-rest/index.ts'
import { KINDS } from '../../../src/feeds/tradingview-broker-rest/wire.ts'
import { type Decimal, decimalFromBigInt } from '../../../src/model/decimal.ts'
import type { BarObservation, InstrumentFacts, Observation } from '../../../src/model/observation.ts'
import { observationToJson } from '../../../src/model/observation.ts'
import { accountedLength } from '../wire-driver.ts'
import { get, hear, hearChunks } from './driver.ts'

const one = { mantissa: 1, scale: 0 }
const ohlc = { open: one, high: one, low: one, close: one }
const own = { session: '', name: 'X' } as const
const bar = (more: object): Observation => {
  return { kind: 'bar', ...own, interval: '1d', which: 'current', time: 1_000_000, ...ohlc, ...more }
}

it('says nothing where something cannot be said', () => {
  const cannot: readonly (readonly Observation[])[] = [
    [],
    [{ kind: 'quote', ...own, fields: { last: one } }],
    [{ kind: 'quote', ...own, fields: { bid: one, bidTime: 1_000_000, ask: one } }],
    [{ kind: 'quote', ...own, fields: { bidTime: 1_000_000 } }],
    [{ kind: 'quote', ...own, fields: { bid: one, bidTime: 1_500_000 } }],
    [{ kind: 'quote', ...own, session: 'qs', fields: { bid: one } }],
    [{ kind: 'trade', ...own, price: one, updateTime: 1 }],
    [{ kind: 'trade', ...own, name: '', price: one }],
    [bar({ interval: '1m' })],
    [bar({ which: 'previous' })],
    [bar({ time: 0 })],
    [bar({ which: 'history', interval: '7d' })],
    [bar({ which: 'history' }), bar({ which: 'history', volume: one })],
    [bar({ which: 'history' }), bar({ which: 'history', name: 'Y' })],
    [bar({ which: 'history' }), bar({})],
    [{ kind: 'instrument', ...own, symbol: 'X' }],
    [{ kind: 'instrument', ...own, type: '' }],
    [{ kind: 'instrument', ...own, tickSize: one }],
    [
      { kind: 'instrument', ...own },
      { kind: 'trade', ...own, price: one },
    ],
    [{ kind: 'depth', ...own, bids: [], asks: [] }],
  ]
  for (const observations of cannot)
    expect(encode.message(observations), JSON.stringify(observations)).toBeUndefined()
})

const decimal: fc.Arbitrary<Decimal> = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }), fc.integer({ min: 0, max: 20 }))
  .map(([mantissa, scale]) => decimalFromBigInt(mantissa, scale))
const time = fc.integer({ min: 1, max: 4_000_000_000 }).map(seconds => seconds * 1_000_000)
const name = fc.string({ minLength: 1 })
const value = fc.option(decimal)
const bars = { time, open: decimal, high: decimal, low: decimal, close: decimal }

const quote = fc
  .record(
    { bid: value, bidSize: value, ask: value, askSize: value, t: fc.option(time) },
    { requiredKeys: [] },
  )
  .map(({ t, ...fields }) => {
    const timed = (side: string): boolean =>
      t !== undefined && Object.keys(fields).some(key => key.startsWith(side))
    return { ...fields, ...(timed('bid') ? { bidTime: t } : {}), ...(timed('ask') ? { askTime: t } : {}) }
  })
const line: fc.Arbitrary<Observation> = fc.oneof(
  fc.record({ kind: fc.constant('quote'), session: fc.constant(''), name, fields: quote }),
  fc.record(
    { kind: fc.constant('trade'), session: fc.constant(''), name, price: decimal, size: decimal, time },
    { requiredKeys: ['kind', 'session', 'name', 'price'] },
  ),
  fc
    .record(
      { name, ...bars, volume: decimal },
      { requiredKeys: ['name', 'time', 'open', 'high', 'low', 'close'] },
    )
    .map((rest): BarObservation => ({ kind: 'bar', session: '', interval: '1d', which: 'current', ...rest })),
)
const word = fc.string({ minLength: 1 })
const facts: fc.Arbitrary<InstrumentFacts> = fc
  .record(
    {
      name: word,
      description: word,
      currency: word,
      exchange: word,
      type: word,
      root: word,
      minMove: decimal,
      priceScale: decimal,
      pointValue: decimal,
      fractional: fc.boolean(),
      symbol: word,
    },
    { requiredKeys: ['name'] },
  )
  .map(({ symbol, ...rest }): InstrumentFacts => {
    const known = symbol === undefined || symbol === rest.name ? {} : { symbol }
    return { kind: 'instrument', session: '', ...rest, ...known }
  })
const history: fc.Arbitrary<readonly Observation[]> = fc
  .record({
    name: fc.string({ minLength: 1, unit: 'grapheme' }),
    interval: fc.constantFrom('1m', '5m', '1h', '4h', '1d', '1w', '1M'),
    rows: fc.array(fc.record(bars), { minLength: 1, maxLength: 4 }),
  })
  .map(({ name: of, interval, rows }) => {
    return rows.map(
      (row): BarObservation => ({ kind: 'bar', session: '', name: of, interval, which: 'history', ...row }),
    )
  })

it('reads what it wrote as the same again', () => {
  const many = { minLength: 1, maxLength: 4 }
  fc.assert(
    fc.property(fc.oneof(fc.array(line, many), fc.array(facts, many), history), observations => {
      const said = encode.message(observations)
      expect(said).toBeDefined()
      const { shown } = hear(said === undefined ? [] : [said])
      expect(shown).toEqual(observations.map(observationToJson))
    }),
    { numRuns: 1000 },
  )
})

it('throws at nothing, and accounts for every unit', () => {
  const nasty = fc.oneof(
    fc.constantFrom(...KINDS.map(kind => kind.sample)),
    fc.json(),
    fc.string(),
    fc.constantFrom(
      '{"s":"ok","symbol":[null,{},["a"],"A"],"ticker":{},"pricescale":[[],{},1e999,1e30]}',
      '{"s":"ok","t":[{},1e999],"o":[1,2],"h":[1,2],"l":[1,2],"c":[1,2],"v":[null,"x"]}',
      '{"s":"ok","d":[null,{"n":"A"},{"s":{},"n":"B"},{"s":"ok","n":"__proto__","v":{"__proto__":1}}]}',
    ),
    fc
      .nat({ max: 9_000 })
      .map(n => `{"s":"ok","symbol":["A"],"pricescale":1e30,"x":${'['.repeat(n)}${']'.repeat(n)}}`),
  )
  const path = fc.constantFrom(
    'symbol_info',
    'history?symbol=A&resolution=1',
    'quotes?symbols=A',
    'streaming',
    '',
  )
  fc.assert(
    fc.property(
      nasty,
      path,
      fc.integer({ min: 100, max: 599 }),
      fc.boolean(),
      (body, to, status, keepWire) => {
        expect(accountedLength(hear([get(to, body, status)], keepWire).packets)).toBe(body.length)
        expect(accountedLength(hearChunks([body, `${body}\n`], keepWire).packets)).toBe(body.length * 2 + 1)
        tradingviewBrokerRest.recognise(body)
        const request = { method: 'GET', url: `http://127.0.0.1/${to}${body}`, headers: [] } as const
        expect(tradingviewBrokerRest.conversation.meanings(request)).toHaveLength(1)
      },
    ),
    { numRuns: 1000 },
  )
})

it.each([
  '',
  '{}',
  '[]',
  '{"heartbeat":"x"}',
  '{"heartbeat":1,"x":1}',
  '{"f":"t"}',
  '{"f":"q","id":"X","bp":1}',
  '{"s":"ok"}',
])('does not recognise %s', text => {
  expect(tradingviewBrokerRest.recognise(text)).toBeUndefined()
})

it('is its endpoints, where their queries say so', () => {
  const { matches } = tradingviewBrokerRest
  for (const path of ['v1/symbol_info', 'history?symbol=A&resolution=1&to=1', 'quotes?locale=en&symbols=A']) {
    expect(matches(`https://broker.example/${path}`)).toBe(true)
  }
  expect(matches('http://127.0.0.1:4000/streaming')).toBe(true)
  for (const url of [
    'https://x.example/streaming',
    'https://x.example/history',
    'https://x.example/quotes?symbols=A',
    'no url',
  ]) {
    expect(matches(url), url).toBe(false)
  }
})
