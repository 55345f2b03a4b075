import { exchangeDrafts, type HttpExchange, type Packet } from '../../../src/feeds/index.ts'
import { createDecoder } from '../../../src/feeds/tradingview-broker-rest/decode.ts'
import { streamOf } from '../../../src/feeds/tradingview-broker-rest/wire.ts'
import { type JsonObject, type Observation, observationToJson } from '../../../src/model/observation.ts'
import type { EntryDraft, Payload } from '../../../src/tape/entry.ts'

export interface Heard {
  readonly packets: readonly Packet[]
  readonly observations: readonly Observation[]
  readonly shown: readonly JsonObject[]
}

/** What came of these entries, all on one connection; what the requests gave is left out. */
export function hearDrafts(drafts: readonly EntryDraft[], keepWire = false): Heard {
  const decoder = createDecoder({ keepWire })
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

export function hear(exchanges: readonly HttpExchange[], keepWire = false): Heard {
  const drafts = exchanges.flatMap((one, index) => {
    return exchangeDrafts(one, { feed: 'tradingview-broker-rest', conn: 1, exchange: index + 1, at: 0 })
  })
  return hearDrafts(drafts, keepWire)
}

export function get(path: string, body: string | object, status = 200): HttpExchange {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    request: { method: 'GET', url: `https://broker.example/${path}`, headers: [] },
    answer: { status, headers: [], body: text },
  }
}

export const chunkOf = (payload: Payload): EntryDraft => {
  return { kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'chunk', ...payload }
}

/** The chunks of a stream, without the packets that stand before them. */
export function hearChunks(chunks: readonly (string | Uint8Array)[], keepWire = false): Heard {
  const head = exchangeDrafts(streamOf([]), { feed: 'tradingview-broker-rest', conn: 1, exchange: 1, at: 0 })
  const drafts = chunks.map(chunk =>
    chunkOf(typeof chunk === 'string' ? { text: chunk } : { base64: Buffer.from(chunk).toString('base64') }),
  )
  const { packets, ...rest } = hearDrafts([...head, ...drafts], keepWire)
  return { ...rest, packets: packets.slice(1) }
}
