import { FEEDS, type Feed, type Packet } from '../../src/feeds/index.ts'
import { Identities } from '../../src/instruments/index.ts'
import { decimalText } from '../../src/model/decimal.ts'
import { FeedtapeError } from '../../src/model/errors.ts'
import type { Observation } from '../../src/model/observation.ts'
import { type Random, randomInteger, seededRandom } from '../../src/model/random.ts'
import { Normalizer, observationLine, QuoteBook, tallyLine } from '../../src/normalize/index.ts'
import { parseMarkChain, readPositions, replayToLines } from '../../src/pnl/index.ts'
import { quoteJson } from '../../src/report/quotes.ts'
import type { Entry, Frame, Header } from '../../src/tape/index.ts'
import type { Corpus } from './fuzz-corpus.ts'
import { hostileJson, NAMES, pick, woundedText } from './fuzz-hostile.ts'

/** A connection's frames, some of them hostile, through every decoder and all that stands behind it. */
export async function fuzzWire(random: Random, corpus: Corpus): Promise<string | undefined> {
  const feed = pick(random, FEEDS)
  const entries: Entry[] = [{ kind: 'open', seq: 1, at: 0, conn: 1, feed: feed.name, url: feed.url }]
  for (let count = randomInteger(random, 1, 4); count > 0; count--) {
    const seq = entries.length + 1
    const { frame, good } = hostileFrame(random, feed, corpus, seq)
    entries.push(frame)
    const wrong = wrongWithFrame(feed, frame, good) ?? listeners(feed, frame)
    if (wrong !== undefined) return wrong
  }
  return (await wrongBehind(entries)) ?? (random.next() < 0.1 ? await wrongWithPnl(entries) : undefined)
}

/** A frame, and the payloads of its beginning that are whole. */
function hostileFrame(random: Random, feed: Feed, { texts }: Corpus, seq: number) {
  const good = Array.from({ length: randomInteger(random, 0, 2) }, () => pick(random, corpusPayloads(feed)))
  const head = good.length === 0 ? '' : feed.encode.frame(good)
  const draw = random.next()
  const tail =
    draw < 0.4
      ? woundedText(random, pick(random, texts), pick(random, texts))
      : draw < 0.75
        ? feed.encode.frame([hostilePayload(random)])
        : draw < 0.9
          ? feed.encode.frame([woundedText(random, pick(random, corpusPayloads(feed)), hostileJson(random))])
          : woundedText(random, hostileJson(random), pick(random, texts))
  const dir = random.next() < 0.75 ? 'in' : 'out'
  const base = { kind: 'frame', seq, at: seq, conn: 1, dir } as const
  const text = head + tail
  if (random.next() < 0.92) return { frame: { ...base, op: 'text', text } satisfies Frame, good }
  const op = pick(random, ['text', 'binary', 'ping', 'pong', 'chunk'] as const)
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > 0) bytes[randomInteger(random, 0, bytes.length - 1)] = randomInteger(random, 0, 255)
  // A hit anywhere: nothing of it is known to be whole.
  return { frame: { ...base, op, base64: bytes.toString('base64') } satisfies Frame, good: [] }
}

function corpusPayloads(feed: Feed): readonly string[] {
  return feed.kinds.map(({ sample }) => sample).filter(sample => !sample.startsWith('(binary)'))
}

/** The shapes of known packets, with values that they never had. */
function hostilePayload(random: Random): string {
  const j = (depth?: number): string => hostileJson(random, depth)
  const name = JSON.stringify(pick(random, NAMES))
  switch (randomInteger(random, 0, 6)) {
    case 0:
      return j()
    case 1:
      return `{"m":"qsd","p":["qs_a",{"n":${name},"s":"ok","v":{"lp":${j(1)},"lp_time":${j(0)},"bid":${j(0)},"volume":${j(0)}}}]}`
    case 2:
      return `{"m":"qsd","p":["qs_a",{"n":${name},"s":"ok","v":{"trade":${j()},"minute-bar":${j()},"pointvalue":${j(1)},${j(0).startsWith('"') ? '"__proto__"' : '"lp"'}:${j()}}}]}`
    case 3:
      return `{"m":${pick(random, ['"qsd"', '"symbol_resolved"', '"critical_error"', '"resolve_symbol"', j(0)])},"p":${j()}}`
    case 4:
      return `{"m":"symbol_resolved","p":["cs_a",${j(1)},{"pro_name":${name},"pricescale":${j(1)},"minmov":${j(0)}}]}`
    case 5:
      return `{"m":"protocol_error","p":[${j()},${j()}]}`
    default:
      return `{"m":"resolve_symbol","p":[${j(1)},${j(1)},${name}]}`
  }
}

function decoded(feed: Feed, frame: Frame, keepWire: boolean) {
  const packets: Packet[] = []
  const observations: (readonly [packet: number, observation: Observation])[] = []
  feed.createDecoder({ keepWire }).decode(frame, {
    observe: (observation, index) => observations.push([index, observation]),
    packet: packet => packets.push(packet),
  })
  return { packets, observations }
}

/** Each packet accounted for, each unit counted, and what stands before the damage read as if there were none. */
function wrongWithFrame(feed: Feed, frame: Frame, good: readonly string[]): string | undefined {
  const { packets, observations } = decoded(feed, frame, false)
  if (packets.some(({ index }, place) => index !== place)) return 'packets are not numbered in order'
  const sum = packets.reduce((all, { payload, framing, stray }) => all + payload + framing + stray, 0)
  const length = lengthOf(frame)
  if (sum !== length) return `lengths add up to ${sum}, not ${length}`
  for (const [, observation] of observations) {
    const wrong = wrongWithDecimals(observation)
    if (wrong !== undefined) return wrong
  }
  decoded(feed, frame, true)
  if (good.length === 0 || !('text' in frame)) return undefined
  const alone = decoded(feed, { ...frame, text: feed.encode.frame(good) }, false)
  const before = observations.filter(([index]) => index < good.length)
  const isSame = jsonOf(before) === jsonOf(alone.observations)
  return isSame ? undefined : 'packets before the damage gave other observations'
}

function lengthOf(frame: Frame): number {
  if ('text' in frame) return frame.text.length
  const bytes = Buffer.from(frame.base64, 'base64')
  return frame.op === 'text' ? bytes.toString('utf8').length : bytes.length
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one))
}

/** In lowest terms, safe where it is a number, at most 400 digits behind the point. */
function wrongWithDecimals(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!('mantissa' in value && 'scale' in value)) {
    for (const one of Object.values(value)) {
      const wrong = wrongWithDecimals(one)
      if (wrong !== undefined) return wrong
    }
    return undefined
  }
  const { mantissa, scale } = value
  const isSafe = typeof mantissa === 'bigint' || Number.isSafeInteger(mantissa)
  const isScale = Number.isInteger(scale) && Number(scale) >= 0 && Number(scale) <= 400
  return isSafe && isScale ? undefined : `no decimal: ${String(mantissa)} e-${String(scale)}`
}

/** Whoever else reads a wire: secrets, subscriptions, our client and our venue. */
function listeners(feed: Feed, frame: Frame): undefined {
  const { seq: _, ...draft } = frame
  feed.secrets.find(draft)
  if (!('text' in frame)) return
  feed.subscriptions?.(frame.text)
  feed.conversation.meanings(frame.text)
  feed.conversation.rewrite(frame.text, new Map([['qs_a', 'qs_b']]))
  const random = seededRandom(1)
  feed.session.start({ symbols: ['X:Y'], credentials: {}, random }).received(frame.text)
  const market = { quote: () => undefined, facts: () => undefined }
  feed.conversation.start({ market, random, now: () => 0 }).received(frame.text)
}

/** Behind the decoder: the account, quotes, and the lines that are printed of them. */
async function wrongBehind(entries: readonly Entry[]): Promise<string | undefined> {
  const identities = new Identities((bare, name) => book.rename(bare, name))
  const book = new QuoteBook(name => identities.canonical(name))
  const normalizer = new Normalizer({
    observation(observation, entry, packet) {
      JSON.stringify(observationLine(observation, entry, packet, entry.at))
      if (observation.kind !== 'quote') return
      const receipt = { at: entry.at, seq: entry.seq, packet }
      book.apply(observation, receipt, entry.conn)
    },
  })
  for (const entry of entries) normalizer.apply(entry)
  for (const quote of book.quotes()) {
    JSON.stringify(quoteJson(quote))
    const { price } = quote.group('last') ?? {}
    if (price !== undefined && price !== null) decimalText(price)
  }
  JSON.stringify(tallyLine(normalizer.tally))
  return normalizer.tally.addsUp() ? undefined : 'the tally does not add up'
}

const HEADER: Header = {
  kind: 'header',
  format: 'feedtape/1',
  id: '0'.repeat(32),
  start: '2026-03-02T15:00:00.000000Z',
  feeds: ['tradingview-socket'],
  generator: { name: 'feedtape fuzz', version: '1' },
  platform: 'any',
  clock: 'none',
  redaction: 'none',
  synthetic: true,
}
const POSITIONS = readPositions(
  ['CME_MINI:NQ1!', 'NQ1!', '__proto__', 'X:Y']
    .map((instrument, n) =>
      JSON.stringify({ instrument, side: n % 2 ? 'sell' : 'buy', quantity: '1', price: '2.5' }),
    )
    .join('\n'),
  'fuzz.positions.jsonl',
)
const OPTIONS = { chain: parseMarkChain('exit-side,last'), staleAfter: 60_000_000 }

/** P&L over entries in memory; an ambiguous name is an honest answer. */
export async function wrongWithPnl(entries: readonly Entry[]): Promise<string | undefined> {
  let next = 0
  const source = { header: HEADER, seal: undefined, next: () => entries[next++], fill: async () => false }
  try {
    await replayToLines([source], POSITIONS, OPTIONS, () => {})
  } catch (thrown) {
    if (!(thrown instanceof FeedtapeError && thrown.code === 'ambiguous')) throw thrown
  }
  return undefined
}
