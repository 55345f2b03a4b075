import { describe, expect, it } from 'vitest'
import type { HttpAnswer, HttpRequest } from '../../../src/feeds/index.ts'
import { conversation } from '../../../src/feeds/tradingview-scanner/conversation.ts'
import type { QuoteFields } from '../../../src/model/quote.ts'
import { seededRandom } from '../../../src/model/random.ts'

const HOST = 'http://127.0.0.1:4000'
const [NQ, MNQ, AAPL] = ['CME_MINI:NQ1!', 'CME_MINI:MNQ1!', 'NASDAQ:AAPL']

const QUOTES: Readonly<Record<string, QuoteFields>> = {
  [NQ]: { last: { mantissa: 2565025, scale: 2 }, volume: { mantissa: 3504790403971392500n, scale: 0 } },
  [MNQ]: { last: { mantissa: 25650, scale: 0 }, mode: 'delayed_streaming_600', delay: 600 },
  [AAPL]: { last: { mantissa: 30891, scale: 2 }, bid: null },
}

const venue = conversation.start({
  market: {
    quote: name => QUOTES[name],
    facts: name =>
      QUOTES[name] === undefined
        ? undefined
        : {
            kind: 'instrument',
            session: '',
            name,
            type: name === AAPL ? 'stock' : 'futures',
            fractional: false,
          },
  },
  random: seededRandom(1),
  now: () => 0,
})

function post(path: string, body: object | string): HttpAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return venue.answer({ method: 'POST', url: `${HOST}${path}`, headers: [], body: text })
}

function get(path: string): HttpAnswer {
  return venue.answer({ method: 'GET', url: `${HOST}${path}`, headers: [] })
}

const scan = (tickers: readonly string[], columns: readonly string[], more: object = {}) => ({
  symbols: { tickers },
  columns,
  ...more,
})

describe('a scan', () => {
  it('of a column that the market does not have is refused in the real one’s words', () => {
    expect(post('/futures/scan', scan([MNQ], ['close', 'bid', 'ask']))).toMatchObject({
      status: 400,
      body: '{"totalCount":0,"error":"Unknown field \\"bid\\"","data":null}',
    })
    expect(post('/america/scan', scan([AAPL], ['change.5'])).body).toContain('Unknown field \\"change.5\\"')
    expect(post('/crypto/scan', scan([], ['bid', 'ask'])).status).toBe(200)
  })

  it('of an unknown column is answered with null where that is asked for', () => {
    const more = { ignore_unknown_fields: true }
    expect(post('/futures/scan', scan([MNQ], ['close', 'bid'], more)).body).toBe(
      '{"totalCount":1,"data":[{"s":"CME_MINI:MNQ1!","d":[25650,null]}]}',
    )
  })

  it('that is none is refused, and nothing is thrown', () => {
    for (const body of ['', 'x', '[]', '{"columns":"close"}', '{"symbols":{"tickers":7}}']) {
      expect(post('/futures/scan', body)).toMatchObject({ status: 400 })
    }
    expect(get('/futures/scan').status).not.toBe(200)
    expect(get('/elsewhere').status).toBe(404)
  })

  it('answers in another order than asked, without what it does not know, every digit kept', () => {
    expect(post('/futures/scan', scan([NQ, 'CME:NQ1!', MNQ, AAPL], ['close', 'volume', 'name'])).body).toBe(
      '{"totalCount":2,"data":[{"s":"CME_MINI:MNQ1!","d":[25650,null,"MNQ1!"]},' +
        '{"s":"CME_MINI:NQ1!","d":[25650.25,3504790403971392500,"NQ1!"]}]}',
    )
    expect(post('/global/scan', scan([NQ, AAPL], ['close'])).body).toContain('"totalCount":2')
  })

  it('counts before it pages', () => {
    expect(post('/futures/scan', scan([NQ, MNQ], ['close'], { range: [0, 1] })).body).toBe(
      '{"totalCount":2,"data":[{"s":"CME_MINI:MNQ1!","d":[25650]}]}',
    )
  })

  it('gives null for a timeframe that it has no bars of', () => {
    expect(post('/futures/scan', scan([MNQ], ['close|1D', 'update_mode'])).body).toContain(
      '[null,"delayed_streaming_600"]',
    )
  })
})

describe('GET /symbol', () => {
  it('of an unknown symbol is 404, or null where that is asked for', () => {
    expect(get('/symbol?symbol=X%3AY&fields=close')).toMatchObject({
      status: 404,
      body: '{"code":"symbol_not_exists"}',
    })
    expect(get('/symbol?symbol=X%3AY&fields=close&no_404=true')).toMatchObject({ status: 200, body: 'null' })
  })

  it('is one flat object', () => {
    expect(get('/symbol?symbol=NASDAQ%3AAAPL&fields=close,bid,ask,type').body).toBe(
      '{"ask":null,"bid":null,"close":308.91,"type":"stock"}',
    )
  })
})

describe('the meaning of a request', () => {
  const meaning = (body: object, url = `${HOST}/futures/scan`): readonly string[] =>
    conversation.meanings({ method: 'POST', url, headers: [], body: JSON.stringify(body) })

  it('differs by market, columns, their order, and filters', () => {
    const all = [
      meaning(scan([NQ], ['close'])),
      meaning(scan([NQ], ['close']), `${HOST}/global/scan`),
      meaning(scan([NQ], ['close', 'volume'])),
      meaning(scan([NQ], ['volume', 'close'])),
      meaning(scan([NQ, MNQ], ['close'])),
      meaning(scan([NQ], ['close'], { filter: [{ left: 'close' }] })),
    ]
    expect(new Set(all.map(one => one.join())).size).toBe(all.length)
  })

  it('is the same for another host, another order of tickers and other headers', () => {
    const one: HttpRequest = {
      method: 'POST',
      url: 'https://scanner.tradingview.com/futures/scan?label-product=x',
      headers: [['Cookie', 'sessionid=abcdef']],
      body: JSON.stringify(scan([MNQ, NQ], ['close'])),
    }
    expect(conversation.meanings(one)).toEqual(meaning(scan([NQ, MNQ], ['close'])))
  })
})
