import { expect, it } from 'vitest'
import { conversation } from '../../../src/feeds/tradingview-broker-rest/conversation.ts'
import { decimalFromText } from '../../../src/model/decimal.ts'
import type { QuoteFields } from '../../../src/model/quote.ts'
import { seededRandom } from '../../../src/model/random.ts'
import { hear, hearChunks } from './driver.ts'

const price = (text: string) => decimalFromText(text) ?? null
const NOW = Date.parse('2026-03-02T15:00:00.700Z') * 1000
const QUOTE: QuoteFields = {
  last: price('25650.25'),
  bid: price('25650.25'),
  bidSize: price('4'),
  ask: price('25650.5'),
  open: price('25600'),
  high: price('25700'),
  low: price('25590'),
  volume: price('3504790403971392500'),
}
const NAME = 'CME_MINI:NQ1!'

const venue = conversation.start({
  market: {
    names: [NAME],
    quote: name => (name === NAME ? QUOTE : undefined),
    facts: name =>
      name === NAME
        ? {
            kind: 'instrument',
            session: '',
            name,
            type: 'futures',
            front: 'x',
            pointValue: { mantissa: 20, scale: 0 },
          }
        : undefined,
  },
  random: seededRandom(1),
  now: () => NOW,
})

function ask(path: string) {
  const request = { method: 'GET', url: `http://127.0.0.1:1/${path}`, headers: [] } as const
  const { isStream, ...answer } = venue.answer(request)
  return { isStream, ...hear([{ request, answer }]) }
}

it('refuses under 200, in the documentation’s form', () => {
  for (const path of ['history?resolution=1', 'history?symbol=NOPE&resolution=1', 'quotes', 'elsewhere']) {
    expect(venue.answer({ method: 'GET', url: `http://127.0.0.1:1/${path}`, headers: [] })).toMatchObject({
      status: 200,
    })
    expect(ask(path).packets).toMatchObject([{ kind: 'error', disposition: 'error' }])
  }
})

it('lists its instruments, and streams under the names that it lists', () => {
  expect(ask('symbol_info').shown).toEqual([
    {
      kind: 'instrument',
      session: '',
      name: NAME,
      symbol: 'CME_MINI_NQ1_',
      type: 'futures',
      pointValue: '20',
    },
  ])
  expect(ask('streaming')).toMatchObject({ isStream: true, packets: [{ kind: 'stream' }] })
})

it('has no history, and quotes without a time', () => {
  expect(ask(`history?symbol=${NAME}&resolution=1`).packets).toMatchObject([{ kind: 'history (no data)' }])
  const { packets, shown } = ask(`quotes?locale=en&symbols=${NAME},NOPE`)
  expect(packets).toMatchObject([{ kind: 'quotes' }, { kind: '(refused symbol)' }])
  expect(shown).toMatchObject([{ fields: { bid: '25650.25', ask: '25650.5' } }])
})

it('says a price as a trade, a side as a whole quote, the day as its bar, and nothing as nothing', () => {
  expect(venue.moved(NAME, { mode: 'streaming' })).toEqual([])
  expect(venue.moved('NOPE', { bid: price('1') })).toEqual([])
  const said = (fields: QuoteFields) => hearChunks(venue.moved(NAME, fields)).shown
  const time = '2026-03-02T15:00:00.000000Z'
  expect(said({ last: price('25650.5') })).toMatchObject([{ kind: 'trade', price: '25650.5', time }])
  expect(said({ bidSize: price('4') })).toMatchObject([
    { fields: { bid: '25650.25', bidSize: '4', bidTime: time, ask: '25650.5', askTime: time } },
  ])
  expect(said({ volume: price('1') })).toMatchObject([
    { kind: 'bar', time: '2026-03-02T00:00:00.000000Z', close: '25650.25', volume: '3504790403971392500' },
  ])
})

it('beats with its time, every 5 s', () => {
  expect(venue.beat()).toEqual([`{"heartbeat":${Math.floor(NOW / 1_000_000)}}\n`])
  expect(conversation.beatEvery).toBe(5_000_000)
})

it('asks for the same by the same meaning, whatever the host and the order of names', () => {
  const meaning = (url: string) => conversation.meanings({ method: 'GET', url, headers: [] })
  expect(meaning('http://a.example/quotes?symbols=A,B')).toEqual(
    meaning('http://b.example/v1/quotes?symbols=B,A'),
  )
  const all = [
    'quotes?symbols=A',
    'history?symbol=A&resolution=1',
    'streaming',
    'symbol_info',
    'symbol_info?group=x',
    'z',
  ]
  expect(new Set(all.map(path => meaning(`http://a.example/${path}`).join())).size).toBe(all.length)
})
