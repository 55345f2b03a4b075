import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Feed } from '../../src/feeds/feed.ts'
import { FEEDS, feedNamed, feedOf } from '../../src/feeds/registry.ts'
import { type Observation, observationToJson } from '../../src/model/observation.ts'
import { QUOTE_FIELD_NAMES } from '../../src/model/quote.ts'
import {
  accountedLength,
  type Decoded,
  decodeAll,
  decodeMessage,
  goldenConnections,
  goldenMessages,
  kindMessages,
  lengthOf,
  saidMessages,
} from './wire-driver.ts'

const FILES = ['index', 'wire', 'decode', 'encode', 'session', 'conversation', 'secrets']

/** Every message of the golden tapes, each read in its connection. */
async function goldenDecoded(feed: Feed): Promise<readonly Decoded[]> {
  return (await goldenConnections(feed)).flatMap(messages => decodeAll(feed, messages))
}

function feedSays(feed: Feed, text: string) {
  return feed.recognise(text)?.confidence
}

const shown = (observations: readonly Observation[]): unknown[] => observations.map(observationToJson)

describe('the registry', () => {
  it('finds a feed by its name and by a url of its own, and nothing by another', () => {
    expect(feedNamed('no-such-feed')).toBeUndefined()
    expect(feedOf('https://example.com/')).toBeUndefined()
    expect(feedOf('no url at all')).toBeUndefined()
    for (const feed of FEEDS) {
      expect(feedNamed(feed.name)).toBe(feed)
      if (feed.url !== '') expect(feedOf(feed.url)).toBe(feed)
    }
  })

  it('gives every name once', () => {
    expect(new Set(FEEDS.map(feed => feed.name)).size).toBe(FEEDS.length)
  })
})

describe.each(FEEDS.map(feed => [feed.name, feed] as const))('the contract: %s', (name, feed) => {
  it('is a folder of its name with the files that every feed has, a page and golden tapes', () => {
    const missing = FILES.filter(file => !existsSync(join('src/feeds', name, `${file}.ts`)))
    expect(missing).toEqual([])
    expect(existsSync(join('src/feeds', name, 'README.md'))).toBe(true)
    expect(existsSync(join('fixtures', name))).toBe(true)
  })

  it('reads the sample of each kind as that kind, and says why where it ignores it', () => {
    for (const kind of feed.kinds) {
      expect(kind.seen, kind.kind).not.toBe('')
      if (kind.disposition === 'ignored') expect(kind.reason, kind.kind).toBeDefined()
      if (kind.sample.startsWith('(binary)')) continue
      const [packet, ...more] = decodeAll(feed, kindMessages(feed, kind)).at(-1)?.packets ?? []
      expect(more, kind.kind).toEqual([])
      expect(packet).toMatchObject({ kind: kind.kind, disposition: kind.disposition, index: 0 })
    }
  })

  it('has every kind of its wire on a golden tape', async () => {
    const seen = new Set<string>()
    for (const { packets } of await goldenDecoded(feed)) {
      for (const { dir, kind } of packets) seen.add(`${dir}:${kind}`)
    }
    expect(feed.kinds.map(({ dir, kind }) => `${dir}:${kind}`).filter(kind => !seen.has(kind))).toEqual([])
  })

  it('has every quote field that its wire can express on a golden tape, and no field beyond the list', async () => {
    const seen = new Set<string>()
    for (const { observations } of await goldenDecoded(feed)) {
      for (const observation of [...observations.values()].flat()) {
        if (observation.kind === 'quote') for (const field of Object.keys(observation.fields)) seen.add(field)
      }
    }
    const inexpressible = Object.keys(feed.encode.cannot).join(' ')
    const expected = QUOTE_FIELD_NAMES.filter(
      field => !new RegExp(`^quote ${field}$|quote ${field} `).test(inexpressible),
    )
    expect([...seen].filter(field => !QUOTE_FIELD_NAMES.some(known => known === field))).toEqual([])
    expect(expected.filter(field => !seen.has(field) && !inexpressible.includes(field))).toEqual([])
  })

  it('accounts for each packet once, and for every unit of each message', async () => {
    for (const messages of await goldenConnections(feed)) {
      for (const [place, { packets }] of decodeAll(feed, messages).entries()) {
        const message = messages[place]
        expect(packets.length).toBeGreaterThan(0)
        expect(packets.map(packet => packet.index)).toEqual(packets.map((_, index) => index))
        expect(accountedLength(packets)).toBe(message === undefined ? -1 : lengthOf(message))
      }
    }
  })

  it('decodes a connection to the same again, and nothing of another connection is left in it', async () => {
    for (const messages of await goldenConnections(feed)) {
      expect(decodeAll(feed, messages)).toEqual(decodeAll(feed, messages))
    }
  })

  it('encodes what it decoded to a message that is read as the same again', async () => {
    let count = 0
    for (const decoded of await goldenDecoded(feed)) {
      for (const observations of decoded.observations.values()) {
        const messages = saidMessages(feed, observations)
        if (messages === undefined) continue
        const again = decodeAll(feed, messages).flatMap(one => [...one.observations.values()].flat())
        expect(shown(again)).toEqual(shown(observations))
        count += 1
      }
    }
    expect(count).toBeGreaterThan(5)
  })

  it('recognises a message of its own by its looks, and knows no other wire’s more surely', async () => {
    const texts = (await goldenMessages(feed)).flatMap(message => ('text' in message ? [message.text] : []))
    expect(texts.some(text => feed.recognise(text) !== undefined)).toBe(true)
    for (const text of texts) {
      const certain = FEEDS.filter(other => feedSays(other, text) === 'certain').map(other => other.name)
      if (certain.length > 0) expect(certain, text.slice(0, 200)).toEqual([name])
    }
  })

  it('survives a damaged message: nothing is thrown and every unit is accounted for', async () => {
    const texts = (await goldenMessages(feed)).flatMap(message => ('text' in message ? [message] : []))
    const piece = fc.constantFrom(
      '~',
      '"',
      '}',
      '{',
      '9',
      '\u0000',
      '\ud800',
      '𝛑',
      '~m~',
      '__proto__',
      '1e999',
      '',
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.nat(),
        fc.nat({ max: 40 }),
        piece,
        (message, at, cut, put) => {
          const start = at % (message.text.length + 1)
          const text = message.text.slice(0, start) + put + message.text.slice(start + cut)
          const { packets } = decodeMessage(feed, { ...message, text })
          expect(accountedLength(packets)).toBe(text.length)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
