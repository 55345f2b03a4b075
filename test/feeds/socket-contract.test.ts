import { describe, expect, it } from 'vitest'
import {
  type ClientSession,
  type Conversation,
  exchangeDrafts,
  type SessionStep,
  type SocketFeed,
} from '../../src/feeds/index.ts'
import { FEEDS } from '../../src/feeds/registry.ts'
import { seededRandom } from '../../src/model/random.ts'
import { decodeMessage, frameOf } from './wire-driver.ts'

const SOCKETS = FEEDS.flatMap(feed =>
  feed.transport === 'websocket' && feed.url !== '' ? [[feed.name, feed] as const] : [],
)

const LAST = { mantissa: 2565025, scale: 2 }
const MOVED = { mantissa: 25651, scale: 0 }

const MARKET = {
  quote: (symbol: string) => (symbol === 'X:Y' ? { last: LAST } : undefined),
  facts: () => undefined,
}

/** Client and venue of one wire, on a string. */
interface Talk {
  readonly client: ClientSession
  readonly venue: Conversation
  readonly sent: readonly string[]
  readonly heard: readonly string[]
  readonly steps: readonly SessionStep[]
  hear(messages: readonly string[]): void
}

/** More turns than any client needs to subscribe; then the two are going in circles. */
const MOST_TURNS = 50

function talk(feed: SocketFeed, seed: number): Talk {
  const credentials = Object.fromEntries(
    feed.session.credentials.map(({ key }) => [key, `eyJhbGciOiJub25l.${key}Secret0123456789.c2ln`]),
  )
  const options = Object.fromEntries(
    (feed.session.options ?? []).map(({ name, value }) => [name, value] as const),
  )
  const symbols = ['X:Y', 'NO:PE']
  const client = feed.session.start({ symbols, credentials, options, random: seededRandom(seed) })
  const venue = feed.conversation.start({
    market: MARKET,
    random: seededRandom(3),
    now: () => 1_766_031_047_000_000,
  })
  const sent: string[] = []
  const heard: string[] = []
  const steps: SessionStep[] = []
  const take = (taken: readonly SessionStep[]): readonly string[] => {
    steps.push(...taken)
    return taken.flatMap(step => {
      if (step.kind === 'wait') return take(step.afterwards)
      return step.kind === 'send' ? [step.text] : []
    })
  }
  const say = (messages: readonly string[]): readonly string[] => {
    sent.push(...messages)
    return messages.flatMap(text => venue.received(text))
  }
  const hear = (messages: readonly string[]): void => {
    let waiting = messages
    for (let turn = 0; waiting.length > 0 && turn < MOST_TURNS; turn += 1) {
      heard.push(...waiting)
      waiting = say(waiting.flatMap(text => take(client.received(text))))
    }
  }
  hear([...say(take(client.opened())), ...venue.opened()])
  return { client, venue, sent, heard, steps, hear }
}

describe.each(SOCKETS)('the contract of sockets: %s', (name, feed) => {
  it('finds each credential that its own session sends', () => {
    const { sent, steps } = talk(feed, 1)
    const told = steps.flatMap(step => (step.kind === 'note' ? [step.text] : [])).join()
    for (const { key } of feed.session.credentials) {
      const value = `eyJhbGciOiJub25l.${key}Secret0123456789.c2ln`
      expect(told, `the notes hold ${key}`).not.toContain(value)
      for (const text of sent.filter(message => message.includes(value))) {
        const found = feed.secrets.find({ kind: 'frame', at: 0, conn: 1, dir: 'out', op: 'text', text })
        expect(found.map(secret => secret.value)).toContain(value)
      }
      const exchange = feed.session.exchange?.({ [key]: value })
      if (exchange === undefined) continue
      const { method, url, headers } = exchange
      const place = { feed: name, conn: 1, exchange: 1, at: 0 }
      for (const draft of exchangeDrafts({ request: { method, url, headers } }, place)) {
        if (!JSON.stringify(draft).includes(value)) continue
        expect(feed.secrets.find(draft).map(secret => secret.value)).toContain(value)
      }
    }
  })

  it('asks for the same, whatever ids the client draws, and stays well framed when ids are replaced', () => {
    const [first = [], second = []] = [1, 2].map(seed => talk(feed, seed).sent)
    expect(first.length).toBeGreaterThan(0)
    expect(first.flatMap(text => feed.conversation.meanings(text))).toEqual(
      second.flatMap(text => feed.conversation.meanings(text)),
    )
    const ids = first.flatMap(text => feed.conversation.idsOf(text))
    const others = new Map(ids.map(id => [id, /^\d+$/.test(id) ? `${id}0001` : `${id}+longer`]))
    for (const text of first) {
      const rewritten = feed.conversation.rewrite(text, others)
      if (feed.conversation.idsOf(text).length > 0) expect(rewritten).not.toBe(text)
      expect(feed.conversation.idsOf(rewritten)).toEqual(
        feed.conversation.idsOf(text).map(id => others.get(id)),
      )
      const { packets } = decodeMessage(feed, frameOf(rewritten, 'out'))
      expect(packets.map(packet => packet.disposition)).not.toContain('malformed')
      expect(feed.conversation.meanings(rewritten)).toEqual(feed.conversation.meanings(text))
    }
  })

  it('talks with its own conversation: a client that subscribes is taken in, and given what it asked for', () => {
    const { client, hear, heard, sent, steps, venue } = talk(feed, 4)
    hear([...venue.beat(), ...venue.moved('X:Y', { last: MOVED })])
    const decoder = feed.createDecoder()
    const incoming = heard.map(text => decodeMessage(feed, frameOf(text), decoder))
    const outgoing = sent.map(text => decodeMessage(feed, frameOf(text, 'out')))
    for (const { packets } of [...incoming, ...outgoing]) {
      expect(packets.map(packet => packet.disposition)).not.toContain('unknown')
      expect(packets.map(packet => packet.disposition)).not.toContain('malformed')
    }
    expect(incoming.some(({ observations }) => observations.size > 0)).toBe(true)
    expect(steps.some(step => step.kind === 'accepted')).toBe(true)
    expect(client.silence).toBeGreaterThan(0)
  })

  const isQuoted = 'quote last' in feed.encode.cannot === false
  it.runIf(isQuoted)(
    'quotes the last price now and when it moves, and says which name it does not have',
    () => {
      const { hear, heard, steps, venue } = talk(feed, 5)
      hear(venue.moved('X:Y', { last: MOVED }))
      const decoder = feed.createDecoder()
      const observed = heard.flatMap(text => [
        ...decodeMessage(feed, frameOf(text), decoder).observations.values(),
      ])
      const prices = observed
        .flat()
        .flatMap(o => (o.kind === 'quote' && o.fields.last ? [o.fields.last] : []))
      expect(prices).toContainEqual(LAST)
      expect(prices.at(-1)).toEqual(MOVED)
      expect(steps.some(step => step.kind === 'note' && step.text.includes('NO:PE'))).toBe(true)
    },
  )
})
