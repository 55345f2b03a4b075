import { isDeepStrictEqual } from 'node:util'
import {
  type Decoder,
  type DecoderOptions,
  DISPOSITIONS,
  exchangeDrafts,
  type Feed,
  type Packet,
} from '../../src/feeds/index.ts'
import { type Observation, observationToJson } from '../../src/model/observation.ts'
import { QUOTE_FIELD_NAMES } from '../../src/model/quote.ts'
import type { EntryDraft, Message } from '../../src/tape/index.ts'

/** What one message gave: observations with the place of their packet. */
export interface Decoded {
  readonly packets: readonly Packet[]
  readonly observations: readonly (readonly [packet: number, observation: Observation])[]
}

export function decodeConnection(
  feed: Feed,
  messages: readonly Message[],
  options: DecoderOptions,
): readonly Decoded[] {
  const decoder = feed.createDecoder(options)
  return messages.map(message => decodeMessage(decoder, message))
}

function decodeMessage(decoder: Decoder, message: Message): Decoded {
  const packets: Packet[] = []
  const observations: (readonly [number, Observation])[] = []
  decoder.decode(message, {
    observe: (observation, index) => observations.push([index, observation]),
    packet: packet => packets.push(packet),
  })
  return { packets, observations }
}

/** What a venue would say of these observations is read as these again; what it cannot say, it does not. */
export function wrongWithEncoding(
  feed: Feed,
  { observations }: Decoded,
  settings: unknown,
): string | undefined {
  const said = observations.map(([, observation]) => observation)
  const isWired = said.some(one => one.kind === 'quote' && Object.keys(one.fields).length === 0)
  const messages = said.length === 0 || isWired ? undefined : messagesFor(feed, said)
  if (messages === undefined) return undefined
  const options = settings === undefined ? {} : { settings }
  const again = decodeConnection(feed, messages, options).flatMap(one => one.observations)
  const [before, after] = [said, again.map(([, one]) => one)].map(list => list.map(observationToJson))
  // What is read has up to 400 digits, and is sometimes written with one more: 1e400, Python’s `.0`.
  if (isDeepStrictEqual(before, after) || /\d{400}/.test(JSON.stringify(before))) return undefined
  return `decode(encode(x)) is not x: ${head(before)}\n${head(after)}`
}

function head(value: unknown): string {
  return JSON.stringify(value).slice(0, 600)
}

function messagesFor(feed: Feed, said: readonly Observation[]): readonly Message[] | undefined {
  if (feed.transport === 'websocket') {
    const text = feed.encode.message(said)
    if (text === undefined) return undefined
    return [{ kind: 'frame', seq: 1, at: 0, conn: 1, dir: 'in', op: 'text', text }]
  }
  const exchange = feed.encode.message(said)
  if (exchange === undefined) return undefined
  const drafts = exchangeDrafts(exchange, { feed: feed.name, conn: 1, exchange: 1, at: 0 })
  return drafts.flatMap((draft, index) => messageOf(draft, index))
}

export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one))
}

/** Each packet accounted for, each unit counted, each observation of a shape that a golden file can show. */
export function wrongWithAccount(message: Message, { packets, observations }: Decoded): string | undefined {
  if (packets.length === 0) return 'a message without a packet'
  if (packets.some(({ index }, place) => index !== place)) return 'packets are not numbered in order'
  const sum = packets.reduce((all, { payload, framing, stray }) => all + payload + framing + stray, 0)
  const length = lengthOf(message)
  if (sum !== length) return `lengths add up to ${sum}, not ${length}`
  for (const packet of packets) {
    const wrong = wrongWithPacket(packet)
    if (wrong !== undefined) return wrong
  }
  for (const [index, observation] of observations) {
    if (packets[index] === undefined) return `an observation of packet ${index}, of ${packets.length}`
    const wrong = wrongWithObservation(observation)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function wrongWithPacket({
  dir,
  kind,
  disposition,
  payload,
  framing,
  stray,
  reason,
}: Packet): string | undefined {
  if (dir !== 'in' && dir !== 'out') return `no direction: ${String(dir)}`
  if (!DISPOSITIONS.includes(disposition)) return `no disposition: ${String(disposition)}`
  if (typeof kind !== 'string' || kind === '') return 'a packet without a kind'
  if (![payload, framing, stray].every(size => Number.isSafeInteger(size) && size >= 0)) return 'no length'
  const needsReason = ['ignored', 'unknown', 'malformed'].includes(disposition)
  return needsReason && !reason ? `${kind} is ${disposition} without a reason` : undefined
}

function wrongWithObservation(observation: Observation): string | undefined {
  observationToJson(observation)
  if (observation.kind === 'quote') {
    const other = Object.keys(observation.fields).find(key => !QUOTE_FIELD_NAMES.some(name => name === key))
    if (other !== undefined) return `no field of a quote: ${other}`
  }
  return wrongWithValues('wire' in observation ? { ...observation, wire: undefined } : observation)
}

/** Decimals in lowest terms, safe where they are numbers, at most 400 digits behind the point; times safe integers. */
function wrongWithValues(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? undefined : `a number ${value}`
  if (typeof value !== 'object' || value === null) return undefined
  if ('mantissa' in value && 'scale' in value) return wrongWithDecimal(value)
  for (const one of Object.values(value)) {
    const wrong = wrongWithValues(one)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function wrongWithDecimal({ mantissa, scale }: { mantissa: unknown; scale: unknown }): string | undefined {
  const isSafe = typeof mantissa === 'bigint' || Number.isSafeInteger(mantissa)
  const isScale = Number.isInteger(scale) && Number(scale) >= 0 && Number(scale) <= 400
  return isSafe && isScale ? undefined : `no decimal: ${String(mantissa)} e-${String(scale)}`
}

/** By the tape, in the unit that the packets count in; nothing where no body was kept. */
export function lengthOf(message: Message): number {
  if ('text' in message) return message.text.length
  if (!('base64' in message)) return 0
  const bytes = Buffer.from(message.base64, 'base64')
  return message.kind === 'frame' && message.op === 'text' ? bytes.toString('utf8').length : bytes.length
}

export function messageOf(draft: EntryDraft, index: number): readonly Message[] {
  const entry = { ...draft, seq: index + 1 }
  return entry.kind === 'frame' || entry.kind === 'request' || entry.kind === 'response' ? [entry] : []
}
