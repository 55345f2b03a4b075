import { exchangeDrafts, type HttpExchange, type Packet } from '../../../src/feeds/index.ts'
import { createDecoder } from '../../../src/feeds/tradingview-symbol-search/decode.ts'
import { type JsonObject, type Observation, observationToJson } from '../../../src/model/observation.ts'

export interface Heard {
  readonly packets: readonly Packet[]
  readonly observations: readonly Observation[]
  readonly shown: readonly JsonObject[]
}

/** What came of the answers of these exchanges, all on one connection. */
export function hear(exchanges: readonly HttpExchange[], keepWire = false): Heard {
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
  for (const [index, one] of exchanges.entries()) {
    const place = { feed: 'tradingview-symbol-search', conn: 1, exchange: index + 1, at: 0 }
    for (const draft of exchangeDrafts(one, place)) decoder.decode({ ...draft, seq: 1 }, sink)
  }
  return { packets, observations, shown: observations.map(observationToJson) }
}

export const ADDRESS = 'https://symbol-search.tradingview.com/symbol_search/v3/?text=x&hl=1'

export function search(body: string, status = 200, url = ADDRESS): HttpExchange {
  return { request: { method: 'GET', url, headers: [] }, answer: { status, headers: [], body } }
}

export function found(...rows: readonly unknown[]): HttpExchange {
  return search(JSON.stringify({ symbols_remaining: 0, symbols: rows }))
}
