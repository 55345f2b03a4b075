import { exchangeDrafts, type HttpExchange, type HttpFeed, type Packet } from '../../src/feeds/index.ts'
import { type JsonObject, type Observation, observationToJson } from '../../src/model/observation.ts'
import type { EntryDraft } from '../../src/tape/entry.ts'

/** What came of a venue's answers, all on one connection; what the requests gave is left out. */
export interface Heard {
  readonly packets: readonly Packet[]
  readonly observations: readonly Observation[]
  readonly shown: readonly JsonObject[]
}

export function hearDrafts(feed: HttpFeed, drafts: readonly EntryDraft[], keepWire = false): Heard {
  const decoder = feed.createDecoder({ keepWire })
  const packets: Packet[] = []
  const observations: Observation[] = []
  const sink = {
    observe: (observation: Observation) => {
      observations.push(observation)
    },
    packet: (packet: Packet) => {
      if (packet.dir === 'in') packets.push(packet)
    },
  }
  for (const draft of drafts) decoder.decode({ ...draft, seq: 1 }, sink)
  return { packets, observations, shown: observations.map(observationToJson) }
}

export function hearExchanges(feed: HttpFeed, exchanges: readonly HttpExchange[], keepWire = false): Heard {
  const drafts = exchanges.flatMap((one, index) => {
    return exchangeDrafts(one, { feed: feed.name, conn: 1, exchange: index + 1, at: 0 })
  })
  return hearDrafts(feed, drafts, keepWire)
}
