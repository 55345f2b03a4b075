import { describe, expect, it } from 'vitest'
import { conversation } from '../../../src/feeds/tradingview-symbol-search/conversation.ts'
import type { InstrumentFacts } from '../../../src/model/observation.ts'
import { seededRandom } from '../../../src/model/random.ts'

const FACTS: readonly InstrumentFacts[] = [
  {
    kind: 'instrument',
    session: '',
    name: 'CME_MINI:NQ1!',
    exchange: 'CME',
    type: 'futures',
    description: 'E-mini',
  },
  { kind: 'instrument', session: '', name: 'NASDAQ:NQX', exchange: 'NASDAQ', type: 'stock', currency: 'USD' },
  ...Array.from({ length: 120 }, (_, n): InstrumentFacts => {
    return { kind: 'instrument', session: '', name: `NYSE:MANY${n}`, type: 'stock' }
  }),
]

const venue = conversation.start({
  market: {
    quote: () => undefined,
    facts: name => FACTS.find(facts => facts.name === name),
    names: FACTS.map(({ name }) => name),
  },
  random: seededRandom(1),
  now: () => 0,
})

const HEADERS = [['Origin', 'https://www.tradingview.com']] as const
function get(path: string, headers: readonly (readonly [string, string])[] = HEADERS) {
  return venue.answer({ method: 'GET', url: `http://127.0.0.1:1${path}`, headers })
}
const bodyOf = (path: string) => JSON.parse(get(path).body ?? '')

describe('a search on this machine', () => {
  it('without Origin is nginx’s 403', () => {
    expect(get('/symbol_search/v3/?text=NQ', [])).toMatchObject({ status: 403 })
    expect(get('/symbol_search/v3/?text=NQ', []).body).toContain('nginx')
  })

  it('that cannot be read is refused', () => {
    for (const path of ['/symbol_search/v3/', '/symbol_search/v3/?text=a&start=x', '/elsewhere']) {
      expect(get(path).status).toBe(400)
    }
  })

  it('finds by name and description, whatever the case, and marks the match where that is asked for', () => {
    expect(bodyOf('/symbol_search/v3/?text=nq&hl=1')).toEqual({
      symbols_remaining: 0,
      symbols: [
        {
          symbol: '<em>NQ</em>1!',
          description: 'E-mini',
          type: 'futures',
          exchange: 'CME',
          prefix: 'CME_MINI',
        },
        { symbol: '<em>NQ</em>X', type: 'stock', exchange: 'NASDAQ', currency_code: 'USD' },
      ],
    })
    expect(bodyOf('/local_search/v3/?text=e-MINI').symbols).toMatchObject([{ symbol: 'NQ1!' }])
  })

  it('keeps to the type and the exchange, and gives a bare array at the older address', () => {
    expect(bodyOf('/symbol_search/?text=nq&type=stocks')).toMatchObject([{ symbol: 'NQX' }])
    expect(bodyOf('/symbol_search/v3/?text=nq&search_type=futures').symbols).toHaveLength(1)
    expect(bodyOf('/symbol_search/v3/?text=nq&search_type=undefined&exchange=cme').symbols).toHaveLength(1)
  })

  it('comes in pages of 50', () => {
    const pages = [0, 50, 100, 150].map(start => bodyOf(`/symbol_search/v3/?text=MANY&start=${start}`))
    expect(pages.map(page => [page.symbols.length, page.symbols_remaining])).toEqual([
      [50, 70],
      [50, 20],
      [20, 0],
      [0, 0],
    ])
  })
})

it('asks for the same by the same meaning, whatever the host', () => {
  const meaning = (url: string) => conversation.meanings({ method: 'GET', url, headers: [] })
  const one = meaning(
    'https://symbol-search.tradingview.com/symbol_search/v3/?text=NQ&hl=1&search_type=undefined',
  )
  expect(meaning('http://127.0.0.1:1/symbol_search/v3?text=NQ')).toEqual(one)
  expect(meaning('http://127.0.0.1:1/symbol_search/v3?text=NQ&start=50')).not.toEqual(one)
  expect(meaning('http://127.0.0.1:1/symbol_search/?text=NQ')).not.toEqual(one)
})
