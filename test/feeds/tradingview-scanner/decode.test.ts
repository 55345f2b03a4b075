import { describe, expect, it } from 'vitest'
import type { Packet } from '../../../src/feeds/index.ts'
import { createDecoder } from '../../../src/feeds/tradingview-scanner/decode.ts'
import type { Entry, Response } from '../../../src/tape/entry.ts'
import { hear, scan, symbol } from './driver.ts'

const MNQ = 'CME_MINI:MNQ1!'
const NQ = 'CME_MINI:NQ1!'
const one = (s: string, ...d: readonly unknown[]): string =>
  JSON.stringify({ totalCount: 1, data: [{ s, d }] })

function response(more: object): Response {
  return { kind: 'response', seq: 2, at: 0, conn: 1, exchange: 9, status: 200, headers: [], ...more }
}

function packetsOf(entry: Entry): readonly Packet[] {
  const packets: Packet[] = []
  createDecoder().decode(entry, { observe: () => {}, packet: packet => packets.push(packet) })
  return packets
}

describe('an answer that cannot be read', () => {
  it('has no columns where its request is not on the tape, and says so', () => {
    expect(packetsOf(response({ text: one(MNQ, 1) }))).toMatchObject([
      { kind: 'rows', disposition: 'ignored', reason: expect.stringContaining('not on the tape') },
    ])
  })

  it('is not given another exchange’s columns', () => {
    const decoder = createDecoder()
    const packets: Packet[] = []
    const sink = { observe: () => {}, packet: (packet: Packet) => packets.push(packet) }
    const request = { kind: 'request', seq: 1, at: 0, conn: 1, feed: 'tradingview-scanner' } as const
    const url = 'https://scanner.tradingview.com/futures/scan'
    const ask = (exchange: number, column: string): Entry => {
      const text = JSON.stringify({ symbols: { tickers: [MNQ] }, columns: [column] })
      return { ...request, exchange, method: 'POST', url, headers: [], text }
    }
    decoder.decode(ask(8, 'close'), sink)
    decoder.decode(ask(9, 'volume'), sink)
    const heard: unknown[] = []
    const keep = { ...sink, observe: (observation: unknown) => heard.push(observation) }
    decoder.decode(response({ exchange: 9, text: one(MNQ, 7) }), keep)
    decoder.decode(response({ exchange: 8, text: one(MNQ, 8) }), keep)
    decoder.decode(response({ exchange: 8, text: one(MNQ, 9) }), keep)
    expect(heard).toMatchObject([
      { fields: { volume: { mantissa: 7, scale: 0 } } },
      { fields: { last: { mantissa: 8, scale: 0 } } },
    ])
  })

  it('is accounted for whole where its body was left out, is missing, or is no text', () => {
    expect(packetsOf(response({ omitted: 'too long' }))).toMatchObject([
      { disposition: 'ignored', reason: 'too long', payload: 0 },
    ])
    expect(packetsOf(response({}))).toMatchObject([{ kind: 'empty', disposition: 'error', payload: 0 }])
    const base64 = Buffer.from([0x1f, 0x8b, 0x08, 0xff]).toString('base64')
    expect(packetsOf(response({ base64 }))).toMatchObject([{ disposition: 'malformed', payload: 4 }])
  })

  it('is read where it was kept as bytes of good text, and counts in bytes', () => {
    const text = '{"totalCount":0,"error":"ü","data":null}'
    expect(packetsOf(response({ base64: Buffer.from(text).toString('base64') }))).toMatchObject([
      { kind: 'error', payload: text.length + 1 },
    ])
  })

  it.each([
    [429, '', 'too many requests'],
    [429, '<html></html>', 'too many requests'],
    [403, '<html><head><title>403 Forbidden</title></head></html>', 'html'],
    [200, '<!DOCTYPE html><p>soon back', 'html'],
    [403, 'Forbidden', 'refused'],
    [302, '', 'refused'],
    [503, '', 'trouble'],
    [503, '{"totalCount":1,"data":[{"s":"CME_MINI:MNQ1!","d":[1]}]}', 'trouble'],
    [200, ' \n', 'empty'],
    [200, '{"totalCount":0,"error":"Unknown field \\"bid\\""}', 'error'],
  ])('says what it is: %i %s', (status, body, kind) => {
    const { packets, observations } = hear([scan([MNQ], ['close'], body, { status })])
    expect(packets).toMatchObject([
      { kind, disposition: 'error', reason: expect.stringContaining(String(status)), payload: body.length },
    ])
    expect(observations).toEqual([])
  })

  it('is malformed where it is cut, at whatever place', () => {
    const body = one(MNQ, 25650.25, 'x')
    for (let end = 1; end < body.length; end += 1) {
      const { packets } = hear([scan([MNQ], ['close', 'name'], body.slice(0, end))])
      expect(packets).toMatchObject([{ disposition: 'malformed', payload: end }])
    }
  })
})

describe('a refusal under 200', () => {
  it('in more than a word is an error all the same, also beside rows', () => {
    for (const data of [[], [{ s: MNQ, d: [1] }]]) {
      const body = JSON.stringify({ totalCount: 0, error: { message: 'no access' }, data })
      const { observations, packets } = hear([scan([MNQ], ['close'], body)])
      expect(observations).toEqual([])
      expect(packets).toMatchObject([
        { kind: 'error', disposition: 'error', reason: expect.stringContaining('no access') },
      ])
    }
    const fine = hear([scan([MNQ], ['close'], `{"error":null,"data":[{"s":"${MNQ}","d":[1]}]}`)])
    expect(fine.packets).toMatchObject([{ kind: 'rows', disposition: 'read' }])
  })

  it('of a symbol, with more than its code, is no row without values', () => {
    const body = '{"code":"symbol_not_exists","message":"synthetic"}'
    expect(hear([symbol('symbol=NASDAQ%3ANOPE&fields=close', body)]).packets).toMatchObject([
      { kind: '(answer)', disposition: 'unknown' },
    ])
  })
})

describe('rows', () => {
  it('are known by s: in another order than asked each keeps its own price', () => {
    const body = JSON.stringify({
      totalCount: 2,
      data: [
        { s: NQ, d: [2] },
        { s: MNQ, d: [1] },
      ],
    })
    expect(hear([scan([MNQ, NQ], ['close'], body)]).shown).toMatchObject([
      { name: NQ, fields: { last: '2' } },
      { name: MNQ, fields: { last: '1' } },
    ])
  })

  it('without s go by their order, but not where one is missing or more than was asked for', () => {
    const rows = (...d: readonly number[]) => JSON.stringify({ data: d.map(value => ({ d: [value] })) })
    expect(hear([scan([MNQ], ['close'], rows())]).packets[0]).toMatchObject({ disposition: 'read' })
    for (const values of [[1], [1, 2, 3]]) {
      const { observations, packets } = hear([scan([MNQ, NQ], ['close'], rows(...values))])
      expect(observations).toEqual([])
      expect(packets).toMatchObject([{ kind: 'rows (nameless)', disposition: 'malformed' }])
    }
    expect(hear([scan([MNQ, NQ], ['close'], rows(1, 2))]).shown).toMatchObject([
      { name: MNQ, fields: { last: '1' } },
      { name: NQ, fields: { last: '2' } },
    ])
  })

  it.each([
    ['sorts', { sort: { sortBy: 'volume', sortOrder: 'desc' } }],
    ['filters', { filter: [{ left: 'close', operation: 'greater', right: 1 }] }],
    ['begins at a later page', { range: [2, 4] }],
    ['asks for the members of a list too', { symbols: { tickers: [MNQ, NQ], symbolset: ['SYML:SP;SPX'] } }],
  ])('without s are nobody’s where the scan %s', (_, more) => {
    const asked = scan([MNQ, NQ], ['close'], '{"data":[{"d":[6000]},{"d":[25650.25]}]}')
    const body = JSON.stringify({ ...JSON.parse(asked.request.body ?? ''), ...more })
    const { observations, packets } = hear([{ ...asked, request: { ...asked.request, body } }])
    expect(observations).toEqual([])
    expect(packets).toMatchObject([
      {
        kind: 'rows (nameless)',
        disposition: 'malformed',
        reason: expect.stringContaining('whose they are'),
      },
    ])
  })

  it('with too few or too many values are left out, and their neighbours read', () => {
    for (const bad of [[], [1, 2]]) {
      const body = JSON.stringify({
        data: [
          { s: MNQ, d: bad },
          { s: NQ, d: [2] },
        ],
      })
      const { packets, shown } = hear([scan([MNQ, NQ], ['close'], body)])
      expect(packets).toMatchObject([{ disposition: 'malformed', reason: expect.stringContaining(MNQ) }])
      expect(shown).toMatchObject([{ name: NQ }])
    }
  })

  it('that did not come are told one by one, each a packet without a length', () => {
    const { packets } = hear([scan([MNQ, 'CME:MNQ1!', NQ, NQ], ['close'], one(MNQ, 1))])
    expect(packets).toMatchObject(
      [
        { kind: 'rows', index: 0 },
        { kind: '(missing row)', index: 1, disposition: 'error', payload: 0, reason: /CME:MNQ1!/ },
        { kind: '(missing row)', index: 2, disposition: 'error', payload: 0, reason: /CME_MINI:NQ1!/ },
      ].map(packet =>
        'reason' in packet ? { ...packet, reason: expect.stringMatching(packet.reason) } : packet,
      ),
    )
  })

  it('give no quote of a timeframe, and no time at all', () => {
    const columns = [
      'close|5',
      'time',
      'last_bar_update_time',
      'update-time',
      'premarket_close',
      'expiration',
    ]
    const body = one(MNQ, 1, 1772463600, 1772463601, 1772463602, 5, 20260320)
    expect(hear([scan([MNQ], columns, body)]).observations).toEqual([])
  })

  it('tell a zero from null, and both from a column that was not asked for', () => {
    expect(hear([scan([MNQ], ['change_abs', 'bid'], one(MNQ, 0, null))]).shown).toEqual([
      { kind: 'quote', session: '', name: MNQ, fields: { change: '0', bid: null } },
    ])
  })

  it('keep every digit of a volume beyond 2^53, and of a price of 1.9e-21', () => {
    const body = `{"totalCount":1,"data":[{"s":"${MNQ}","d":[1.9e-21,3504790403971392500]}]}`
    expect(hear([scan([MNQ], ['close', 'volume'], body)]).shown).toMatchObject([
      { fields: { last: '0.0000000000000000000019', volume: '3504790403971392500' } },
    ])
  })

  it('carry all their columns as they were written, where that is asked for', () => {
    const body = `{"totalCount":1,"data":[{"s":"${MNQ}","d":[253.0,61.80,null]}]}`
    const { observations } = hear([scan([MNQ], ['close', 'RSI', '__proto__'], body)], true)
    const wire = observations[0]?.kind === 'quote' ? observations[0].wire : undefined
    expect(JSON.stringify(wire)).toBe('{"close":253.0,"RSI":61.80,"__proto__":null}')
    const { shown } = hear([scan([MNQ], ['RSI'], one(MNQ, 61))], true)
    expect(shown).toEqual([{ kind: 'quote', session: '', name: MNQ, fields: {} }])
  })

  it('in another currency are no quotes', () => {
    const converted = scan([MNQ], ['close'], one(MNQ, 1))
    const body = JSON.stringify({ columns: ['close'], price_conversion: { to_currency: 'eur' } })
    const { observations, packets } = hear([{ ...converted, request: { ...converted.request, body } }])
    expect(observations).toEqual([])
    expect(packets).toMatchObject([{ disposition: 'ignored' }])
  })
})

describe('GET /symbol', () => {
  it('speaks of the symbol that was asked for, and not of the `name` in it', () => {
    const body = '{"close":1.5,"name":"AAPL"}'
    expect(hear([symbol('symbol=NASDAQ%3AAAPL&fields=close,name', body)]).shown).toEqual([
      { kind: 'quote', session: '', name: 'NASDAQ:AAPL', fields: { last: '1.5' } },
    ])
    expect(packetsOf(response({ text: body }))).toMatchObject([{ disposition: 'unknown' }])
  })

  it.each(['null', '{}'])('answers %s where there is no such symbol', body => {
    expect(hear([symbol('symbol=X%3AY&fields=close&no_404=true', body)]).packets).toMatchObject([
      { kind: 'no symbol', disposition: 'error', reason: 'X:Y: no such symbol' },
    ])
    expect(hear([scan([MNQ], ['close'], body)]).packets).toMatchObject([{ disposition: 'unknown' }])
  })
})
