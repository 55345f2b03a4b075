import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../../src/feeds/index.ts'
import { tradovateMarketData } from '../../../src/feeds/tradovate-market-data/index.ts'
import { type Decimal, decimalFromText } from '../../../src/model/decimal.ts'
import { type Observation, observationToJson } from '../../../src/model/observation.ts'
import type { QuoteFields } from '../../../src/model/quote.ts'
import { seededRandom } from '../../../src/model/random.ts'
import { decodeMessage, frameOf } from '../wire-driver.ts'

const NOW = 1_789_000_000_000_000

function decimal(text: string): Decimal {
  const value = decimalFromText(text)
  if (value === undefined) throw new RangeError(`no decimal: ${text}`)
  return value
}

const QUOTE: QuoteFields = {
  bid: decimal('24958.25'),
  bidSize: decimal('3'),
  ask: decimal('24958.5'),
  askSize: decimal('1'),
  last: decimal('24958.5'),
  lastTime: NOW,
  mode: 'streaming',
  change: null,
}

function open(): Conversation {
  return tradovateMarketData.conversation.start({
    market: {
      quote: name => (name === 'NQZ6' || name === '3267315' ? QUOTE : undefined),
      facts: name =>
        name === 'NQZ6'
          ? {
              kind: 'instrument',
              session: '',
              name,
              symbol: 'NQZ6',
              root: 'NQ',
              currency: 'USD',
              pointValue: decimal('20'),
              priceScale: decimal('100'),
              minMove: decimal('25'),
              expires: NOW,
            }
          : undefined,
    },
    random: seededRandom(1),
    now: () => NOW,
  })
}

function signedIn(): Conversation {
  const venue = open()
  expect(venue.opened()).toEqual(['o'])
  expect(venue.received('authorize\n1\n\nsynthetic')).toEqual(['a[{"s":200,"i":1}]'])
  return venue
}

describe('the venue’s side', () => {
  it.each(['', 'short', 'expired-token', 'two words'])('refuses a bad token and hangs up: %j', token => {
    const venue = open()
    expect(venue.received(`authorize\n0\n\n${token}`)).toEqual([
      'a[{"s":401,"i":0,"d":"Invalid access token"}]',
    ])
    expect(venue.isOver()).toBe(true)
  })

  it('hangs up on what is no request, and serves nobody before authorize', () => {
    const venue = open()
    expect(venue.received('md/subscribeQuote\n1\n\n{"symbol":"NQZ6"}')).toEqual([
      'a[{"s":401,"i":1,"d":"Access is denied"}]',
    ])
    expect(venue.moved('NQZ6', QUOTE)).toEqual([])
    expect(venue.isOver()).toBe(false)
    expect(venue.received('hello')).toEqual(['c[3000,"Go away!"]'])
    expect(venue.isOver()).toBe(true)
  })

  it('answers an endpoint that is not there, a missing symbol and an unknown one as documented or found', () => {
    const venue = signedIn()
    expect(venue.received('quote/subscribe\n1\n\n{}')).toEqual([
      'a[{"s":404,"i":1,"d":"\\"Not found: quote/subscribe\\""}]',
    ])
    expect(venue.received('md/subscribeQuote\n3\n{"symbol":"NQZ6"}\n')[0]).toContain('"s":400')
    expect(venue.received('md/subscribeQuote\n4\n\n{"symbol":"NO:PE"}')[0]).toContain(
      '"s":200,"i":4,"d":{"errorText"',
    )
  })

  it('beats while it is quiet, and not beside what it has said', () => {
    const venue = signedIn()
    expect(venue.beat()).toEqual([])
    expect(venue.beat()).toEqual(['h'])
    expect(venue.received('[]')).toEqual([])
    expect(venue.beat()).toEqual(['h'])
  })

  it('quotes what was subscribed, under the same id each time, and only what moved', () => {
    const venue = signedIn()
    const [text = ''] = venue.received('MD/subscribequote\n2\n\n{"symbol":"NQZ6"}')
    const decoder = tradovateMarketData.createDecoder()
    const observed = (message: string): readonly Observation[] =>
      [...decodeMessage(tradovateMarketData, frameOf(message), decoder).observations.values()].flat()
    const [first] = observed(text)
    expect(first).toMatchObject({ kind: 'quote', fields: { bid: QUOTE.bid, bidTime: NOW, last: QUOTE.last } })
    expect(signedIn().received('md/subscribeQuote\n2\n\n{"symbol":"NQZ6"}')).toEqual([text])
    const [moved = ''] = venue.moved('NQZ6', { last: decimal('24959') })
    expect(observed(moved)).toEqual([{ ...first, fields: { last: decimal('24959') } }])
    expect(venue.moved('ESZ6', QUOTE)).toEqual([])
    expect(venue.moved('NQZ6', { mode: 'delayed' })).toEqual([])
    const id = first?.name
    expect(venue.received(`md/unsubscribeQuote\n3\n\n{"symbol":${id}}`)).toEqual(['a[{"s":200,"i":3}]'])
    expect(venue.moved('NQZ6', QUOTE)).toEqual([])
  })

  it('leaves a contract id as it is, and gives books and charts', () => {
    const venue = signedIn()
    expect(venue.received('md/subscribeQuote\n2\n\n{"symbol":3267315}')[0]).toContain('"contractId":3267315')
    expect(venue.received('md/subscribeDOM\n3\n\n{"symbol":3267315}')[0]).toContain(
      '"bids":[{"price":24958.25,"size":3}],"offers":[{"price":24958.5,"size":1}]',
    )
    expect(venue.moved('3267315', { bid: QUOTE.bid ?? null })).toHaveLength(1)
    expect(venue.received('md/getChart\n4\n\n{"symbol":"NQZ6"}')).toEqual([
      'a[{"s":200,"i":4,"d":{"historicalId":2,"realtimeId":1}},{"e":"chart","d":{"charts":[{"id":2,"eoh":true}]}}]',
    ])
  })

  it('answers look-ups whose parameters are on the query line, and 404 with "" to those in the body', () => {
    const venue = signedIn()
    const decoder = tradovateMarketData.createDecoder()
    const ask = (text: string): readonly Observation[] => {
      decodeMessage(tradovateMarketData, frameOf(text, 'out'), decoder)
      return venue
        .received(text)
        .flatMap(said =>
          [...decodeMessage(tradovateMarketData, frameOf(said), decoder).observations.values()].flat(),
        )
    }
    expect(venue.received('contract/find\n2\n\n{"name":"NQZ6"}')).toEqual(['a[{"s":404,"i":2,"d":""}]'])
    expect(venue.received('contract/find\n3\nname=NO%3APE\n')).toEqual(['a[{"s":404,"i":3,"d":""}]'])
    const [contract] = ask('contract/find\n4\nname=NQZ6\n')
    const id = Number(contract?.name)
    ask(`contractMaturity/item\n5\nid=${id + 1_000_000_000}\n`)
    ask('currency/item\n6\nid=1\n')
    const facts = ask(`product/item\n7\nid=${id + 2_000_000_000}\n`).map(observationToJson)
    expect(facts).toEqual([
      {
        kind: 'instrument',
        session: '',
        name: String(id),
        symbol: 'NQZ6',
        expires: '2026-09-10T00:26:40.000000Z',
        root: 'NQ',
        pointValue: '20',
        tickSize: '0.25',
        currency: 'USD',
      },
    ])
  })
})
