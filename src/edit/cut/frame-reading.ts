import type { Packet } from '../../feeds/feed.ts'
import type { Observation } from '../../model/observation.ts'
import { Normalizer } from '../../normalize/index.ts'
import type { Entry } from '../../tape/entry.ts'
import type { ReadFrame } from './selection.ts'

/** Entries to messages with all that was read in them; `undefined` for what is none: an upgrade is no message. */
export class FrameReading {
  #packets: Packet[] = []
  #observations: Observation[] = []
  readonly #normalizer = new Normalizer({
    packet: packet => this.#packets.push(packet),
    observation: observation => this.#observations.push(observation),
  })

  apply(entry: Entry): ReadFrame | undefined {
    this.#packets = []
    this.#observations = []
    this.#normalizer.apply(entry)
    const isExchange = entry.kind === 'request' || entry.kind === 'response'
    if (entry.kind !== 'frame' && !(isExchange && this.#packets.length > 0)) return undefined
    return { frame: entry, packets: this.#packets, observations: this.#observations }
  }
}
