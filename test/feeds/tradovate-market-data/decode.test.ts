import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameOf as framed } from '../../../src/feeds/tradovate/framing.ts'
import { tradovateMarketData } from '../../../src/feeds/tradovate-market-data/index.ts'
import { observationToJson } from '../../../src/model/observation.ts'
import { accountedLength, decodeMessage, frameOf } from '../wire-driver.ts'

const feed = tradovateMarketData
const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`

describe('a hostile server', () => {
  it.each([
    `{"e":"md","d":{"quotes":[{"contractId":1,"entries":{"Bid":{"price":0.1234567890123456789},"x":${DEEP}}}]}}`,
    `{"e":"md","d":${JSON.stringify(`{"quotes":[{"contractId":90071992547409931,"entries":${DEEP}}]}`)}}`,
    `{"e":"chart","d":${DEEP}}`,
    `{"e":"props","d":${DEEP}}`,
    `{"s":200,"i":1,"d":${DEEP}}`,
    `{"s":200,"i":1,"d":{"violations":${DEEP}}}`,
    `{"s":400,"i":1,"d":${DEEP}}`,
    DEEP,
  ])('that nests 20,000 deep is survived, with the wire’s own fields too (%#)', item => {
    for (const keepWire of [false, true]) {
      const text = `a[${item}]`
      const { packets } = decodeMessage(feed, frameOf(text), feed.createDecoder({ keepWire }))
      expect(accountedLength(packets)).toBe(text.length)
      expect(packets).toHaveLength(1)
    }
  })

  it('may write any JSON in any place: nothing is thrown, and each unit has its packet', () => {
    const value = fc.oneof(
      fc.json({ maxDepth: 2, stringUnit: 'binary' }),
      fc.constantFrom(
        '1e999',
        '-1e999',
        '1e-999',
        '1e100',
        '90071992547409931',
        '0.1000000000000000055',
        '""',
        '"1"',
        'null',
        '{"__proto__":1}',
        '"\\ud800"',
      ),
    )
    const item = fc.oneof(
      value,
      fc.tuple(value, value).map(([e, d]) => `{"e":${e},"d":${d}}`),
      fc.tuple(value, value, value).map(([s, i, d]) => `{"s":${s},"i":${i},"d":${d}}`),
      fc
        .tuple(value, value, value, value)
        .map(
          ([id, at, bid, size]) =>
            `{"e":"md","d":{"quotes":[{"contractId":${id},"timestamp":${at},"entries":{"Bid":{"price":${bid},"size":${size}},"Offer":${size},"EmptyBook":${at}}}]}}`,
        ),
      fc
        .tuple(value, value)
        .map(
          ([a, b]) =>
            `{"e":"md","d":{"doms":[{"contractId":1,"bids":[{"price":${a},"size":${b}}],"offers":${b}}]}}`,
        ),
      fc
        .tuple(value, value, value)
        .map(
          ([a, b, c]) =>
            `{"e":"chart","d":{"charts":[{"id":${a},"bp":${b},"ts":${c},"bt":${a},"tks":[{"p":${a},"t":${c},"s":${b}}]}]}}`,
        ),
      fc
        .tuple(value, value)
        .map(
          ([a, b]) =>
            `{"e":"chart","d":{"charts":[{"id":${a},"bars":[{"timestamp":"2017-04-13T11:00Z","open":${a},"high":${b},"low":${a},"close":${b}}]}]}}`,
        ),
      fc.tuple(value, value).map(([a, b]) => `{"d":{"q":[{"id":${a},"bid":${b},"t":${a}}]}}`),
      fc
        .tuple(value, value)
        .map(
          ([a, b]) => `{"s":200,"i":1,"d":{"id":${a},"productId":${b},"expirationDate":${b},"isFront":${a}}}`,
        ),
    )
    fc.assert(
      fc.property(fc.array(item, { maxLength: 4 }), fc.boolean(), (items, keepWire) => {
        const text = `a[${items.join(',')}]`
        const { observations, packets } = decodeMessage(feed, frameOf(text), feed.createDecoder({ keepWire }))
        expect(accountedLength(packets)).toBe(text.length)
        expect(packets.map(({ index }) => index)).toEqual(packets.map((_, index) => index))
        for (const observation of [...observations.values()].flat()) observationToJson(observation)
      }),
      { seed: 4, numRuns: 3000 },
    )
  })
})

describe('what is kept and remembered', () => {
  const QUOTE = '{"e":"md","d":{"quotes":[{"contractId":1,"x":[1.50],"entries":{"Bid":{"price":253.0}}}]}}'

  it('is the wire’s own quote, its numbers as they were written, only where that is asked for', () => {
    const read = (keepWire: boolean) =>
      decodeMessage(feed, frameOf(framed([QUOTE])), feed.createDecoder({ keepWire }))
    const [kept] = read(true).observations.get(0) ?? []
    expect(JSON.stringify(kept?.kind === 'quote' ? kept.wire : undefined)).toBe(
      '{"contractId":1,"x":[1.50],"entries":{"Bid":{"price":253.0}}}',
    )
    expect(read(false).observations.get(0)?.[0]).not.toHaveProperty('wire')
  })

  it('is a quote that the model has no field for, where the wire is kept', () => {
    const text = 'a[{"e":"md","d":{"quotes":[{"contractId":1,"entries":{"SettlementPrice":{"price":1}}}]}}]'
    expect(decodeMessage(feed, frameOf(text)).observations.size).toBe(0)
    const { observations } = decodeMessage(feed, frameOf(text), feed.createDecoder({ keepWire: true }))
    expect(observations.get(0)).toMatchObject([{ kind: 'quote', name: '1', fields: {} }])
  })

  it('is what was asked on this connection, whatever its case; an answer to nothing is a reply', () => {
    const decoder = feed.createDecoder()
    const kindOf = (text: string, dir: 'in' | 'out' = 'in') =>
      decodeMessage(feed, frameOf(text, dir), decoder).packets.map(
        ({ disposition, kind }) => `${kind}: ${disposition}`,
      )
    expect(kindOf('a[{"s":200,"i":0}]')).toEqual(['reply: status'])
    expect(kindOf('MD/subscribequote\n0\n\n{}', 'out')).toEqual(['md/subscribeQuote: request'])
    expect(kindOf('order/placeorder\n7\n\n{}', 'out')).toEqual(['order/placeorder: unknown'])
    expect(kindOf('a[{"s":200,"i":0},{"s":404,"i":"0","d":""},{"s":200,"i":7}]')).toEqual([
      'reply md/subscribeQuote: status',
      'reply md/subscribeQuote: error',
      'reply order/placeorder: status',
    ])
  })
})
