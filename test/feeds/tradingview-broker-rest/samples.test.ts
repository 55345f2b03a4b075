import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { recognise } from '../../../src/feeds/tradingview-broker-rest/recognise.ts'
import { describeWithSamples } from '../../samples.ts'
import { get, hear, hearChunks } from './driver.ts'

interface Example {
  readonly endpoint: string
  readonly line: object
}

describeWithSamples('the examples of the brokers’ specification', samples => {
  const examples = readFileSync(
    join(samples, 'tradingview-broker-rest', 'documentation_examples.jsonl'),
    'utf8',
  )
    .trim()
    .split('\n')
    .map((line): Example => JSON.parse(line))
  const bodies = (endpoint: string): string[] =>
    examples.filter(one => one.endpoint === endpoint).map(one => JSON.stringify(one.line))

  it('stream 1 quote, 3 trades, 1 daily bar and 1 heartbeat', () => {
    const { packets, shown } = hearChunks([`${bodies('/streaming').join('\n')}\n`])
    expect(packets.map(({ kind, disposition }) => `${kind} ${disposition}`)).toEqual([
      'quote read',
      'trade read',
      'trade read',
      'trade read',
      'daily bar read',
      'heartbeat status',
    ])
    const time = '2019-01-20T00:00:00.000000Z'
    expect(shown[0]).toMatchObject({
      name: 'EURUSD',
      fields: {
        bid: '1.47245',
        bidSize: '100',
        bidTime: time,
        ask: '1.47245',
        askSize: '100',
        askTime: time,
      },
    })
    expect(shown.slice(1, 4)).toMatchObject([
      { kind: 'trade', name: 'EURUSD', price: '1.47245', size: '100', time },
      { kind: 'trade', name: 'BTCUSDT', price: '33405.5', size: '0.092' },
      { kind: 'trade', name: 'BTCUSDT', price: '33417.5', size: '0.057' },
    ])
    expect(shown[4]).toMatchObject({ kind: 'bar', interval: '1d', close: '3662.25', volume: '34' })
  })

  it('have 2 histories, one of 3 bars by the minute and one empty', () => {
    const heard = bodies('/history').map(body =>
      hear([get('history?symbol=BTCUSDT&resolution=1&to=1', body)]),
    )
    expect(heard.map(({ packets }) => packets[0])).toMatchObject([
      { kind: 'history', disposition: 'read' },
      { kind: 'history', disposition: 'read' },
    ])
    expect(heard.map(({ shown }) => shown.map(({ close, interval }) => [close, interval]))).toEqual([
      [
        ['58907.5', '1m'],
        ['58889', '1m'],
        ['58893', '1m'],
      ],
      [],
    ])
  })

  it('have 1 answer of /quotes', () => {
    const [body = ''] = bodies('/quotes')
    const { packets, shown } = hear([get('quotes?locale=en&symbols=EURUSD', body)])
    expect(packets).toMatchObject([{ kind: 'quotes', disposition: 'read' }])
    expect(shown).toEqual([
      { kind: 'quote', session: '', name: 'EURUSD', fields: { bid: '1.13834', ask: '1.13836' } },
    ])
  })

  it('are recognised, each as surely as its looks allow', () => {
    expect(examples.map(({ line }) => recognise(JSON.stringify(line))?.confidence)).toEqual([
      'certain',
      'likely',
      'likely',
      'likely',
      'likely',
      'possible',
      'likely',
      'likely',
      'likely',
    ])
  })
})
