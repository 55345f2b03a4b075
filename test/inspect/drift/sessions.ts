import { type SocketFeed, socketFeedNamed } from '../../../src/feeds/index.ts'
import { sayableFields } from '../../../src/feeds/tradovate-market-data/write-quote.ts'
import type { Observation } from '../../../src/model/observation.ts'
import type { QuoteFields } from '../../../src/model/quote.ts'
import { type Random, randomAlphanumeric, seededRandom } from '../../../src/model/random.ts'
import { createSyntheticMarket, STEP } from '../../../src/synth/index.ts'
import { type Entry, FORMAT, type Frame, type Header } from '../../../src/tape/entry.ts'
import { Asides, MOOD } from './asides.ts'
import type { Session } from './session.ts'

export const START = '2026-01-05T14:30:00.000000Z'
const START_AT = Date.parse(START) * 1_000

export const SESSION_HEADER: Header = {
  kind: 'header',
  format: FORMAT,
  id: '0'.repeat(32),
  start: START,
  feeds: [],
  generator: { name: 'feedtape-test', version: '0' },
  platform: 'test',
  clock: 'monotonic',
  redaction: 'none',
  synthetic: true,
}

/** Wires that can say what a market does, each in the words of its own encoder. */
export const TRIAL_FEEDS = ['tradingview-socket', 'trade-manager', 'tradovate-market-data'] as const

const SECOND = 1_000_000

/** One synthetic session of a wire: the same seed, the same entries. 60 to 150 s of five instruments. */
export function sessionOf(name: string, seed: number): Session {
  const feed = socketFeedNamed(name)
  if (feed === undefined) throw new Error(`no such feed: ${name}`)
  const random = seededRandom(seed)
  const market = createSyntheticMarket({ seed, start: START_AT })
  const session = `qs_${randomAlphanumeric(random, 12)}`
  const length = (60 + Math.floor(random.next() * 90)) * SECOND
  const script = new Script(feed)
  const hello = feed.kinds.find(({ kind, dir }) => dir === 'in' && (kind === 'hello' || kind === 'open'))
  if (hello !== undefined) script.say(0, feed.encode.frame([hello.sample]))
  const aside = new Aside(feed, random)
  const quote = (at: number, name: string, fields: QuoteFields): void => {
    const said = DIALECTS[feed.name]?.(session, market.names.indexOf(name), name, fields, START_AT + at)
    if (said !== undefined) script.observe(at, [said], payload => aside.beside(payload))
  }
  for (const name of market.names) quote(10_000, name, market.quote(name) ?? {})
  const beat = feed.kinds.find(({ kind, dir }) => dir === 'in' && kind === 'heartbeat')
  for (let at = STEP; at < length; at += STEP) {
    if (at % MOOD === 0) aside.turn()
    if (beat !== undefined && at % (10 * SECOND) === 0) script.say(at, feed.encode.frame([beat.sample]))
    for (const { name, fields } of market.step()) {
      if (random.next() < aside.mood * 0.6) quote(at + jitter(random), name, fields)
    }
  }
  return { feed, header: SESSION_HEADER, entries: script.entries() }
}

type Dialect = (session: string, index: number, name: string, fields: QuoteFields, at: number) => Observation

/** What each wire has words for. */
const DIALECTS: Readonly<Record<string, Dialect>> = {
  'tradingview-socket': (session, _, name, fields) => ({ kind: 'quote', session, name, fields }),
  'trade-manager': (_session, _index, name, { bid, ask }) => ({
    kind: 'quote',
    session: '',
    name,
    fields: { ...(bid === undefined ? {} : { bid }), ...(ask === undefined ? {} : { ask }) },
  }),
  'tradovate-market-data': (_session, index, _name, fields, at) => ({
    kind: 'quote',
    session: '',
    name: String(3_267_315 + index),
    // Whole milliseconds, as it writes them.
    fields: sayableFields(fields, at - (at % 1_000)),
  }),
}

function jitter(random: Random): number {
  return Math.floor(random.next() * 30_000)
}

/** Where each wire has room for what nobody reads. */
const ROOM: Readonly<Record<string, RegExp>> = {
  'tradingview-socket': /"v":\{/,
  'trade-manager': /"data": \{/,
  'tradovate-market-data': /"entries":\{/,
}

/** Beside what is read, in the room that the wire has for it. */
class Aside {
  readonly #asides: Asides
  readonly #feed: SocketFeed

  constructor(feed: SocketFeed, random: Random) {
    this.#feed = feed
    this.#asides = new Asides(random)
  }

  get mood(): number {
    return this.#asides.mood
  }

  turn(): void {
    this.#asides.turn()
  }

  beside(message: string): string {
    const members = JSON.stringify(this.#asides.members()).slice(1, -1)
    const room = ROOM[this.#feed.name] ?? /$^/
    const payload = message.replace(/^(?:~m~\d+~m~|a\[)/, '').replace(/\]$/, '')
    const changed = payload.replace(room, start => `${start}${members},`)
    return this.#feed.encode.frame([changed.replace(',}', '}')])
  }
}

class Script {
  readonly #feed: SocketFeed
  readonly #frames: { readonly at: number; readonly text: string }[] = []

  constructor(feed: SocketFeed) {
    this.#feed = feed
  }

  observe(at: number, observations: readonly Observation[], change: (text: string) => string): void {
    const text = this.#feed.encode.message(observations)
    if (text !== undefined) this.say(at, change(text))
  }

  say(at: number, text: string): void {
    this.#frames.push({ at, text })
  }

  entries(): readonly Entry[] {
    const open: Entry = {
      kind: 'open',
      seq: 1,
      at: 0,
      conn: 1,
      feed: this.#feed.name,
      url: 'ws://127.0.0.1/',
    }
    const frames = this.#frames.toSorted((a, b) => a.at - b.at)
    return [
      open,
      ...frames.map(
        ({ at, text }, index): Frame => ({
          kind: 'frame',
          seq: index + 2,
          at,
          conn: 1,
          dir: 'in',
          op: 'text',
          text,
        }),
      ),
    ]
  }
}
