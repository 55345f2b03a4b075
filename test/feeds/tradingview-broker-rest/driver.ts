import { exchangeDrafts, type HttpExchange } from '../../../src/feeds/index.ts'
import { tradingviewBrokerRest } from '../../../src/feeds/tradingview-broker-rest/index.ts'
import { streamOf } from '../../../src/feeds/tradingview-broker-rest/wire.ts'
import type { EntryDraft, Payload } from '../../../src/tape/entry.ts'
import { type Heard, hearDrafts, hearExchanges } from '../hear.ts'

export function hear(exchanges: readonly HttpExchange[], keepWire = false): Heard {
  return hearExchanges(tradingviewBrokerRest, exchanges, keepWire)
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
  const { packets, ...rest } = hearDrafts(tradingviewBrokerRest, [...head, ...drafts], keepWire)
  return { ...rest, packets: packets.slice(1) }
}
