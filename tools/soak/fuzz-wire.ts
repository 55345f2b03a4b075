import type { SocketFeed } from '../../src/feeds/index.ts'
import { observationToJson } from '../../src/model/observation.ts'
import { type Random, randomInteger } from '../../src/model/random.ts'
import type { Entry, Frame, Message } from '../../src/tape/index.ts'
import {
  type Decoded,
  decodeConnection,
  jsonOf,
  wrongWithAccount,
  wrongWithEncoding,
} from './fuzz-account.ts'
import { wrongBehind, wrongWithPnl } from './fuzz-behind.ts'
import type { FeedCorpus } from './fuzz-corpus.ts'
import { hitBytes, hostileJson, isJson, pick, retoldJson, woundedText } from './fuzz-hostile.ts'
import { wrongWithTalk } from './fuzz-talk.ts'

/** A frame, and the payloads of its beginning that are whole. */
interface HostileFrame {
  readonly frame: Frame
  readonly good: readonly string[]
  /** Behind the good ones stands a packet that is framed as it should be. */
  readonly isFramed: boolean
}

/** A connection's frames, most of them hostile, through the decoder and all that stands behind and beside it. */
export async function fuzzWire(
  random: Random,
  feed: SocketFeed,
  corpus: FeedCorpus,
): Promise<string | undefined> {
  const frames = Array.from({ length: randomInteger(random, 1, 4) }, (_, n) =>
    hostileFrame(random, feed, corpus, n + 2),
  )
  const before = random.next() < 0.5 ? pick(random, corpus.connections).slice(-20) : []
  const messages: readonly Message[] = [...before, ...frames.map(({ frame }) => frame)]
  const settings = random.next() < 0.5 ? corpus.settings : undefined
  const wrong =
    wrongWithConnection(feed, messages, settings) ??
    wrongBefore(feed, frames, settings) ??
    wrongWithTalk(
      random,
      feed,
      frames.map(({ frame }) => frame),
    )
  if (wrong !== undefined) return wrong
  const open: Entry = { kind: 'open', seq: 1, at: 0, conn: 1, feed: feed.name, url: feed.url }
  const taught = new Map(settings === undefined ? [] : [[feed.name, settings]])
  const entries = [open, ...frames.map(({ frame }) => frame)]
  return (
    (await wrongBehind(entries, taught)) ??
    (random.next() < 0.1 ? await wrongWithPnl(entries, taught) : undefined)
  )
}

/** Accounted for, the same again, and with the wire's own fields too. */
export function wrongWithConnection(
  feed: FeedCorpus['feed'],
  messages: readonly Message[],
  settings: unknown,
): string | undefined {
  const options = settings === undefined ? {} : { settings }
  const decoded = decodeConnection(feed, messages, options)
  const kept = decodeConnection(feed, messages, { ...options, keepWire: true })
  for (const [place, message] of messages.entries()) {
    for (const one of [decoded[place], kept[place]]) {
      const wrong = one === undefined ? 'not decoded' : wrongWithAccount(message, one)
      if (wrong !== undefined) return `${wrong}: ${shown(message)}`
    }
    const [plain, wired] = [decoded[place], kept[place]]
    if (plain === undefined || wired === undefined) continue
    const unsaid = wrongWithEncoding(feed, plain, settings)
    if (unsaid !== undefined) return unsaid
    if (isTooDeep(wired)) continue
    if (jsonOf(plain.observations.flatMap(plainly)) !== jsonOf(wired.observations.flatMap(plainly)))
      return `keepWire gives other observations: ${shown(message)}`
  }
  const again = decodeConnection(feed, messages, options)
  return jsonOf(decoded) === jsonOf(again) ? undefined : 'the same messages gave something else'
}

/** Keeping the wire's own numbers reads a message in a way that has an end sooner. */
function isTooDeep(wired: Decoded): boolean {
  return wired.packets.some(({ reason = '' }) => reason.includes('too deep'))
}

/** A quote of fields that the model does not have is there for its wire's sake only. */
function plainly([packet, observation]: Decoded['observations'][number]): readonly unknown[] {
  const isEmpty = observation.kind === 'quote' && Object.keys(observation.fields).length === 0
  return isEmpty ? [] : [[packet, observationToJson(observation)]]
}

export function shown(message: Message): string {
  return JSON.stringify(message).slice(0, 600)
}

/** What stands before the damage is read as if there were none, where the wire has packets. */
function wrongBefore(
  feed: SocketFeed,
  frames: readonly HostileFrame[],
  settings: unknown,
): string | undefined {
  const options = settings === undefined ? {} : { settings }
  for (const { frame, good, isFramed } of frames) {
    if (good.length === 0 || !('text' in frame)) continue
    if (!(isFramed ? holdsSeveral(feed) : isDelimited(feed))) continue
    const [whole] = decodeConnection(feed, [frame], options)
    const [alone] = decodeConnection(feed, [{ ...frame, text: feed.encode.frame(good) }], options)
    const before = whole?.observations.filter(([index]) => index < good.length)
    if (jsonOf(before) !== jsonOf(alone?.observations))
      return `packets before the damage gave other observations: ${shown(frame)}`
  }
  return undefined
}

/** Where a message is one JSON, damage behind a packet is damage to it. */
function isDelimited({ encode }: SocketFeed): boolean {
  return encode.frame(['']) !== '' && encode.frame(['a', 'b']) === encode.frame(['a']) + encode.frame(['b'])
}

/** Whether two packets in one message are two, and not one that is malformed. */
function holdsSeveral(feed: SocketFeed): boolean {
  const frame = { kind: 'frame', seq: 1, at: 0, conn: 1, dir: 'in', op: 'text' } as const
  const [decoded] = decodeConnection(feed, [{ ...frame, text: feed.encode.frame(['{}', '{}']) }], {})
  return decoded?.packets.length === 2
}

function hostileFrame(random: Random, feed: SocketFeed, corpus: FeedCorpus, seq: number): HostileFrame {
  const { payloads, texts } = corpus
  const objects = payloads.filter(payload => payload.startsWith('{'))
  const good =
    holdsSeveral(feed) || isDelimited(feed)
      ? Array.from({ length: randomInteger(random, 0, 2) }, () => pick(random, objects))
      : []
  const draw = random.next()
  const dir = random.next() < 0.75 ? 'in' : 'out'
  const base = { kind: 'frame', seq, at: seq, conn: 1, dir } as const
  const payload = hostilePayload(random, objects)
  const isFramed = draw < 0.6 && isJson(payload)
  const head = good.length === 0 ? '' : feed.encode.frame(good)
  const text = isFramed
    ? feed.encode.frame([...good, payload])
    : draw < 0.85
      ? head + woundedText(random, pick(random, texts), pick(random, texts))
      : draw < 0.95
        ? head + feed.encode.frame([woundedText(random, pick(random, payloads), hostileJson(random))])
        : head + woundedText(random, hostileJson(random), pick(random, texts))
  if (random.next() < 0.92) return { frame: { ...base, op: 'text', text }, good, isFramed }
  const op = pick(random, ['text', 'binary', 'ping', 'pong', 'chunk'] as const)
  return { frame: { ...base, op, base64: hitBytes(random, text) }, good: [], isFramed }
}

/** The shapes of known packets, with values and keys that they never had. */
function hostilePayload(random: Random, objects: readonly string[]): string {
  if (random.next() < 0.1) return `{"x":${hostileJson(random)}}`
  return retoldJson(random, pick(random, objects))
}
