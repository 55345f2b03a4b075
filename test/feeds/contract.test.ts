import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Feed, Packet, Sink } from '../../src/feeds/feed.ts'
import { FEEDS, feedNamed, feedOf } from '../../src/feeds/registry.ts'
import { type Observation, observationToJson } from '../../src/model/observation.ts'
import { QUOTE_FIELD_NAMES } from '../../src/model/quote.ts'
import { seededRandom } from '../../src/model/random.ts'
import type { Direction, Entry, Frame } from '../../src/tape/entry.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { discover } from '../../src/verify/index.ts'

interface Decoded {
  readonly packets: Packet[]
  /** Those of each packet, by its index. */
  readonly observations: Map<number, Observation[]>
}

const FILES = ['index', 'wire', 'decode', 'encode', 'session', 'conversation', 'secrets']

function frameOf(text: string, dir: Direction = 'in'): Frame {
  return { kind: 'frame', seq: 1, at: 0, conn: 1, dir, op: 'text', text }
}

function decodeFrame(feed: Feed, frame: Entry, decoder = feed.createDecoder()): Decoded {
  const packets: Packet[] = []
  const observations = new Map<number, Observation[]>()
  const sink: Sink = {
    observe: (observation, index) => {
      observations.set(index, [...(observations.get(index) ?? []), observation])
    },
    packet: packet => packets.push(packet),
  }
  decoder.decode(frame, sink)
  return { packets, observations }
}

async function goldenFrames(feed: Feed): Promise<Frame[]> {
  const frames: Frame[] = []
  for (const { tape } of (await discover(join('fixtures', feed.name))).cases) {
    for await (const entry of await TapeReader.open(tape)) if (entry.kind === 'frame') frames.push(entry)
  }
  return frames
}

/** The message's length by the tape, in the unit that the packets count in. */
function lengthOf(frame: Frame): number {
  if ('text' in frame) return frame.text.length
  const bytes = Buffer.from(frame.base64, 'base64')
  return frame.op === 'text' ? bytes.toString('utf8').length : bytes.length
}

function accountedLength(packets: readonly Packet[]): number {
  return packets.reduce((sum, { payload, framing, stray }) => sum + payload + framing + stray, 0)
}

const shown = (observations: readonly Observation[]): unknown[] => observations.map(observationToJson)

describe('the registry', () => {
  it('finds a feed by its name and by a url of its own, and nothing by another', () => {
    expect(feedNamed('no-such-feed')).toBeUndefined()
    expect(feedOf('https://example.com/')).toBeUndefined()
    expect(feedOf('no url at all')).toBeUndefined()
    for (const feed of FEEDS) {
      expect(feedNamed(feed.name)).toBe(feed)
      expect(feedOf(feed.url)).toBe(feed)
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
      const { packets } = decodeFrame(feed, frameOf(feed.encode.frame([kind.sample]), kind.dir))
      expect(packets).toMatchObject([{ kind: kind.kind, disposition: kind.disposition, index: 0 }])
    }
  })

  it('has every kind of its wire on a golden tape', async () => {
    const seen = new Set<string>()
    for (const frame of await goldenFrames(feed)) {
      for (const { dir, kind } of decodeFrame(feed, frame).packets) seen.add(`${dir}:${kind}`)
    }
    expect(feed.kinds.map(({ dir, kind }) => `${dir}:${kind}`).filter(kind => !seen.has(kind))).toEqual([])
  })

  it('has every quote field that its wire can express on a golden tape, and no field beyond the list', async () => {
    const seen = new Set<string>()
    for (const frame of await goldenFrames(feed)) {
      for (const observation of [...decodeFrame(feed, frame).observations.values()].flat()) {
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
    for (const frame of await goldenFrames(feed)) {
      const { packets } = decodeFrame(feed, frame)
      expect(packets.map(packet => packet.index)).toEqual(packets.map((_, index) => index))
      expect(accountedLength(packets)).toBe(lengthOf(frame))
    }
  })

  it('decodes a connection to the same again, and nothing of another connection is left in it', async () => {
    const frames = await goldenFrames(feed)
    const decodeAll = (): Decoded[] => {
      const decoder = feed.createDecoder()
      return frames.map(frame => decodeFrame(feed, frame, decoder))
    }
    expect(decodeAll()).toEqual(decodeAll())
  })

  it('encodes what it decoded to a message that is read as the same again', async () => {
    let count = 0
    for (const frame of await goldenFrames(feed)) {
      for (const observations of decodeFrame(feed, frame).observations.values()) {
        const text = feed.encode.message(observations)
        if (text === undefined) continue
        const again = [...decodeFrame(feed, frameOf(text)).observations.values()].flat()
        expect(shown(again)).toEqual(shown(observations))
        count += 1
      }
    }
    expect(count).toBeGreaterThan(20)
  })

  it('survives a damaged message: nothing is thrown and every unit is accounted for', async () => {
    const texts = (await goldenFrames(feed)).flatMap(frame => ('text' in frame ? [frame] : []))
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
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat({ max: 40 }), piece, (frame, at, cut, put) => {
        const start = at % (frame.text.length + 1)
        const text = frame.text.slice(0, start) + put + frame.text.slice(start + cut)
        const { packets } = decodeFrame(feed, { ...frame, text })
        expect(accountedLength(packets)).toBe(text.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('finds each credential that its own session sends', () => {
    for (const { key } of feed.session.credentials) {
      const value = `eyJhbGciOiJub25l.${key}Secret0123456789.c2lnbmF0dXJl`
      const credentials = { [key]: value }
      const session = feed.session.start({ symbols: ['X:Y'], credentials, random: seededRandom(1) })
      const sent = session.opened().flatMap(step => (step.kind === 'send' ? [step.text] : []))
      const told = session.opened().flatMap(step => (step.kind === 'note' ? [step.text] : []))
      expect(told.join(), `the notes hold ${key}`).not.toContain(value)
      for (const text of sent.filter(message => message.includes(value))) {
        const found = feed.secrets.find({ kind: 'frame', at: 0, conn: 1, dir: 'out', op: 'text', text })
        expect(found.map(secret => secret.value)).toContain(value)
      }
      const exchange = feed.session.exchange?.(credentials)
      if (exchange === undefined) continue
      const { method, url, headers } = exchange
      const found = feed.secrets.find({
        kind: 'request',
        at: 0,
        conn: 1,
        feed: name,
        exchange: 1,
        method,
        url,
        headers,
      })
      expect(found.map(secret => secret.value)).toContain(value)
    }
  })

  it('asks for the same, whatever ids the client draws, and stays well framed when ids are replaced', () => {
    const texts = [1, 2].map(seed => {
      const session = feed.session.start({ symbols: ['X:Y'], credentials: {}, random: seededRandom(seed) })
      return session.opened().flatMap(step => (step.kind === 'send' ? [step.text] : []))
    })
    const [first = [], second = []] = texts
    expect(first).not.toEqual(second)
    expect(first.flatMap(text => feed.conversation.meanings(text))).toEqual(
      second.flatMap(text => feed.conversation.meanings(text)),
    )
    const ids = new Map(
      [...first.join().matchAll(/[a-z]{2}_[A-Za-z0-9]{12}/g)].map(([id]) => [id, `${id}+longer`]),
    )
    expect(ids.size).toBeGreaterThan(0)
    for (const text of first) {
      const rewritten = feed.conversation.rewrite(text, ids)
      const { packets } = decodeFrame(feed, frameOf(rewritten, 'out'))
      expect(packets.map(packet => packet.disposition)).not.toContain('malformed')
      expect(feed.conversation.meanings(rewritten)).toEqual(feed.conversation.meanings(text))
    }
  })

  it('talks with its own conversation: a client that subscribes is given quotes, and its heartbeats are answered', () => {
    const last = { mantissa: 2565025, scale: 2 }
    const market = {
      quote: (symbol: string) => (symbol === 'X:Y' ? { last } : undefined),
      facts: () => undefined,
    }
    const venue = feed.conversation.start({
      market,
      random: seededRandom(3),
      now: () => 1_766_031_047_000_000,
    })
    const client = feed.session.start({ symbols: ['X:Y', 'NO:PE'], credentials: {}, random: seededRandom(4) })
    const heard: string[] = [...venue.opened()]
    for (const step of client.opened()) if (step.kind === 'send') heard.push(...venue.received(step.text))
    heard.push(...venue.beat(), ...venue.moved('X:Y', { last: { mantissa: 25651, scale: 0 } }))
    const steps = heard.flatMap(text => client.received(text))
    const decoded = heard.flatMap(text => {
      const { packets, observations } = decodeFrame(feed, frameOf(text))
      expect(packets.map(packet => packet.disposition)).not.toContain('unknown')
      expect(packets.map(packet => packet.disposition)).not.toContain('malformed')
      return [...observations.values()].flat()
    })
    const prices = decoded.flatMap(o => (o.kind === 'quote' && o.name === 'X:Y' ? [o.fields.last] : []))
    expect(prices).toContainEqual(last)
    expect(prices.at(-1)).toEqual({ mantissa: 25651, scale: 0 })
    expect(steps.some(step => step.kind === 'accepted')).toBe(true)
    const answers = steps.flatMap(step => (step.kind === 'send' ? [step.text] : []))
    expect(answers.length).toBeGreaterThan(0)
    expect(steps.some(step => step.kind === 'note' && step.text.includes('NO:PE'))).toBe(true)
  })
})
