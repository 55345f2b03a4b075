import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tradingviewScanner } from '../../../src/feeds/tradingview-scanner/index.ts'
import { KINDS } from '../../../src/feeds/tradingview-scanner/wire.ts'
import { accountedLength } from '../wire-driver.ts'
import { hear, scan } from './driver.ts'

const { matches, recognise } = tradingviewScanner

describe('what it is known by', () => {
  it.each([
    '',
    'null',
    '{}',
    '[]',
    '{"data":[]}',
    '{"data":[{"symbol":"X:Y","close":1}]}',
    '{"close":308.91,"bid":null}',
    '{"code":"other"}',
    '{"error":"Unknown field"}',
    '{"columns":["close"]}',
    '{"totalCount":1,"data":[{"s":"X:Y","d":[1',
    '{"e":"md","d":{"quotes":[]}}',
  ])('is not %s', text => {
    expect(recognise(text)).toBeUndefined()
  })

  it.each([
    ['{"data":[{"s":"X:Y","d":[1]}],"totalCount":1}', 'certain'],
    [' {"totalCount":1,"data":[{"s":"X:Y","d":[null]}]}', 'certain'],
    ['{"data":[{"s":"X:Y","d":[1]}]}', 'likely'],
    ['{"totalCount":1,"fields":["close"],"symbols":[{"s":"X:Y","f":[1]}],"time":"x"}', 'likely'],
    ['{"totalCount":0,"error":"Unknown field \\"bid\\""}', 'likely'],
    ['{"symbols":{"tickers":["X:Y"]},"columns":["close"]}', 'likely'],
    ['{"data":[{"d":[25650.25]}]}', 'possible'],
    ['{"totalCount":0,"data":[]}', 'possible'],
  ])('is %s: %s', (text, confidence) => {
    expect(recognise(text)?.confidence).toBe(confidence)
  })

  it('is its address: any market’s scan, and GET /symbol', () => {
    for (const path of ['global/scan', 'futures/scan?label-product=x', 'options/scan2', 'symbol?symbol=X']) {
      expect(matches(`https://scanner.tradingview.com/${path}`)).toBe(true)
      expect(matches(`http://127.0.0.1:4000/${path}`)).toBe(true)
    }
    for (const url of [
      'https://scanner.tradingview.com/futures/metainfo',
      'https://evil.example/futures/scan',
      'https://scanner.tradingview.com.evil.example/futures/scan',
      'wss://scanner.tradingview.com/futures/scan',
      'http://127.0.0.1:4000/symbol_info',
      'no url',
    ]) {
      expect(matches(url), url).toBe(false)
    }
  })
})

describe('whatever stands in a request and its answer', () => {
  const nasty = fc.oneof(
    fc.constantFrom(...KINDS.map(kind => kind.sample)),
    fc.json(),
    fc.string(),
    fc.constantFrom(
      '{"data":[null,7,{"d":{}},{"s":"a","d":[[]]}]}',
      '{"__proto__":[],"data":[{"d":[1e999]}]}',
    ),
    fc.nat({ max: 30_000 }).map(depth => `{"data":[{"s":"X:Y","d":[1e30,${'['.repeat(depth)}`),
    fc.nat({ max: 9_000 }).map(n => `{"data":[{"s":"X:Y","d":[1e30,${'['.repeat(n)}${']'.repeat(n)}]}]}`),
  )

  it('nothing is thrown, and every unit is accounted for', () => {
    fc.assert(
      fc.property(
        nasty,
        nasty,
        fc.integer({ min: 100, max: 599 }),
        fc.boolean(),
        (ask, body, status, keepWire) => {
          const exchange = scan([], [], body, { status })
          const request = { ...exchange.request, body: ask }
          expect(accountedLength(hear([{ ...exchange, request }], keepWire).packets)).toBe(body.length)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('the venue answers, and finds a meaning in it', () => {
    const market = { quote: () => ({ last: null }), facts: () => undefined }
    const venue = tradingviewScanner.conversation.start({ market, random: { next: () => 0 }, now: () => 0 })
    fc.assert(
      fc.property(nasty, fc.constantFrom('GET', 'POST'), fc.string(), (body, method, path) => {
        for (const url of [
          `http://127.0.0.1/futures/scan?${path}`,
          `http://127.0.0.1/symbol?symbol=${path}`,
          path,
        ]) {
          const request = { method, url, headers: [], body } as const
          expect(venue.answer(request).status).toBeGreaterThan(0)
          expect(tradingviewScanner.conversation.meanings(request)).toHaveLength(1)
        }
      }),
      { numRuns: 500 },
    )
  })
})
