import { excerpt } from '../../model/errors.ts'
import type { Entry } from '../../tape/entry.ts'
import type { Decoder, DecoderOptions, Packet, Sink } from '../feed.ts'
import { createSocketDecoder } from '../tradovate/decode.ts'
import { ENDPOINTS } from './endpoints.ts'
import { type ExportReading, ExportRows } from './export-rows.ts'
import { userItems } from './items.ts'

/** What the two sockets have in common is tradovate/'s; what is pushed here is in items.ts, an export's rows in export-rows.ts. */
export function createDecoder(options: DecoderOptions = {}): Decoder {
  const socket = createSocketDecoder({ ...options, endpoints: ENDPOINTS, readers: userItems() })
  const rows = new ExportRows(options.keepWire === true)
  return {
    decode(entry: Entry, sink: Sink): void {
      const text = textFrom(entry)
      const reading = text === undefined ? undefined : rows.read(text)
      if (text === undefined || reading === undefined) {
        socket.decode(entry, sink)
        return
      }
      for (const observation of reading.observations) sink.observe(observation, 0)
      sink.packet(packetOf(text, reading))
    },
  }
}

function textFrom(entry: Entry): string | undefined {
  const isRow = entry.kind === 'frame' && entry.dir === 'in' && entry.op === 'text' && 'text' in entry
  return isRow ? entry.text : undefined
}

const SAMPLE = 200

function packetOf(text: string, { observations: _, payload, ...finding }: ExportReading): Packet {
  return {
    dir: 'in',
    index: 0,
    ...finding,
    payload,
    framing: text.length - payload,
    stray: 0,
    ...(finding.disposition === 'malformed' ? { sample: excerpt(text.slice(0, payload), SAMPLE) } : {}),
  }
}
