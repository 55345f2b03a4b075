import type { Packet } from '../../feeds/feed.ts'
import type { Observation } from '../../model/observation.ts'
import { epochMicrosFromIso } from '../../model/time.ts'
import { Normalizer } from '../../normalize/index.ts'
import type { Entry, Header, Message } from '../../tape/entry.ts'
import { endOf, type PacketText, packetText } from './packet-json.ts'

export interface ReadPacket {
  readonly packet: Packet
  readonly body: PacketText
  readonly observations: readonly Observation[]
}

export interface ReadMessage {
  readonly feed: string
  readonly message: Message
  readonly packets: readonly ReadPacket[]
}

export type FeedSettings = ReadonlyMap<string, unknown>

/** One tape's entries to packets with their own text and what was read in them. */
export class PacketReading {
  readonly #normalizer: Normalizer
  readonly #feeds = new Map<number, string>()
  #packets: Packet[] = []
  #observations: (readonly [index: number, observation: Observation])[] = []

  constructor({ start }: Header, settings?: FeedSettings) {
    const startAt = epochMicrosFromIso(start)
    this.#normalizer = new Normalizer(
      {
        packet: packet => this.#packets.push(packet),
        observation: (observation, _, index) => this.#observations.push([index, observation]),
      },
      {
        ...(startAt === undefined ? {} : { start: startAt }),
        ...(settings === undefined ? {} : { settings }),
      },
    )
  }

  /** `undefined` for what is no message of a known feed. */
  apply(entry: Entry): ReadMessage | undefined {
    if (entry.kind === 'open' || entry.kind === 'request') this.#feeds.set(entry.conn, entry.feed)
    this.#packets = []
    this.#observations = []
    this.#normalizer.apply(entry)
    const isMessage = entry.kind === 'frame' || entry.kind === 'request' || entry.kind === 'response'
    if (!isMessage || this.#packets.length === 0) return undefined
    return { feed: this.#feeds.get(entry.conn) ?? '', message: entry, packets: this.#read(entry) }
  }

  #read(message: Message): readonly ReadPacket[] {
    const text = 'text' in message ? message.text : undefined
    let start = 0
    return this.#packets.map(packet => {
      const body = text === undefined ? NO_TEXT : packetText(text, start, packet)
      start = endOf(start, packet)
      const observations = this.#observations.flatMap(([index, one]) => (index === packet.index ? [one] : []))
      return { packet, body, observations }
    })
  }
}

const NO_TEXT: PacketText = { text: '', value: undefined }
