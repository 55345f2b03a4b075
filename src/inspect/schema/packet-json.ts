import { parseKeepingText } from '../../feeds/numbers.ts'
import type { Packet } from '../../feeds/packet.ts'

/** A number as the wire wrote it; JSON.stringify writes it so again. */
export interface RawNumber {
  readonly rawJSON: string
}

/** JSON.parse makes no object without a prototype, JSON.rawJSON does. */
export function isRawNumber(value: unknown): value is RawNumber {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null
}

export function significantDigitsOf(text: string): number {
  const [mantissa = ''] = text.split(/[eE]/)
  return mantissa.includes('.') ? mantissa.replace(/^-?[0.]*|\./g, '').length : 0
}

/** So many digits behind a point are worth a second look: four times the parse. */
const LONG = /\.\d{13}/

export interface PacketText {
  readonly text: string
  /** `undefined` where it is no JSON. */
  readonly value: unknown
}

/**
 * A packet's own text. What stands around it is on either side (`~m~54~m~`, `a[`, `,`, `]`), and only a packet's
 * lengths are known: it is where its JSON can be read.
 */
export function packetText(message: string, start: number, packet: Packet): PacketText {
  const { payload, framing } = packet
  const behind = message.slice(start + framing, start + framing + payload)
  const value = parsedJson(behind)
  if (value !== undefined || framing === 0) return { text: behind, value }
  for (let before = 0; before < Math.min(framing, MOST_FRAMING); before += 1) {
    const text = message.slice(start + before, start + before + payload)
    const other = parsedJson(text)
    if (other !== undefined) return { text, value: other }
  }
  return { text: behind, value: undefined }
}

const MOST_FRAMING = 32

/** Where the next packet of the message begins. */
export function endOf(start: number, { payload, framing, stray }: Packet): number {
  return start + payload + framing + stray
}

export function parsedJson(text: string): unknown {
  if (!isPromising(text.trim())) return undefined
  try {
    return LONG.test(text) ? parseKeepingText(text) : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A try that fails costs as much as ten that do not. */
function isPromising(text: string): boolean {
  const first = text.charAt(0)
  if (first === '{') return text.endsWith('}')
  if (first === '[') return text.endsWith(']')
  return first === '"' ? text.endsWith('"') && text.length > 1 : /^-?\d[\d.eE+-]*$/.test(text)
}
