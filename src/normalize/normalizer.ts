import { Buffer } from 'node:buffer'
import type { Decoder, DecoderOptions, Feed, Packet, Sink } from '../feeds/feed.ts'
import { feedNamed } from '../feeds/registry.ts'
import type { Observation } from '../model/observation.ts'
import type { Entry, Frame, Open } from '../tape/entry.ts'
import { Tally } from './tally.ts'

/** Called in the order of the tape: a packet's observations, then the packet. */
export interface NormalizerEvents {
  observation?(observation: Observation, entry: Frame, packetIndex: number): void
  packet?(packet: Packet, entry: Frame): void
}

/**
 * One tape's entries to observations: picks each connection's decoder by the feed that its `open` names, and
 * keeps the account. Entries of connections that nothing can read are counted, never dropped in silence.
 */
export class Normalizer {
  readonly tally = new Tally()
  readonly #events: NormalizerEvents
  readonly #options: DecoderOptions
  readonly #decoders = new Map<number, Decoder>()
  readonly #sink: Sink
  #entry: Frame | undefined

  constructor(events: NormalizerEvents = {}, options: DecoderOptions = {}) {
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
    if (entry.kind === 'frame') this.#applyFrame(entry)
    else if (entry.kind === 'open') this.#open(entry)
    else if (entry.kind === 'close') this.#decoders.delete(entry.conn)
  }

  #open(open: Open): void {
    const feed: Feed | undefined = feedNamed(open.feed)
    if (feed !== undefined) this.#decoders.set(open.conn, feed.createDecoder(this.#options))
  }

  #applyFrame(frame: Frame): void {
    this.tally.messages += 1
    const decoder = this.#decoders.get(frame.conn)
    if (decoder === undefined) {
      this.tally.unreadable += 1
      return
    }
    this.tally.length += lengthOf(frame)
    this.#entry = frame
    decoder.decode(frame, this.#sink)
  }
}

/** In the wire's unit: UTF-16 units of text, bytes of anything else. */
function lengthOf(frame: Frame): number {
  if ('text' in frame) return frame.text.length
  if (frame.op === 'text') return Buffer.from(frame.base64, 'base64').toString('utf8').length
  return Buffer.byteLength(frame.base64, 'base64')
}
