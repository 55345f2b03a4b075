import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tradingviewBrokerRest } from '../../../src/feeds/tradingview-broker-rest/index.ts'
import { hearDrafts } from '../hear.ts'
import { accountedLength } from '../wire-driver.ts'
import { chunkOf, get, hear, hearChunks } from './driver.ts'

const TRADE = '{"f":"t","id":"EURUSD","p":1.47245,"s":100,"t":1547942400}'
const QUOTE = '{"f":"q","id":"EURUSD","t":1547942400,"ap":1.47246,"as":100,"bp":1.47245,"bs":50}'
const BEAT = '{"heartbeat":1609255644}'

describe('a line', () => {
  it.each([
    ['[]', '(line)', 'no JSON object'],
    ['null', '(line)', 'no JSON object'],
    ['{"f":"t","id":"X"', '(line)', 'no JSON, or cut short'],
    ['<html>', '(line)', 'no JSON, or cut short'],
    ['{"f":"t","id":7,"p":1}', 'trade', 'id is no name'],
    ['{"f":"t","id":"","p":1}', 'trade', 'id is no name'],
    ['{"f":"t","id":"X"}', 'trade', 'p is missing or cannot be read'],
    ['{"f":"t","id":"X","p":"1"}', 'trade', 'p is not a number'],
    ['{"f":"d","id":"X","o":1,"h":1,"l":1,"t":1}', 'daily bar', 'c is missing or cannot be read'],
  ])('that breaks the wire’s rules gives nothing: %s', (text, kind, reason) => {
    const { observations, packets } = hearChunks([`${text}\n`])
    expect(packets).toMatchObject([
      { kind, disposition: 'malformed', reason, payload: text.length, framing: 1 },
    ])
    expect(observations).toEqual([])
  })

  it('of a form that nobody has documented is unknown, with a sample', () => {
    const text = '{"f":"z","id":"X"}'
    expect(hearChunks([`${text}\n`]).packets).toMatchObject([{ disposition: 'unknown', sample: text }])
  })

  it('with a value of the wrong type is read without it', () => {
    const { packets, shown } = hearChunks(['{"f":"q","id":"X","t":1.5,"bp":1,"bs":"2"}\n'])
    expect(packets).toMatchObject([{ disposition: 'malformed' }])
    expect(shown).toEqual([{ kind: 'quote', session: '', name: 'X', fields: { bid: '1' } }])
  })

  it('is a trade, a quote whose time is both sides’, the day so far, or a heartbeat', () => {
    const day = '{"f":"d","id":"EURUSD","o":1,"h":2,"l":0.5,"c":1.5,"v":34,"t":1547942400}'
    const { packets, shown } = hearChunks([`${TRADE}\n${QUOTE}\n${day}\n${BEAT}\n`])
    expect(packets.map(({ kind, disposition }) => [kind, disposition])).toEqual([
      ['trade', 'read'],
      ['quote', 'read'],
      ['daily bar', 'read'],
      ['heartbeat', 'status'],
    ])
    const time = '2019-01-20T00:00:00.000000Z'
    const own = { session: '', name: 'EURUSD' }
    expect(shown).toEqual([
      { kind: 'trade', ...own, price: '1.47245', size: '100', time },
      {
        kind: 'quote',
        ...own,
        fields: {
          bid: '1.47245',
          bidSize: '50',
          bidTime: time,
          ask: '1.47246',
          askSize: '100',
          askTime: time,
        },
      },
      {
        kind: 'bar',
        ...own,
        interval: '1d',
        which: 'current',
        time,
        open: '1',
        high: '2',
        low: '0.5',
        close: '1.5',
        volume: '34',
      },
    ])
  })

  it('tells a side that is absent from one that is none now, and a zero from both', () => {
    const { shown } = hearChunks(['{"f":"q","id":"X","t":0,"bp":null,"bs":0}\n'])
    expect(shown).toMatchObject([{ fields: { bid: null, bidSize: '0', bidTime: null } }])
    expect(Object.keys(shown[0]?.['fields'] ?? {})).toHaveLength(3)
  })

  it('keeps every digit of an integer beyond 2^53, and takes 17 digits for noise', () => {
    const { packets, shown } = hearChunks([
      '{"f":"t","id":"X","p":2647.1000000000004,"s":3504790403971392500}\n',
    ])
    expect(shown).toMatchObject([{ price: '2647.1', size: '3504790403971392500' }])
    expect(packets).toMatchObject([{ noise: 1 }])
  })

  it('is kept as it was written, where that is asked for', () => {
    const { observations } = hearChunks([`${QUOTE}\n{"f":"t","id":"X","p":253.0}\n`], true)
    const wires = observations.flatMap(one => (one.kind === 'quote' ? [JSON.stringify(one.wire)] : []))
    expect(wires).toEqual([QUOTE, '{"f":"t","id":"X","p":253.0}'])
  })
})

describe('a chunk', () => {
  it('that ends in a line counts what it has of it, and the next one the rest', () => {
    const { packets, shown } = hearChunks([
      TRADE.slice(0, 20),
      TRADE.slice(20, 30),
      `${TRADE.slice(30)}\n${QUOTE}`,
      '\r',
      '\n',
    ])
    expect(packets.map(({ kind, payload, framing }) => [kind, payload, framing])).toEqual([
      ['(partial line)', 20, 0],
      ['(partial line)', 10, 0],
      ['trade', TRADE.length - 30, 1],
      ['(partial line)', QUOTE.length, 0],
      ['(partial line)', 1, 0],
      ['quote', 0, 1],
    ])
    expect(shown.map(({ kind }) => kind)).toEqual(['trade', 'quote'])
  })

  it('may end in the middle of a character: then it is bytes, and counts in bytes', () => {
    const bytes = Buffer.from('{"f":"t","id":"Ü𝛑","p":1}\n')
    const first = bytes.indexOf(0xc3) + 1
    const second = bytes.indexOf(0xf0) + 2
    const { packets, shown } = hearChunks([
      bytes.subarray(0, first),
      bytes.subarray(first, second),
      bytes.subarray(second),
    ])
    expect(shown).toMatchObject([{ name: 'Ü𝛑', price: '1' }])
    expect(accountedLength(packets)).toBe(bytes.length)
  })

  it('that is empty is a packet of no length, and an empty line one of its end', () => {
    expect(hearChunks(['', '\n', '\r\n']).packets).toMatchObject([
      { kind: '(partial line)', payload: 0, framing: 0 },
      { kind: '(empty line)', payload: 0, framing: 1 },
      { kind: '(empty line)', payload: 0, framing: 2 },
    ])
  })

  it('spoils one line only, where its bytes are no text', () => {
    const { packets, shown } = hearChunks([TRADE.slice(0, 9), Buffer.from([0xff, 0x0a]), `${TRADE}\n`])
    expect(packets.map(({ disposition }) => disposition)).toEqual(['ignored', 'malformed', 'read'])
    expect(shown).toHaveLength(1)
  })

  it('of a line without an end is counted, and not kept for ever', () => {
    const long = 'x'.repeat(700_000)
    const { packets, shown } = hearChunks([long, long, long, `\n${TRADE}\n`])
    expect(packets.map(({ disposition }) => disposition)).toEqual([
      'ignored',
      'malformed',
      'malformed',
      'malformed',
      'read',
    ])
    expect(shown).toHaveLength(1)
  })

  it('of one stream is no part of a line of the next', () => {
    const [one, two] = [chunkOf({ text: TRADE.slice(0, 20) }), chunkOf({ text: `${TRADE.slice(20)}\n` })]
    const request = {
      kind: 'request',
      at: 0,
      conn: 1,
      feed: 'x',
      exchange: 2,
      method: 'GET',
      url: 'x',
      headers: [],
    } as const
    expect(hearDrafts(tradingviewBrokerRest, [one, request, two]).packets.at(-1)).toMatchObject({
      kind: '(line)',
      disposition: 'malformed',
    })
    expect(hearDrafts(tradingviewBrokerRest, [one, two]).packets.at(-1)).toMatchObject({
      kind: 'trade',
      disposition: 'read',
    })
  })

  it('gives the same wherever the borders stand', () => {
    const bytes = Buffer.from(`${TRADE}\r\n{"f":"t","id":"Ü𝛑","p":1}\n\n${QUOTE}\n${BEAT}\n`)
    const whole = hearChunks([bytes.toString('utf8')]).shown
    expect(whole).toHaveLength(3)
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), cuts => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const chunks = places.slice(1).map((to, index) => {
          const piece = bytes.subarray(places[index], to)
          const text = piece.toString('utf8')
          return text.includes('\ufffd') ? piece : text
        })
        const { packets, shown } = hearChunks(chunks)
        expect(shown).toEqual(whole)
        const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
        expect(accountedLength(packets)).toBe(length)
      }),
      { numRuns: 300 },
    )
  })
})

it('is no chunk’s where it comes from us, or as another frame', () => {
  const frame = { kind: 'frame', at: 0, conn: 1, text: `${TRADE}\n` } as const
  for (const draft of [
    { ...frame, dir: 'in', op: 'text' },
    { ...frame, dir: 'in', op: 'binary' },
  ] as const) {
    expect(hearDrafts(tradingviewBrokerRest, [draft]).packets).toMatchObject([
      { disposition: 'malformed', stray: TRADE.length + 1 },
    ])
  }
})

it('takes no answer of another endpoint for a stream’s', () => {
  expect(hear([get('symbol_info', '')]).packets).toMatchObject([{ kind: 'empty', disposition: 'error' }])
  expect(hear([get('streaming', '', 401)]).packets).toMatchObject([{ kind: 'refused', disposition: 'error' }])
})
