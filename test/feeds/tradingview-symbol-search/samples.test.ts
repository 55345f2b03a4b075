import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { recognise } from '../../../src/feeds/tradingview-symbol-search/recognise.ts'
import { describeWithSamples } from '../../samples.ts'
import { hear, search } from './driver.ts'

describeWithSamples('real answers of the symbol search', samples => {
  const read = (file: string): string =>
    readFileSync(join(samples, 'tradingview-symbol-search', file), 'utf8')

  it('a v3 answer of 5 rows is 5 instruments, one of them by its prefix', () => {
    const body = read('real_excerpt_symbol_search_v3_aapl.json')
    const { packets, shown } = hear([search(body)])
    expect(packets).toMatchObject([{ kind: 'symbols', disposition: 'read', payload: body.length }])
    const rows = shown.map(({ name, exchange, type, currency }) => [name, exchange, type, currency])
    expect(rows).toEqual([
      ['NASDAQ:AAPL', 'NASDAQ', 'stock', 'USD'],
      ['TSX:AAPL', 'TSX', 'dr', 'CAD'],
      ['BCBA:AAPL', 'BYMA', 'dr', 'ARS'],
      ['NASDAQ:AAPLYXX', 'NASDAQ', 'structured', 'USD'],
      ['BSE:AAPLUSTRAD', 'BSE', 'stock', 'INR'],
    ])
    expect(shown[0]?.['description']).toBe('Apple Inc.')
    expect(recognise(body)?.confidence).toBe('certain')
  })

  it('4 legacy rows in their array are 4 instruments, the marks of the match taken out', () => {
    const rows = read('real_legacy_symbol_search_rows_highlighted.jsonl').trim().split('\n')
    const body = `[${rows.join(',')}]`
    const { packets, shown } = hear([
      search(body, 200, 'https://symbol-search.tradingview.com/symbol_search/?text=x'),
    ])
    expect(packets).toMatchObject([{ kind: 'symbols (legacy)', disposition: 'read' }])
    expect(shown.map(({ name, currency }) => [name, currency])).toEqual([
      ['ASX:ANZ', 'AUD'],
      ['NASDAQ:MSFT', 'USD'],
      ['NYSE:IBM', 'USD'],
      ['NASDAQ:TSLA', undefined],
    ])
    expect(recognise(body)?.confidence).toBe('likely')
  })
})
