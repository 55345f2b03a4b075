import { exchangeDrafts, type HttpExchange, type Packet } from '../../../src/feeds/index.ts'
import { createDecoder } from '../../../src/feeds/tradingview-scanner/decode.ts'
import { type JsonObject, type Observation, observationToJson } from '../../../src/model/observation.ts'

/** What came of the answers of these exchanges, all on one connection; what the requests gave is left out. */
export interface Heard {
  readonly packets: readonly Packet[]
  readonly observations: readonly Observation[]
  readonly shown: readonly JsonObject[]
}

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
    const place = { feed: 'tradingview-scanner', conn: 1, exchange: index + 1, at: 0 }
    for (const draft of exchangeDrafts(one, place)) decoder.decode({ ...draft, seq: 1 }, sink)
  }
  return { packets, observations, shown: observations.map(observationToJson) }
}

export function scan(
  tickers: readonly string[],
  columns: readonly string[],
  body: string,
  { status = 200, market = 'futures' } = {},
): HttpExchange {
  return {
    request: {
      method: 'POST',
      url: `https://scanner.tradingview.com/${market}/scan`,
      headers: [],
      body: JSON.stringify({ symbols: { tickers }, columns }),
    },
    answer: { status, headers: [], body },
  }
}

export function symbol(query: string, body: string, status = 200): HttpExchange {
  return {
    request: { method: 'GET', url: `https://scanner.tradingview.com/symbol?${query}`, headers: [] },
    answer: { status, headers: [], body },
  }
}
