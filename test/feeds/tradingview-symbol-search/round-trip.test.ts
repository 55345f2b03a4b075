import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encode } from '../../../src/feeds/tradingview-symbol-search/encode.ts'
import { tradingviewSymbolSearch } from '../../../src/feeds/tradingview-symbol-search/index.ts'
import { KINDS } from '../../../src/feeds/tradingview-symbol-search/wire.ts'
import { type InstrumentFacts, type Observation, observationToJson } from '../../../src/model/observation.ts'
import { accountedLength } from '../wire-driver.ts'
import { hear, search } from './driver.ts'

const instrument = (more: object): Observation => ({ kind: 'instrument', session: '', name: 'X:Y', ...more })

it('says nothing where something cannot be said', () => {
  const cannot: readonly (readonly Observation[])[] = [
    [],
    [instrument({ session: 'qs' })],
    [instrument({ name: '' })],
    [instrument({ name: 'X:' })],
    [instrument({ name: ':Y' })],
    [instrument({ name: 'nyse:Y' })],
    [instrument({ name: 'Y', exchange: 'NYSE' })],
    [instrument({ name: 'X:<em>Y' })],
    [instrument({ description: '</em>' })],
    [instrument({ type: '' })],
    [instrument({ root: 'Y' })],
    [instrument({}), { kind: 'quote', session: '', name: 'X:Y', fields: {} }],
  ]
  for (const observations of cannot)
    expect(encode.message(observations), JSON.stringify(observations)).toBeUndefined()
})

const word = fc.string({ minLength: 1 }).filter(text => !/<\/?em>/.test(text))
const facts: fc.Arbitrary<InstrumentFacts> = fc
  .record(
    {
      prefix: fc.constantFrom('CME_MINI', 'NYSE', 'ÄÖ'),
      ticker: word,
      exchange: fc.oneof(word, fc.constantFrom('NYSE Arca', 'nyse')),
      type: word,
      currency: word,
      description: word,
    },
    { requiredKeys: ['prefix', 'ticker'] },
  )
  .map(({ prefix, ticker, ...rest }) => ({
    kind: 'instrument',
    session: '',
    name: `${prefix}:${ticker}`,
    ...rest,
  }))

it('reads what it wrote as the same again', () => {
  fc.assert(
    fc.property(fc.array(facts, { minLength: 1, maxLength: 4 }), observations => {
      const said = encode.message(observations)
      expect(said).toBeDefined()
      const { packets, shown } = hear(said === undefined ? [] : [said])
      expect(packets.map(packet => packet.disposition)).toEqual(['read'])
      expect(shown).toEqual(observations.map(observationToJson))
    }),
    { numRuns: 500 },
  )
})

it('throws at nothing, and accounts for every unit', () => {
  const nasty = fc.oneof(
    fc.constantFrom(...KINDS.map(kind => kind.sample)),
    fc.json(),
    fc.string(),
    fc.constantFrom('[{"symbol":{}}]', '{"__proto__":[],"symbols":[{"symbol":"a","prefix":[[]]}]}', '[[[]]]'),
    fc.nat({ max: 30_000 }).map(depth => `{"symbols":[{"symbol":"X","x":${'['.repeat(depth)}`),
    fc.nat({ max: 9_000 }).map(n => `[{"symbol":"X","x":${'['.repeat(n)}${']'.repeat(n)}}]`),
  )
  fc.assert(
    fc.property(
      nasty,
      fc.webUrl(),
      fc.integer({ min: 100, max: 599 }),
      fc.boolean(),
      (body, url, status, keepWire) => {
        for (const address of [url, 'https://symbol-search.tradingview.com/symbol_search/?text=x', body]) {
          expect(accountedLength(hear([search(body, status, address)], keepWire).packets)).toBe(body.length)
          expect(
            tradingviewSymbolSearch.conversation.meanings({ method: 'GET', url: address, headers: [] }),
          ).toHaveLength(1)
        }
        tradingviewSymbolSearch.recognise(body)
      },
    ),
    { numRuns: 500 },
  )
})

it.each([
  ['', undefined],
  ['[]', undefined],
  ['{"symbols":[]}', undefined],
  ['[{"symbol":"X"}]', undefined],
  ['{"symbols_remaining":0,"symbols":[]}', 'likely'],
  ['{"symbols_remaining":0,"symbols":[{"symbol":"X","description":"","type":"","exchange":""}]}', 'certain'],
  ['[{"symbol":"<em>X</em>","description":"","type":"","exchange":""}]', 'likely'],
  ['[{"symbol":"X","description":"","type":"","exchange":""}]', 'possible'],
])('recognises %s: %s', (text, confidence) => {
  expect(tradingviewSymbolSearch.recognise(text)?.confidence).toBe(confidence)
})

it('is its addresses', () => {
  for (const path of ['symbol_search/?text=x', 'symbol_search/v3/?text=x', 'local_search/v3?text=x']) {
    expect(tradingviewSymbolSearch.matches(`https://symbol-search.tradingview.com/${path}`)).toBe(true)
  }
  for (const url of [
    'https://evil.example/symbol_search/',
    'https://symbol-search.tradingview.com/x',
    'no url',
  ]) {
    expect(tradingviewSymbolSearch.matches(url)).toBe(false)
  }
})
