import { describe, expect, it } from 'vitest'
import { ADDRESS, found, hear, search } from './driver.ts'

const namesOf = (...rows: readonly object[]): unknown[] =>
  hear([found(...rows)]).shown.map(({ name }) => name)

describe('an answer', () => {
  it.each([
    [429, '', 'too many requests'],
    [429, '<html></html>', 'too many requests'],
    [403, '<html>\r\n<head><title>403 Forbidden</title></head>', 'html'],
    [200, '<!DOCTYPE html><p>soon back', 'html'],
    [403, 'Forbidden', 'refused'],
    [302, '', 'refused'],
    [503, '{"symbols_remaining":0,"symbols":[{"symbol":"X"}]}', 'trouble'],
    [200, ' ', 'empty'],
    [200, '{"error":"synthetic","symbols":[]}', 'error'],
    [200, '{"error":{"code":1},"symbols_remaining":0,"symbols":[{"symbol":"X"}]}', 'error'],
  ])('says what it is: %i %s', (status, body, kind) => {
    const { packets, observations } = hear([search(body, status)])
    expect(packets).toMatchObject([{ kind, disposition: 'error', payload: body.length }])
    expect(observations).toEqual([])
  })

  it('is malformed where it is cut, at whatever place', () => {
    const body = '{"symbols_remaining":0,"symbols":[{"symbol":"X","exchange":"NYSE"}]}'
    for (let end = 1; end < body.length; end += 1) {
      expect(hear([search(body.slice(0, end))]).packets).toMatchObject([
        { disposition: 'malformed', payload: end },
      ])
    }
  })

  it.each(['null', '7', '{}', '{"symbols":["X"]}', '[1]', '{"totalCount":0,"data":[]}'])(
    'is unknown where it is no search’s: %s',
    body => {
      expect(hear([search(body)]).packets).toMatchObject([{ kind: '(answer)', disposition: 'unknown' }])
    },
  )

  it('of nothing is read where a search was asked, and unknown elsewhere', () => {
    for (const body of ['[]', '{"symbols":[]}']) {
      expect(hear([search(body)]).packets).toMatchObject([{ disposition: 'read' }])
      const elsewhere = search(body, 200, 'https://symbol-search.tradingview.com/other')
      expect(hear([elsewhere]).packets).toMatchObject([{ disposition: 'unknown' }])
    }
  })
})

describe('a row', () => {
  it('without a name is left out and told, and its neighbours are read', () => {
    const { packets, shown } = hear([
      found({ symbol: 7 }, { symbol: '' }, null, { symbol: 'X', exchange: 'NYSE' }),
    ])
    expect(packets).toMatchObject([
      {
        disposition: 'malformed',
        reason: 'row 0: symbol is no name; row 1: symbol is no name; row 2 is no object',
      },
    ])
    expect(shown).toMatchObject([{ name: 'NYSE:X' }])
  })

  it('with values of the wrong type is read without them', () => {
    const { packets, shown } = hear([
      found({ symbol: 'X', exchange: 7, type: [], currency_code: null, prefix: 1 }),
    ])
    expect(packets[0]?.reason).toBe('X: prefix is no string; X: exchange is no string; X: type is no string')
    expect(shown).toEqual([{ kind: 'instrument', session: '', name: 'X' }])
  })

  it('has its full name by the prefix, else by the first word of the exchange, in capitals, else by neither', () => {
    expect(
      namesOf(
        { symbol: 'NQ1!', exchange: 'CME', prefix: 'CME_MINI' },
        { symbol: 'X', exchange: 'NYSE Arca' },
        { symbol: 'X', exchange: 'ice endex', prefix: '' },
        { symbol: 'X', exchange: '' },
        { symbol: 'X' },
      ),
    ).toEqual(['CME_MINI:NQ1!', 'NYSE:X', 'ICE:X', 'X', 'X'])
  })

  it('has the marks of the match taken from symbol and description, and from nothing else', () => {
    const row = {
      symbol: '<em>A</em>B',
      description: 'an <em>A</em> share',
      exchange: 'NYSE',
      type: '<em>x</em>',
    }
    expect(hear([found(row)]).shown).toMatchObject([
      { name: 'NYSE:AB', description: 'an A share', type: '<em>x</em>' },
    ])
  })

  it('gives nothing of its contracts', () => {
    const contracts = [{ symbol: 'NQZ2026', description: 'x' }]
    expect(namesOf({ symbol: 'NQ', exchange: 'CME', prefix: 'CME_MINI', contracts })).toEqual(['CME_MINI:NQ'])
  })

  it('is kept whole as it was written, where that is asked for', () => {
    const body =
      '{"symbols_remaining":0,"symbols":[7,{"symbol":"X","exchange":"NYSE","ipo_offer_price":253.0}]}'
    const { observations } = hear([search(body)], true)
    expect(observations.map(({ kind }) => kind)).toEqual(['instrument', 'quote'])
    const quote = observations[1]
    expect(JSON.stringify(quote?.kind === 'quote' ? quote.wire : undefined)).toBe(
      '{"symbol":"X","exchange":"NYSE","ipo_offer_price":253.0}',
    )
  })
})

it('gives no quote, whatever a row has', () => {
  const { observations } = hear([found({ symbol: 'X', exchange: 'NYSE', close: 1, bid: 2, last: 3 })])
  expect(observations.map(({ kind }) => kind)).toEqual(['instrument'])
  expect(hear([search('', 200, ADDRESS)]).observations).toEqual([])
})
