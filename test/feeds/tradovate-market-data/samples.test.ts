import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Packet } from '../../../src/feeds/index.ts'
import { tradovateMarketData } from '../../../src/feeds/tradovate-market-data/index.ts'
import { type Observation, observationToJson } from '../../../src/model/observation.ts'
import { describeWithSamples } from '../../samples.ts'
import { accountedLength, decodeMessage, frameOf } from '../wire-driver.ts'

interface Read {
  readonly packet: Packet | undefined
  readonly observations: readonly Observation[]
}

describeWithSamples('Tradovate’s market data in the samples', folder => {
  const linesOf = (file: string): readonly object[] =>
    readFileSync(join(folder, 'tradovate/ws', file), 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line))

  /** Each frame by a decoder of its own: the lines are not of one connection. */
  function readAlone(text: string): Read {
    const { observations, packets } = decodeMessage(tradovateMarketData, frameOf(text))
    expect(packets).toHaveLength(1)
    expect(accountedLength(packets)).toBe(text.length)
    return { packet: packets[0], observations: [...observations.values()].flat() }
  }

  const documented = linesOf('documentation_frames_and_errors.jsonl').map(line =>
    readAlone('frame' in line && typeof line.frame === 'string' ? line.frame : ''),
  )
  const line = (number: number): Read => documented[number - 1] ?? { packet: undefined, observations: [] }
  const shown = (number: number): unknown[] => line(number).observations.map(observationToJson)

  it('are 24 documented lines, of which 1, 2 and 6 to 9 are errors, and 11 others speak of the session', () => {
    const numbersOf = (disposition: string): number[] =>
      documented.flatMap(({ packet }, index) => (packet?.disposition === disposition ? [index + 1] : []))
    expect(documented).toHaveLength(24)
    expect(numbersOf('error')).toEqual([1, 2, 6, 7, 8, 9])
    expect(numbersOf('status')).toEqual([3, 4, 5, 10, 11, 12, 13, 16, 20, 23, 24])
    expect(numbersOf('read')).toEqual([14, 15, 17, 18, 19, 21, 22])
  })

  it('say their refusals in the venue’s words', () => {
    expect([1, 2, 6, 7, 8, 9].map(number => line(number).packet?.reason)).toEqual([
      '400: No usable value for symbol\nDid not find value which can be converted into java.lang.String',
      '404: Not found: quote/subscribe',
      'UnknownReason: Access is denied',
      '404 without words',
      '401: Invalid access token',
      '429 without words',
    ])
    expect(line(5).packet?.reason).toMatch(/^a penalty: 0 s/)
    expect([10, 11, 12, 13, 23, 24].map(number => line(number).packet?.kind)).toEqual([
      'shutdown',
      'shutdown',
      'close',
      'clock',
      'open',
      'heartbeat',
    ])
  })

  it('hold an instrument, an order, a quote, a book, a histogram, a bar and a trade', () => {
    expect(shown(14)).toEqual([{ kind: 'instrument', session: '', name: '65543', symbol: 'CLZ6' }])
    expect(line(15).observations).toMatchObject([
      { kind: 'order', id: '210518', name: '560901', side: 'sell' },
    ])
    expect(shown(17)).toEqual([
      {
        kind: 'quote',
        session: '',
        name: '123456',
        fields: {
          bid: '18405.123',
          bidSize: '7.123',
          bidTime: '2021-04-13T04:59:06.588000Z',
          ask: '18410.012',
          askSize: '12.35',
          askTime: '2021-04-13T04:59:06.588000Z',
          last: '18405.023',
          lastSize: '2.1',
          volume: '4118.123',
          open: '18515.123',
          high: '18520.125',
          low: '18355.23',
        },
      },
    ])
    expect(line(18).observations).toMatchObject([{ kind: 'depth', name: '123456' }])
    expect(shown(18)).toMatchObject([{ bids: [{ price: '2335.25', size: '33.54' }, { price: '2333' }] }])
    expect(line(19).observations).toEqual([])
    expect(shown(21)).toEqual([
      {
        kind: 'bar',
        session: '',
        name: 'chart 9',
        which: 'history',
        time: '2017-04-13T11:00:00.000000Z',
        open: '2334.25',
        high: '2334.5',
        low: '2333',
        close: '2333.75',
      },
    ])
    expect(shown(22)).toEqual([
      {
        kind: 'trade',
        session: '',
        name: 'chart 16335',
        price: '2979.25',
        size: '3',
        time: new Date(1563421179735).toISOString().replace('Z', '000Z'),
      },
    ])
  })

  it('quote MNQM6 in parts that are merged, and never as a trade', () => {
    const quotes = linesOf('md_quotes_MNQM6_semireal.jsonl').flatMap(
      item => readAlone(`a[${JSON.stringify(item)}]`).observations,
    )
    expect(quotes.map(({ kind }) => kind)).toEqual(['quote', 'quote', 'quote'])
    const merged = Object.assign({}, ...quotes.slice(0, 2).map(quote => observationToJson(quote)['fields']))
    expect(merged).toEqual({
      bid: '28138.25',
      bidSize: '5',
      ask: '28138.75',
      askSize: '2',
      last: '28138.5',
      lastSize: '1',
      volume: '1155839',
      high: '28155',
      low: '27727.5',
    })
    expect(quotes.map(observationToJson)[2]).toMatchObject({
      name: '123456',
      fields: { last: '4356.3', open: '4325.2', high: '4410.8', low: '4300.1', volume: '37209' },
    })
  })

  it('leave nothing of the user’s socket unknown either', () => {
    const frames = linesOf('demo_user_socket_2026-06-14.frames.jsonl')
    const dispositions = frames.flatMap(frame =>
      'frame' in frame && typeof frame.frame === 'string'
        ? decodeMessage(tradovateMarketData, frameOf(frame.frame)).packets.map(packet => packet.disposition)
        : [],
    )
    expect(new Set(dispositions)).not.toContain('malformed')
  })
})
