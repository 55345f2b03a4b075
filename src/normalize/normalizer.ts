import { Buffer } from 'node:buffer'
import type { Decoder, Feed, Packet, Sink } from '../feeds/feed.ts'
import { feedNamed } from '../feeds/registry.ts'
import type { Observation } from '../model/observation.ts'
import type { EpochMicros } from '../model/time.ts'
import type { Entry, Frame, Message, Request } from '../tape/entry.ts'
import { Tally } from './tally.ts'

/** Called in the order of the tape: a packet's observations, then the packet. */
export interface NormalizerEvents {
  observation?(observation: Observation, entry: Message, packetIndex: number): void
  packet?(packet: Packet, entry: Message): void
}

export interface NormalizerOptions {
  /** Keep the wire's own fields with each observation. Slower. */
  readonly keepWire?: boolean
  /** What the user's config teaches a feed, by the feed's name. */
  readonly settings?: ReadonlyMap<string, unknown>
  /** The tape's start. */
  readonly start?: EpochMicros
}

/**
 * One tape's entries to observations: picks each connection's decoder by the feed that its `open` names (for an
 * HTTP feed its first `request`), and keeps the account. Entries of connections that nothing can read are counted,
 * never dropped in silence.
 */
export class Normalizer {
  readonly tally = new Tally()
  readonly #events: NormalizerEvents
  readonly #options: NormalizerOptions
  readonly #decoders = new Map<number, Decoder>()
  /** Connections whose exchanges are the wire itself. */
  readonly #polled = new Set<number>()
  readonly #sink: Sink
  #entry: Message | undefined

  constructor(events: NormalizerEvents = {}, options: NormalizerOptions = {}) {
    this.#events = events
    this.#options = options
    this.#sink = {
      observe: (observation, packetIndex) => {
        if (this.#entry !== undefined) this.#events.observation?.(observation, this.#entry, packetIndex)
      },
      packet: packet => {
        if (this.#entry === undefined) return
        this.tally.add(packet, this.#entry.seq)
        this.#events.packet?.(packet, this.#entry)
      },
    }
  }

  apply(entry: Entry): void {
    switch (entry.kind) {
      case 'frame':
        this.#applyFrame(entry)
        break
      case 'open':
        this.#open(entry.conn, feedNamed(entry.feed))
        break
      case 'request':
        this.#applyRequest(entry)
        break
      case 'response':
        if (this.#polled.has(entry.conn)) this.#decode(entry)
        break
      case 'close':
      case 'fail':
        this.#decoders.delete(entry.conn)
        this.#polled.delete(entry.conn)
        break
      case 'clock':
      case 'lost':
      case 'mark':
      case 'pause':
      case 'resume':
        break
      default:
        entry satisfies never
    }
  }

  #open(conn: number, feed: Feed | undefined): void {
    if (feed === undefined) return
    const { keepWire, settings, start } = this.#options
    const taught = settings?.get(feed.name)
    this.#decoders.set(
      conn,
      feed.createDecoder({
        ...(keepWire === undefined ? {} : { keepWire }),
        ...(taught === undefined ? {} : { settings: taught }),
        ...(start === undefined ? {} : { start }),
      }),
    )
  }

  /** The upgrade of a socket is not the wire, and a login beside it neither. */
  #applyRequest(request: Request): void {
    const feed = feedNamed(request.feed)
    if (feed?.transport !== 'http') return
    if (!this.#polled.has(request.conn)) {
      this.#polled.add(request.conn)
      this.#open(request.conn, feed)
    }
    this.#decode(request)
  }

  #applyFrame(frame: Frame): void {
    if (this.#decoders.has(frame.conn)) {
      this.#decode(frame)
      return
    }
    this.tally.messages += 1
    this.tally.unreadable += 1
  }

  #decode(message: Message): void {
    this.tally.messages += 1
    this.tally.length += lengthOf(message)
    this.#entry = message
    this.#decoders.get(message.conn)?.decode(message, this.#sink)
  }
}

/** In the wire's unit: UTF-16 units of text, bytes of anything else; nothing where no body was kept. */
function lengthOf(message: Message): number {
  if ('text' in message) return message.text.length
  if (!('base64' in message)) return 0
  if (message.kind === 'frame' && message.op === 'text') {
    return Buffer.from(message.base64, 'base64').toString('utf8').length
  }
  return Buffer.byteLength(message.base64, 'base64')
}
