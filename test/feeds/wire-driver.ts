import { join } from 'node:path'
import {
  type Decoder,
  exchangeDrafts,
  type Feed,
  type MessageKind,
  type Packet,
  type Sink,
} from '../../src/feeds/index.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { Direction, Entry, EntryDraft, Frame, Message } from '../../src/tape/entry.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { discover } from '../../src/verify/index.ts'

/** What one message gave. */
export interface Decoded {
  readonly packets: Packet[]
  /** Those of each packet, by its index. */
  readonly observations: Map<number, Observation[]>
}

export function frameOf(text: string, dir: Direction = 'in'): Frame {
  return { kind: 'frame', seq: 1, at: 0, conn: 1, dir, op: 'text', text }
}

/** Under the settings of its samples, where it has such: a wire that the user's config has to explain. */
export function decoderOf(feed: Feed): Decoder {
  const settings = feed.settings?.example
  return feed.createDecoder(settings === undefined ? {} : { settings })
}

export function decodeMessage(feed: Feed, message: Entry, decoder = decoderOf(feed)): Decoded {
  const packets: Packet[] = []
  const observations = new Map<number, Observation[]>()
  const sink: Sink = {
    observe: (observation, index) => {
      observations.set(index, [...(observations.get(index) ?? []), observation])
    },
    packet: packet => packets.push(packet),
  }
  decoder.decode(message, sink)
  return { packets, observations }
}

/** A connection's messages, each by the same decoder. */
export function decodeAll(feed: Feed, messages: readonly Message[]): readonly Decoded[] {
  const decoder = decoderOf(feed)
  return messages.map(message => decodeMessage(feed, message, decoder))
}

/** The messages whose last carries a kind's sample. */
export function kindMessages(feed: Feed, kind: MessageKind): readonly Message[] {
  if (feed.transport === 'websocket') {
    const said = frameOf(feed.encode.frame([kind.sample]), kind.dir)
    if (kind.behind === undefined) return [said]
    return [frameOf(feed.encode.frame([kind.behind]), kind.dir === 'in' ? 'out' : 'in'), said]
  }
  return numbered(exchangeDrafts(feed.encode.carry(kind), { feed: feed.name, conn: 1, exchange: 1, at: 0 }))
}

/** The messages by which a venue would say this. */
export function saidMessages(
  feed: Feed,
  observations: readonly Observation[],
): readonly Message[] | undefined {
  if (feed.transport === 'websocket') {
    const text = feed.encode.message(observations)
    return text === undefined ? undefined : [frameOf(text)]
  }
  const said = feed.encode.message(observations)
  const place = { feed: feed.name, conn: 1, exchange: 1, at: 0 }
  return said === undefined ? undefined : numbered(exchangeDrafts(said, place))
}

function numbered(drafts: readonly EntryDraft[]): readonly Message[] {
  return drafts.flatMap((draft, index) => {
    const entry = { ...draft, seq: index + 1 }
    return isMessage(entry) ? [entry] : []
  })
}

function isMessage(entry: Entry): entry is Message {
  return entry.kind === 'frame' || entry.kind === 'request' || entry.kind === 'response'
}

/** The messages of the feed's golden tapes, by tape and connection; a socket's upgrade is none. */
export async function goldenConnections(feed: Feed): Promise<readonly (readonly Message[])[]> {
  const connections: Message[][] = []
  for (const { tape } of (await discover(join('fixtures', feed.name))).cases) {
    const byConn = new Map<number, Message[]>()
    for await (const entry of await TapeReader.open(tape)) {
      if (!isMessage(entry) || (feed.transport === 'websocket' && entry.kind !== 'frame')) continue
      const messages = byConn.get(entry.conn)
      if (messages === undefined) byConn.set(entry.conn, [entry])
      else messages.push(entry)
    }
    connections.push(...byConn.values())
  }
  return connections
}

export async function goldenMessages(feed: Feed): Promise<readonly Message[]> {
  return (await goldenConnections(feed)).flat()
}

/** The message's length by the tape, in the unit that the packets count in. */
export function lengthOf(message: Message): number {
  if ('text' in message) return message.text.length
  if (!('base64' in message)) return 0
  const bytes = Buffer.from(message.base64, 'base64')
  return message.kind === 'frame' && message.op === 'text' ? bytes.toString('utf8').length : bytes.length
}

export function accountedLength(packets: readonly Packet[]): number {
  return packets.reduce((sum, { payload, framing, stray }) => sum + payload + framing + stray, 0)
}
