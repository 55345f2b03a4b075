import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { recognise } from '../../../src/feeds/tradingview-scanner/recognise.ts'
import { describeWithSamples } from '../../samples.ts'
import { hear, scan, symbol } from './driver.ts'

interface ErrorSample {
  readonly http_status: number | string
  readonly endpoint: string
  readonly body: string
}

describeWithSamples('real answers of the scanner', samples => {
  const read = (file: string): string => readFileSync(join(samples, 'tradingview-scanner', file), 'utf8')
  const tickers = ['NASDAQ:NVDA', 'NASDAQ:AAPL', 'NASDAQ:GOOGN', 'NASDAQ:GOOG', 'NASDAQ:GOOGM']
  const columns = ['name', 'description', 'close', 'change', 'volume', 'market_cap_basic']

  it('5 rows of america are 5 quotes with their descriptions', () => {
    const body = read('real_america_scan_5rows.json')
    const { packets, shown } = hear([scan(tickers, columns, body, { market: 'america' })])
    expect(packets).toMatchObject([{ kind: 'rows', disposition: 'read', payload: body.length, noise: 5 }])
    expect(shown.filter(({ kind }) => kind === 'quote')).toEqual([
      quote('NASDAQ:NVDA', '200.75', '2.92760459392945', '139954432'),
      quote('NASDAQ:AAPL', '308.91', '-7.35386737846024', '132489137'),
      quote('NASDAQ:GOOGN', '50.2', '3.52650030934213', '4030951'),
      quote('NASDAQ:GOOG', '356.65', '6.88384080556221', '30514530'),
      quote('NASDAQ:GOOGM', '50.16', '3.23111751389173', '2836090'),
    ])
    expect(shown.filter(({ kind }) => kind === 'instrument').map(one => one['description'])).toEqual([
      'NVIDIA Corporation',
      'Apple Inc.',
      'Alphabet Inc. Depository Shs Repr 1/20th Conv Pfd Registered Shs',
      'Alphabet Inc. Class C',
      'Alphabet Inc. Depository Shs Repr 1/20th Conv Pfd Registered Shs',
    ])
    expect(recognise(body)?.confidence).toBe('certain')
  })

  it('GET /symbol is one row, whose bid and ask are none now', () => {
    const body = read('real_get_symbol_aapl_nulls.json')
    const { packets, shown } = hear([symbol('symbol=NASDAQ%3AAAPL&fields=ask,bid,close', body)])
    expect(packets).toMatchObject([{ kind: 'symbol', disposition: 'read' }])
    expect(shown).toEqual([
      {
        kind: 'instrument',
        session: '',
        name: 'NASDAQ:AAPL',
        currency: 'USD',
        description: 'Apple Inc.',
        exchange: 'NASDAQ',
        type: 'stock',
      },
      {
        kind: 'quote',
        session: '',
        name: 'NASDAQ:AAPL',
        fields: {
          ask: null,
          bid: null,
          changePercent: '-7.35386737846024',
          change: '-24.52',
          last: '308.91',
          high: '310.69',
          low: '300',
          open: '304.81',
          volume: '132489137',
        },
      },
    ])
    expect(recognise(body)).toBeUndefined()
  })

  it('the 4 error bodies are an error in the venue’s words, twice, and an unknown symbol in two forms', () => {
    const errors = read('real_error_bodies.jsonl')
      .split('\n')
      .filter(line => line !== '')
      .map((line): ErrorSample => JSON.parse(line))
    const heard = errors.map(({ endpoint, body, http_status }) => {
      // One author did not say the status; it is read under either.
      const status = typeof http_status === 'number' ? http_status : 200
      const one = endpoint.startsWith('GET')
        ? symbol('symbol=NASDAQ%3ANOPE&fields=close', body, status)
        : scan(['CME_MINI:MNQ1!'], ['close', 'bid', 'ask'], body, { status })
      return hear([one]).packets[0]
    })
    expect(heard).toMatchObject([
      {
        kind: 'error',
        disposition: 'error',
        reason: expect.stringContaining('Unknown field \\"change.5\\"'),
      },
      { kind: 'error', disposition: 'error', reason: expect.stringContaining('Unknown field \\"bid\\"') },
      { kind: 'symbol_not_exists', disposition: 'error' },
      { kind: 'no symbol', disposition: 'error' },
    ])
    expect(errors.map(({ body }) => recognise(body)?.confidence)).toEqual([
      'likely',
      'likely',
      'likely',
      undefined,
    ])
  })

  it.each(['official_scanner_futures_qf.json', 'derived_tvscraper_futures_gainers.json'])(
    '%s is no answer of the scanner: reported, and nothing is read of it',
    file => {
      const body = read(file)
      const { packets, observations } = hear([scan(['CME_MINI:MNQ1!'], ['close'], body)])
      expect(packets).toMatchObject([
        { kind: '(answer)', disposition: 'unknown', reason: 'no scanner answer', payload: body.length },
      ])
      expect(observations).toEqual([])
      expect(recognise(body)).toBeUndefined()
    },
  )
})

function quote(name: string, last: string, changePercent: string, volume: string): object {
  return { kind: 'quote', session: '', name, fields: { last, changePercent, volume } }
}
