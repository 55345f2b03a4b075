import { describe, expect, test } from 'vitest'
import type { Packet } from '../../../src/feeds/feed.ts'
import { createDecoder } from '../../../src/feeds/tradingview-socket/decode.ts'
import { encode } from '../../../src/feeds/tradingview-socket/encode.ts'
import { payloadsOf } from '../../../src/feeds/tradingview-socket/framing.ts'
import { type Decimal, decimalFromText } from '../../../src/model/decimal.ts'
import type { BarObservation, InstrumentFacts, Observation } from '../../../src/model/observation.ts'
import type { QuoteFields } from '../../../src/model/quote.ts'
import { createSyntheticMarket } from '../../../src/synth/market.ts'

const AT = 1_767_623_400_000_000

function decimal(text: string): Decimal {
  const value = decimalFromText(text)
  if (value === undefined) throw new RangeError(`no decimal: ${text}`)
  return value
}

function quote(fields: QuoteFields, session = 'qs_synthetic0001', name = 'CME_MINI:NQ1!'): Observation {
  return { kind: 'quote', session, name, fields }
}

const FACTS: InstrumentFacts = {
  kind: 'instrument',
  session: 'qs_synthetic0001',
  name: 'CME_MINI:NQ1!',
  symbol: 'CME_MINI:NQ1!',
  exchange: 'CME',
  type: 'futures',
  currency: 'USD',
  description: 'synthetic “E-mini” 나스닥 \ud83d\ude80',
  pointValue: decimal('20'),
  priceScale: decimal('100'),
  minMove: decimal('25'),
  fractional: false,
  variableTickSize: '0.01 250 0.05',
}

const BAR: BarObservation = {
  kind: 'bar',
  session: 'qs_synthetic0001',
  name: 'CME_MINI:NQ1!',
  interval: '1m',
  which: 'current',
  time: AT,
  open: decimal('25600.25'),
  high: decimal('25610'),
  low: decimal('25599.123456789012345678'),
  close: decimal('25601'),
  volume: decimal('12'),
  updateTime: AT + 123_456,
}

function decoded(text: string): { observations: Observation[]; packets: Packet[] } {
  const observations: Observation[] = []
  const packets: Packet[] = []
  createDecoder().decode(
    { kind: 'frame', seq: 1, at: 0, conn: 1, dir: 'in', op: 'text', text },
    { observe: observation => observations.push(observation), packet: packet => packets.push(packet) },
  )
  return { observations, packets }
}

function roundTrip(observations: readonly Observation[]): Observation[] {
  const text = encode.message(observations)
  if (text === undefined) throw new Error('the wire cannot say it')
  const result = decoded(text)
  expect(result.packets.every(packet => packet.disposition === 'read')).toBe(true)
  return result.observations
}

describe('what the wire cannot say', () => {
  test.each([
    ['nothing', []],
    ['a quote without a field', [quote({})]],
    ['a size of the last trade apart from the trade', [quote({ lastSize: decimal('1') })]],
    ['the time of a bid', [quote({ bid: decimal('1'), bidTime: AT })]],
    ['the time of an ask', [quote({ askTime: AT })]],
    ['a time with a fraction of a second', [quote({ lastTime: AT + 1 })]],
    ['a delay without its mode', [quote({ delay: 600 })]],
    ['a delay that its mode does not declare', [quote({ mode: 'delayed_streaming_600', delay: 900 })]],
    ['a mode that leaves its delay open', [quote({ mode: 'delayed_streaming_600' })]],
    ['ten to the power of a hundred', [quote({ volume: decimal('1e100') })]],
    ['a non-integer of 16 digits', [quote({ last: decimal('2647.100000000001') })]],
    ['a number that underflows', [quote({ last: decimal('1e-350') })]],
    ['the minute before', [{ ...BAR, which: 'previous' as const }]],
    ['a trade in the year 2287', [{ ...BAR, time: 1e16 }]],
  ])('%s', (_what, observations) => {
    expect(encode.message(observations)).toBeUndefined()
  })

  test('is not left out of a message that could say the rest', () => {
    expect(encode.message([quote({ last: decimal('1'), bidTime: AT })])).toBeUndefined()
    expect(encode.message([quote({ last: decimal('1') }), quote({ lastSize: decimal('1') })])).toBeUndefined()
  })
})

describe('one message', () => {
  test('is the frame that the venue would send', () => {
    expect(encode.message([quote({ last: decimal('25650.25'), change: null })])).toBe(
      '~m~97~m~{"m":"qsd","p":["qs_synthetic0001",{"n":"CME_MINI:NQ1!","s":"ok","v":{"lp":25650.25,"ch":null}}]}',
    )
  })

  test.each(['0.0000005', '9007199254740993', '-5.15', '0', '3504790403971392500', '123456789012.345'])(
    'keeps every digit of %s',
    text => {
      expect(encode.message([quote({ volume: decimal(text) })])).toContain(`"volume":${text}}`)
      expect(roundTrip([quote({ volume: decimal(text) })])).toEqual([quote({ volume: decimal(text) })])
    },
  )

  test('carries facts, quote, trade and bars of one name in one packet', () => {
    const observations: Observation[] = [
      FACTS,
      quote({ last: decimal('1'), mode: 'streaming', delay: 0 }),
      { kind: 'trade', session: FACTS.session, name: FACTS.name, price: decimal('1'), size: decimal('2') },
      BAR,
      { ...BAR, interval: '1d' },
      { ...BAR, interval: '1d', which: 'previous' },
    ]
    expect(payloadsOf(encode.message(observations) ?? '')).toHaveLength(1)
    expect(roundTrip(observations)).toEqual(observations)
  })

  test.each([
    ['two updates of one quote', [quote({ last: decimal('1') }), quote({ last: decimal('2') })]],
    ['two names', [quote({ last: decimal('1') }), quote({ bid: decimal('1') }, 'qs_synthetic0001', 'A:B')]],
    ['two sessions', [quote({ last: decimal('1') }), quote({ bid: decimal('1') }, 'qs_synthetic0002')]],
    ['facts behind a quote', [quote({ last: decimal('1') }), FACTS]],
    ['a quote behind a bar', [BAR, quote({ last: decimal('1') })]],
    ['a bar behind the same bar', [BAR, { ...BAR, close: decimal('25602') }]],
  ])('takes two packets for %s, in order', (_what, observations) => {
    expect(payloadsOf(encode.message(observations) ?? '')).toHaveLength(2)
    expect(roundTrip(observations)).toEqual(observations)
  })
})

describe('decode(encode(x))', () => {
  test('is x for a null of every kind', () => {
    const nothing = quote({
      last: null,
      lastTime: null,
      volume: null,
      extended: null,
      mode: null,
      delay: null,
      marketState: null,
    })
    expect(roundTrip([nothing])).toEqual([nothing])
  })

  test('is x for a mode that declares no delay', () => {
    const endOfDay = quote({ mode: 'endofday', delay: null })
    expect(roundTrip([endOfDay])).toEqual([endOfDay])
  })

  test('is x for a trade with times to the microsecond', () => {
    const trade: Observation = {
      kind: 'trade',
      session: 'qs_synthetic0001',
      name: '={"currency-id":"USD","symbol":"A:B"}',
      price: decimal('0.123456789012345678901'),
      time: AT + 1,
      updateTime: AT,
    }
    expect(roundTrip([trade])).toEqual([trade])
  })

  test.each([1, 2, 3])('is x for all that a market of seed %i says', seed => {
    const market = createSyntheticMarket({ seed, start: AT })
    const observations: Observation[] = market.names.map(name =>
      quote(market.quote(name) ?? {}, 'qs_1', name),
    )
    for (let step = 0; step < 100; step += 1) {
      for (const { name, fields } of market.step()) observations.push(quote(fields, 'qs_1', name))
    }
    expect(roundTrip(observations)).toEqual(observations)
  })
})
