import { describe, expect, it } from 'vitest'
import { intervalOf, resolutionOf } from '../../../src/feeds/tradingview-broker-rest/request.ts'
import { get, hear } from './driver.ts'

const HISTORY = 'history?symbol=X&resolution=1&from=0&to=1'

describe('an answer', () => {
  it.each([
    [429, '', 'too many requests'],
    [401, 'Unauthorized', 'refused'],
    [502, '<html><title>x</title>', 'html'],
    [503, '{"s":"ok","symbol":["X"]}', 'trouble'],
    [200, '{"s":"error","errmsg":"unknown"}', 'error'],
    [404, '{"s":"error","errmsg":"unknown"}', 'error'],
  ])('says what it is: %i %s', (status, body, kind) => {
    const { packets, observations } = hear([get('symbol_info', body, status)])
    expect(packets).toMatchObject([{ kind, disposition: 'error', payload: body.length }])
    expect(observations).toEqual([])
  })

  it('of another form is unknown', () => {
    for (const body of ['{}', '[]', '7', '{"s":"ok"}', '{"s":"ok","symbols":["X"]}', '{"symbol":["X"]}']) {
      expect(hear([get('symbol_info', body)]).packets).toMatchObject([{ disposition: 'unknown' }])
    }
  })
})

describe('/history', () => {
  it('whose columns are not as long as each other, or are none, gives no bar', () => {
    for (const [body, reason] of [
      [{ s: 'ok', t: [1, 2], o: [1], h: [1, 2], l: [1, 2], c: [1, 2] }, 'o has 1 values, t has 2'],
      [{ s: 'ok', t: [1], o: [1], h: [1], l: [1], c: 1 }, 'c is no array'],
      [{ s: 'ok', t: [1], o: [1], h: [1], l: [1], c: [1], v: 7 }, 'v is no array'],
    ] as const) {
      const { packets, observations } = hear([get(HISTORY, body)])
      expect(packets).toMatchObject([{ kind: 'history', disposition: 'malformed', reason }])
      expect(observations).toEqual([])
    }
  })

  it('whose request is not on the tape is nobody’s', () => {
    const [exchange] = [get('other', { s: 'ok', t: [1], o: [1], h: [1], l: [1], c: [1] })]
    expect(hear([exchange]).packets).toMatchObject([{ kind: 'history', disposition: 'ignored' }])
  })

  it('without data says so, and empty columns are read', () => {
    expect(hear([get(HISTORY, { s: 'no_data', nb: 1 })]).packets).toMatchObject([{ disposition: 'status' }])
    expect(hear([get(HISTORY, { s: 'ok', t: [], o: [], h: [], l: [], c: [], v: [] })]).packets).toMatchObject(
      [{ disposition: 'read' }],
    )
  })

  it('leaves out a bar with a value that is none, and reads its neighbours', () => {
    const { packets, shown } = hear([
      get(HISTORY, { s: 'ok', t: [60, 120], o: [1, null], h: [1, 1], l: [1, 1], c: [1, 1] }),
    ])
    expect(packets).toMatchObject([
      { disposition: 'malformed', reason: 'bar 1: o is missing or cannot be read' },
    ])
    expect(shown).toMatchObject([{ time: '1970-01-01T00:01:00.000000Z', interval: '1m', which: 'history' }])
  })

  it.each([
    ['1', '1m'],
    ['5', '5m'],
    ['60', '1h'],
    ['240', '4h'],
    ['D', '1d'],
    ['1D', '1d'],
    ['W', '1w'],
    ['1M', '1M'],
    ['2D', undefined],
    ['1S', undefined],
    ['0', undefined],
    ['', undefined],
  ])('has bars of the length that was asked for: %s is %s', (resolution, interval) => {
    expect(intervalOf(resolution)).toBe(interval)
    if (interval !== undefined) expect(intervalOf(resolutionOf(interval) ?? '')).toBe(interval)
  })

  it('has no resolution for a length that it cannot say', () => {
    for (const interval of ['60m', '2d', '1s', '', '0m', '3M']) expect(resolutionOf(interval)).toBeUndefined()
  })
})

describe('/symbol_info', () => {
  it('whose columns are not as long as its symbols is read without them', () => {
    const { packets, shown } = hear([
      get('symbol_info', {
        s: 'ok',
        symbol: ['A', 'B'],
        description: ['x'],
        pricescale: [1, 2, 3],
        type: ['stock', 'dr'],
      }),
    ])
    expect(packets).toMatchObject([{ disposition: 'malformed' }])
    expect(shown).toEqual([
      { kind: 'instrument', session: '', name: 'A', type: 'stock' },
      { kind: 'instrument', session: '', name: 'B', type: 'dr' },
    ])
  })

  it('has one value for all rows where no array stands, older names too, and null for none', () => {
    const { shown } = hear([
      get('symbol_info', {
        s: 'ok',
        symbol: ['A', 'B'],
        currency: 'USD',
        minmov: 25,
        pricescale: [100, null],
        'exchange-traded': 'BROKER',
        expiration: '2026-12-18',
        'exchange-listed': 'OTHER',
      }),
    ])
    const both = { currency: 'USD', exchange: 'BROKER', minMove: '25' }
    expect(shown).toEqual([
      { kind: 'instrument', session: '', name: 'A', ...both, priceScale: '100' },
      { kind: 'instrument', session: '', name: 'B', ...both },
    ])
  })

  it('names an instrument by its ticker, as the stream does, where it has one', () => {
    const { shown } = hear([
      get('symbol_info', { s: 'ok', symbol: ['A', 'B', 'C'], ticker: ['X:A', '', 'C'] }),
    ])
    expect(shown.map(({ name, symbol }) => [name, symbol])).toEqual([
      ['X:A', 'A'],
      ['B', undefined],
      ['C', undefined],
    ])
  })
})

describe('/quotes', () => {
  it('tells each symbol that is refused, and each row that is none', () => {
    const { packets, shown } = hear([
      get('quotes?locale=en&symbols=A,B', {
        s: 'ok',
        d: [{ s: 'error', n: 'A', errmsg: 'no' }, 7, { s: 'ok', n: 'B', v: { ask: 2, bid: null, lp: 5 } }],
      }),
    ])
    expect(packets).toMatchObject([
      { kind: 'quotes', disposition: 'malformed', reason: 'row 1: n is no name' },
      { kind: '(refused symbol)', disposition: 'error', payload: 0, index: 1 },
    ])
    expect(shown).toEqual([{ kind: 'quote', session: '', name: 'B', fields: { bid: null, ask: '2' } }])
  })

  it('keeps each row’s own fields, where that is asked for', () => {
    const body = '{"s":"ok","d":[{"s":"ok","n":7,"v":{}},{"s":"ok","n":"B","v":{"ask":2.50,"lp":5}}]}'
    const { observations } = hear([get('quotes?locale=en&symbols=B', body)], true)
    expect(observations.map(one => (one.kind === 'quote' ? JSON.stringify(one.wire) : ''))).toEqual([
      '{"ask":2.50,"lp":5}',
    ])
  })
})
