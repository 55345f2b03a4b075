import { describe, expect, it } from 'vitest'
import { exchangeDrafts, type HttpFeed, type HttpStep } from '../../src/feeds/index.ts'
import type { Packet } from '../../src/feeds/packet.ts'
import { FEEDS } from '../../src/feeds/registry.ts'
import type { Observation } from '../../src/model/observation.ts'
import { seededRandom } from '../../src/model/random.ts'

const HTTP = FEEDS.flatMap(feed => (feed.transport === 'http' ? [[feed.name, feed] as const] : []))

const MARKET = {
  quote: (symbol: string) =>
    symbol === 'X:Y'
      ? { last: { mantissa: 2565025, scale: 2 }, bid: { mantissa: 25650, scale: 0 } }
      : undefined,
  facts: (symbol: string) =>
    symbol === 'X:Y'
      ? ({ kind: 'instrument', session: '', name: 'X:Y', type: 'futures', currency: 'USD' } as const)
      : undefined,
}

const SECRET = 'eyJhbGciOiJub25l.Secret0123456789.c2ln'

/** A client of the wire asks its own venue so many times, without a network between them. */
function talk(feed: HttpFeed, turns: number, withCredentials = false) {
  const credentials = Object.fromEntries(
    feed.session.credentials.map(({ key }) => [key, withCredentials ? `${SECRET}${key}` : '']),
  )
  const client = feed.session.start({
    symbols: ['X:Y', 'NO:PE'],
    credentials: withCredentials ? credentials : {},
    options: Object.fromEntries(
      (feed.session.options ?? []).map(({ name, value }) => [name, value] as const),
    ),
    random: seededRandom(1),
    // Where the user must say where it lives.
    ...(feed.url === '' ? { url: 'https://venue.example' } : {}),
  })
  const venue = feed.conversation.start({
    market: MARKET,
    random: seededRandom(2),
    now: () => 1_766_031_047_000_000,
  })
  const decoder = feed.createDecoder()
  const packets: Packet[] = []
  const observations: Observation[] = []
  const steps: HttpStep[] = []
  const requests = []
  for (let exchange = 1; exchange <= turns; exchange += 1) {
    const turn = client.next()
    if (turn === undefined) break
    requests.push(turn.request)
    const { isStream, ...answer } = venue.answer(turn.request)
    const chunks =
      isStream === true ? [...venue.moved('X:Y', MARKET.quote('X:Y') ?? {}), ...venue.beat()] : []
    const place = { feed: feed.name, conn: 1, exchange, at: 0 }
    for (const [index, draft] of exchangeDrafts({ request: turn.request, answer, chunks }, place).entries()) {
      decoder.decode(
        { ...draft, seq: exchange * 100 + index },
        { observe: observation => observations.push(observation), packet: packet => packets.push(packet) },
      )
    }
    if (isStream !== true) steps.push(...client.answered(answer, turn))
  }
  return { requests, packets, observations, steps }
}

describe.each(HTTP)('the contract of HTTP feeds: %s', (name, feed) => {
  it('never asks more often than five times a second, and asks at its own pace by default', () => {
    expect(feed.session.fastest).toBeGreaterThanOrEqual(200_000)
    expect(feed.session.pace).toBeGreaterThanOrEqual(feed.session.fastest)
  })

  it('finds each credential in the requests that its own session makes', () => {
    const place = { feed: name, conn: 1, exchange: 1, at: 0 }
    for (const draft of talk(feed, 3, true).requests.flatMap(request => exchangeDrafts({ request }, place))) {
      const found = feed.secrets.find(draft).map(secret => secret.value)
      for (const { key } of feed.session.credentials) {
        if (JSON.stringify(draft).includes(`${SECRET}${key}`)) expect(found).toContain(`${SECRET}${key}`)
      }
    }
  })

  it('talks with its own conversation: what it asks for is answered, understood, and asked for by its meaning', () => {
    const { observations, packets, requests, steps } = talk(feed, 4)
    expect(requests.length).toBeGreaterThan(0)
    for (const { disposition } of packets) expect(['unknown', 'malformed']).not.toContain(disposition)
    expect(observations.length).toBeGreaterThan(0)
    expect(steps.some(step => step.kind === 'accepted')).toBe(true)
    for (const request of requests) {
      expect(feed.conversation.answers(new URL(request.url).pathname)).toBe(true)
      expect(feed.conversation.meanings(request)).toEqual(
        feed.conversation.meanings({ ...request, headers: [] }),
      )
      expect(feed.conversation.meanings(request).length).toBeGreaterThan(0)
    }
  })
})
