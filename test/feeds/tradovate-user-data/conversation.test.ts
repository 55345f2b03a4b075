import { describe, expect, it } from 'vitest'
import { tradovateUserData as feed } from '../../../src/feeds/tradovate-user-data/index.ts'
import type { Observation } from '../../../src/model/observation.ts'
import { seededRandom } from '../../../src/model/random.ts'
import { createSyntheticMarket } from '../../../src/synth/index.ts'
import { decodeMessage, frameOf } from '../wire-driver.ts'

const START = 1_772_463_602_045_000

/** A client and the venue over a moving market; every message of both sides is read. */
function talk(options: Record<string, string> = {}) {
  const market = createSyntheticMarket({ seed: 7, start: START })
  const defaults = (feed.session.options ?? []).map(({ name, value }) => [name, value] as const)
  const client = feed.session.start({
    symbols: [],
    credentials: { token: 'SYNTHETIC.access.token' },
    options: { ...Object.fromEntries(defaults), ...options },
    random: seededRandom(1),
  })
  const venue = feed.conversation.start({ market, random: seededRandom(2), now: market.now })
  const decoder = feed.createDecoder()
  const observations: Observation[] = []
  const sent: string[] = []
  function hear(messages: readonly string[]): void {
    for (const text of messages) {
      const { packets, observations: found } = decodeMessage(feed, frameOf(text), decoder)
      for (const { disposition } of packets) expect(['unknown', 'malformed']).not.toContain(disposition)
      observations.push(...[...found.values()].flat())
      for (const step of client.received(text)) {
        if (step.kind !== 'send') continue
        sent.push(step.text)
        decodeMessage(feed, frameOf(step.text, 'out'), decoder)
        hear(venue.received(step.text))
      }
    }
  }
  hear(venue.opened())
  return { market, venue, observations, sent, hear }
}

const kindsOf = (observations: readonly Observation[]): ReadonlySet<string> =>
  new Set(observations.map(({ kind }) => kind))

describe('a venue of the user socket', () => {
  it('refuses a sync before authorize, and one that names nobody', () => {
    const venue = feed.conversation.start({
      market: createSyntheticMarket({ seed: 1, start: START }),
      random: seededRandom(1),
      now: () => START,
    })
    expect(venue.received('user/syncrequest\n1\n\n{"users":[1]}')).toEqual([
      expect.stringMatching(/^a\[\{"s":401,"i":1/),
    ])
    venue.received('authorize\n2\n\nSYNTHETIC.access.token')
    expect(venue.received('user/syncrequest\n3\n\n{}')).toEqual([
      expect.stringMatching(/^a\[\{"s":400,"i":3/),
    ])
    expect(venue.received('user/synchrequest\n4\n\n{}')).toEqual([expect.stringMatching(/"s":404/)])
  })

  it.each([['classic'], ['split']])('gives an account of the market’s instruments: %s', sync => {
    const { observations, market } = talk({ sync })
    expect(kindsOf(observations)).toEqual(
      new Set([
        ...['instrument', 'order', 'position', 'fill', 'fee', 'balance'],
        // Of a split answer nobody knows when all of it is there.
        ...(sync === 'classic' ? ['listing'] : []),
      ]),
    )
    const symbols = observations.flatMap(o => (o.kind === 'instrument' ? [o.symbol] : []))
    expect(market.names).toEqual(expect.arrayContaining(symbols))
    expect(observations.some(o => o.kind === 'fill' && o.account !== undefined)).toBe(true)
  })

  it('sends all 31 lists to a classic sync', () => {
    const venue = feed.conversation.start({
      market: createSyntheticMarket({ seed: 1, start: START }),
      random: seededRandom(1),
      now: () => START,
    })
    venue.received('authorize\n1\n\nSYNTHETIC.access.token')
    const [text = ''] = venue.received('user/syncrequest\n2\n\n{"users":[5]}')
    expect(Object.keys(JSON.parse(text.slice(1))[0].d)).toHaveLength(31)
  })

  it('trades as prices move: fills, fees, positions and pairs, and a contract that has to be looked up', () => {
    const { market, venue, observations, sent, hear } = talk()
    observations.length = 0
    for (let step = 0; step < 400; step += 1) {
      for (const { name, fields } of market.step()) hear(venue.moved(name, fields))
    }
    expect(kindsOf(observations)).toEqual(
      new Set(['instrument', 'order', 'position', 'fill', 'fee', 'fill-pair']),
    )
    expect(sent.filter(text => text.startsWith('contract/item\n'))).toHaveLength(1)
    const pairs = observations.flatMap(o => (o.kind === 'fill-pair' ? [o] : []))
    expect(pairs.every(pair => pair.account !== undefined && pair.name !== '')).toBe(true)
    const flat = observations.find(o => o.kind === 'position' && o.quantity.mantissa === 0)
    expect(flat).not.toHaveProperty('averagePrice')
  })

  it('pushes nothing before the sync', () => {
    const market = createSyntheticMarket({ seed: 1, start: START })
    const venue = feed.conversation.start({ market, random: seededRandom(1), now: () => START })
    venue.received('authorize\n1\n\nSYNTHETIC.access.token')
    const pushed = Array.from({ length: 200 }, () => market.step()).flat()
    expect(pushed.flatMap(({ name, fields }) => venue.moved(name, fields))).toEqual([])
  })
})

describe('recognising it', () => {
  it.each([
    ['o', undefined],
    ['h', undefined],
    ['{"type":"DATA","data":{}}', undefined],
    ['{"e":"md","d":{"quotes":[]}}', undefined],
    ['{"e":"props","d":{"quotes":[]}}', undefined],
    ['a[{"s":200,"i":1}]', 'possible'],
    ['authorize\n1\n\ntoken', 'possible'],
    ['{"e":"props","d":{"entityType":"fill","entity":{}}}', 'likely'],
    ['a[{"e":"props","d":{"entityType":"fill","entity":{}}}]', 'certain'],
    ['a[{"s":200,"i":2,"d":{"users":[],"contractGroups":[]}}]', 'certain'],
    ['user/syncrequest\n2\n\n{"users":[1]}', 'certain'],
  ])('%j is %s', (text, confidence) => {
    expect(feed.recognise(text)?.confidence).toBe(confidence)
  })

  it('knows its addresses, and not the market data’s', () => {
    expect(feed.matches('wss://demo.tradovateapi.com/v1/websocket')).toBe(true)
    expect(feed.matches('wss://live.tradovateapi.com/v1/websocket?r=0.5')).toBe(true)
    expect(feed.matches('wss://md.tradovateapi.com/v1/websocket')).toBe(false)
    expect(feed.matches('https://demo.tradovateapi.com/v1/account/list')).toBe(false)
  })
})
