import { Buffer } from 'node:buffer'
import { excerpt } from '../../model/errors.ts'
import type { Entry, Frame } from '../../tape/entry.ts'
import type { Decoder, DecoderOptions, Packet, Sink } from '../feed.ts'
import { type FrameItem, readServerFrame } from './framing.ts'
import type { Finding, ItemReader, ItemTaker } from './item.ts'
import { dataOf, errorOfReply, isRecord, penaltyOf, type Reply, readItem, type WireEvent } from './reply.ts'
import { type ClientRequest, endpointKey, readClientMessage } from './request.ts'

const SAMPLE = 160

export interface SocketDecoderOptions extends DecoderOptions {
  /** Every endpoint that is known, in the spelling that packets are named by. */
  readonly endpoints: readonly string[]
  /** In the order in which they are asked. */
  readonly readers: readonly ItemReader[]
}

/**
 * Frames of either socket to packets to observations. It keeps what this connection's client has asked, because an
 * answer names its request by id only, and the readers keep whose an id is; never a price.
 */
export function createSocketDecoder({ endpoints, readers, keepWire }: SocketDecoderOptions): Decoder {
  const names = new Map(endpoints.map(name => [endpointKey(name), name]))
  const asked = new Map<string, ClientRequest>()
  return {
    decode(entry: Entry, sink: Sink): void {
      if (entry.kind !== 'frame') return
      if (entry.op === 'text' && 'text' in entry) {
        if (entry.dir === 'out') decodeClient(entry.text, sink)
        else decodeServer(entry.text, sink)
      } else {
        sink.packet(otherFrame(entry))
      }
    },
  }

  function decodeClient(text: string, sink: Sink): void {
    sink.packet(whole('out', text, findingOfClient(text)))
  }

  function findingOfClient(text: string): Finding {
    const message = readClientMessage(text)
    if (message.kind === 'heartbeat') return HEARTBEAT
    if (message.kind === 'broken') return malformed('(message)', message.reason)
    const { request } = message
    asked.set(request.id, request)
    const name = names.get(endpointKey(request.endpoint))
    if (name !== undefined) return { kind: name, disposition: 'request' }
    return { kind: request.endpoint, disposition: 'unknown', reason: 'no such endpoint is known' }
  }

  function decodeServer(text: string, sink: Sink): void {
    const frame = readServerFrame(text)
    switch (frame.kind) {
      case 'open':
      case 'heartbeat':
      case 'close':
        sink.packet(whole('in', text, STATUS[frame.kind]))
        break
      case 'broken':
        sink.packet(stray(text, frame.reason))
        break
      case 'items':
        decodeItems(text, frame.items, sink)
        break
      default:
        frame satisfies never
    }
  }

  function decodeItems(text: string, items: readonly FrameItem[], sink: Sink): void {
    if (items.length === 0) {
      const packet = { ...whole('in', '', EMPTY), framing: text.length }
      sink.packet(packet)
    }
    for (const [index, { start, end, framing, value }] of items.entries()) {
      const payload = text.slice(start, end)
      const finding = findingOfItem(payload, value, index, sink)
      sink.packet({ ...whole('in', payload, finding), index, framing })
    }
  }

  function findingOfItem(payload: string, value: unknown, index: number, sink: Sink): Finding {
    const item = readItem(value)
    switch (item.kind) {
      case 'reply':
        return findingOfReply(item, payload, value, index, sink)
      case 'event': {
        const reader = firstOf(one => one.event?.(item))
        return reader === undefined ? findingOfEvent(item) : take(payload, value, reader, index, sink)
      }
      case 'compact': {
        const reader = firstOf(one => one.event?.({ kind: 'event', event: COMPACT, data: value }))
        return reader === undefined ? unknownKind(COMPACT) : take(payload, value, reader, index, sink)
      }
      case 'unknown':
        return { kind: '(json)', disposition: 'unknown', reason: item.reason }
      case 'malformed':
        return malformed('(json)', item.reason)
      default:
        return item satisfies never
    }
  }

  function findingOfReply(reply: Reply, payload: string, value: unknown, index: number, sink: Sink): Finding {
    const request = asked.get(reply.id)
    const kind = kindOfReply(request)
    const error = errorOfReply(reply)
    if (error !== undefined) return { kind, disposition: 'error', reason: error }
    const penalty = penaltyOf(reply.data)
    if (penalty !== undefined) {
      return penalty.isCaptcha
        ? { kind, disposition: 'error', reason: 'a captcha, which only the official app can answer' }
        : { kind, disposition: 'status', reason: `a penalty: ${penalty.seconds} s to be waited out` }
    }
    const reader = firstOf(one => one.reply?.(reply, request))
    if (reader === undefined) {
      const isKnown = request !== undefined && names.get(endpointKey(request.endpoint)) !== undefined
      return plainReply(kind, isKnown, reply)
    }
    const finding = take(payload, value, reader, index, sink)
    return request === undefined ? finding : { ...finding, kind }
  }

  /** `reply md/subscribeQuote`; `reply` where the request is not on this connection. */
  function kindOfReply(request: ClientRequest | undefined): string {
    if (request === undefined) return REPLY
    return `${REPLY} ${names.get(endpointKey(request.endpoint)) ?? request.endpoint}`
  }

  function firstOf(choose: (reader: ItemReader) => ItemTaker | undefined): ItemTaker | undefined {
    for (const reader of readers) {
      const chosen = choose(reader)
      if (chosen !== undefined) return chosen
    }
    return undefined
  }

  function take(payload: string, value: unknown, taker: ItemTaker, index: number, sink: Sink): Finding {
    const { finding, observations } = taker(payload, value, keepWire === true)
    for (const observation of observations) sink.observe(observation, index)
    return finding
  }
}

/** How the readers are asked for the web trader's `{"d":{"q":[…]}}`, which names no event. */
export const COMPACT = 'quotes (web trader)'

const REPLY = 'reply'
const HEARTBEAT: Finding = { kind: 'heartbeat', disposition: 'status' }
const STATUS = {
  open: { kind: 'open', disposition: 'status' },
  heartbeat: HEARTBEAT,
  close: { kind: 'close', disposition: 'status' },
} as const
const EMPTY: Finding = { kind: '(empty)', disposition: 'status' }

/** Session events: neither market data nor entities. */
function findingOfEvent({ event, data }: WireEvent): Finding {
  if (event === 'clock') return { kind: event, disposition: 'status' }
  if (event !== 'shutdown') return unknownKind(event)
  const said = dataOf(data)
  const code = isRecord(said) ? said['reasonCode'] : undefined
  const reason = typeof code === 'string' ? code : 'without reasonCode'
  return { kind: event, disposition: 'status', reason }
}

function plainReply(kind: string, isKnown: boolean, { data }: Reply): Finding {
  const isPlain = data === undefined || data === null || data === '' || hasPlainShape(data)
  // Nothing that is granted was ever answered in words.
  if (isPlain || (isKnown && typeof dataOf(data) !== 'string')) return { kind, disposition: 'status' }
  return { kind, disposition: 'unknown', reason: 'an answer of a shape that is not known' }
}

/** `{"ok":true}` and what md/getChart answers. */
function hasPlainShape(data: unknown): boolean {
  if (!isRecord(data)) return false
  return data['ok'] === true || typeof data['realtimeId'] === 'number'
}

function unknownKind(kind: string): Finding {
  return { kind, disposition: 'unknown', reason: 'no such kind is known' }
}

function malformed(kind: string, reason: string): Finding {
  return { kind, disposition: 'malformed', reason }
}

/** A packet that is its message. */
function whole(dir: 'in' | 'out', payload: string, { kind, disposition, reason, noise }: Finding): Packet {
  const plain = { dir, index: 0, kind, disposition, payload: payload.length, framing: 0, stray: 0 }
  if (reason === undefined && noise === undefined) return plain
  const needsSample = disposition === 'unknown' || disposition === 'malformed' || disposition === 'error'
  return {
    ...plain,
    ...(reason === undefined ? {} : { reason }),
    ...(needsSample ? { sample: excerpt(payload, SAMPLE) } : {}),
    ...(noise === undefined ? {} : { noise }),
  }
}

function stray(text: string, reason: string): Packet {
  const lengths = { payload: 0, stray: text.length }
  return { ...whole('in', text, malformed('(message)', reason)), ...lengths }
}

/** Control frames, and what this wire does not have: bytes, broken UTF-8, an HTTP body's chunk. */
function otherFrame(frame: Frame): Packet {
  const { dir, op } = frame
  const length = sizeOf(frame)
  const place = { dir, index: 0, kind: `(${op})`, framing: 0 }
  if (op === 'ping' || op === 'pong') return { ...place, disposition: 'status', payload: length, stray: 0 }
  const reason = op === 'text' ? 'text frame with broken UTF-8' : 'this wire has text frames only'
  return { ...place, disposition: 'malformed', payload: 0, stray: length, reason }
}

/** In the unit that the message counts in: UTF-16 units for text, also for broken text, bytes for the rest. */
function sizeOf(frame: Frame): number {
  if ('text' in frame) return frame.text.length
  const bytes = Buffer.from(frame.base64, 'base64')
  return frame.op === 'text' ? bytes.toString('utf8').length : bytes.length
}
