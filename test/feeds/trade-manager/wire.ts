import type { Packet } from '../../../src/feeds/packet.ts'
import { createDecoder } from '../../../src/feeds/trade-manager/decode.ts'
import { type Decimal, decimalFromText } from '../../../src/model/decimal.ts'
import type { Observation } from '../../../src/model/observation.ts'
import type { Direction } from '../../../src/tape/entry.ts'

export function decimal(text: string): Decimal {
  const value = decimalFromText(text)
  if (value === undefined) throw new RangeError(`no decimal: ${text}`)
  return value
}

export interface Read {
  readonly packet: Packet
  readonly observations: readonly Observation[]
}

export interface ReadOptions {
  readonly dir?: Direction
  readonly settings?: unknown
  readonly keepWire?: boolean
}

/** One message, read by a decoder of its own. */
export function read(text: string, { dir = 'in', ...options }: ReadOptions = {}): Read {
  const observations: Observation[] = []
  const packets: Packet[] = []
  createDecoder(options).decode(
    { kind: 'frame', seq: 1, at: 0, conn: 1, dir, op: 'text', text },
    { observe: observation => observations.push(observation), packet: packet => packets.push(packet) },
  )
  const [packet, ...more] = packets
  if (packet === undefined || more.length > 0) throw new Error('one message is one packet')
  return { packet, observations }
}

/** The signals of a LOGS with this text. */
export function signalsOf(data: string, settings?: unknown) {
  const { observations } = read(JSON.stringify({ type: 'LOGS', data }), { settings })
  return observations.filter(observation => observation.kind === 'signal')
}

export const OPEN_LINE =
  '📊 [RECORDER] OPEN — Strategy: **SYN-15SV**, Ticker: **NQ1!**, Timeframe: **15** — **1 BUY** at **24958.5**'
