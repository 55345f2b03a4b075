import { Buffer } from 'node:buffer'
import { excerpt } from '../../model/errors.ts'
import type { Direction, Entry, Frame } from '../../tape/entry.ts'
import type { Decoder, DecoderOptions, Packet, Sink } from '../feed.ts'
import { heartbeatNumber, nextPacket, type PayloadEvent } from './framing.ts'
import {
  type Finding,
  findingOf,
  HEARTBEAT,
  malformed,
  type PacketContext,
  readPacket,
} from './read-packet.ts'

const SAMPLE = 160

/**
 * Frames to packets to observations. What is partial is merged behind it (normalize/): between frames it keeps
 * nothing but the names that the client asked to be resolved.
 */
export function createDecoder(options: DecoderOptions = {}): Decoder {
  const keepWire = options.keepWire === true
  const asked = new Map<string, string>()
  return {
    decode(entry: Entry, sink: Sink): void {
      if (entry.kind !== 'frame') return
      const { dir, op } = entry
      const context: MessageContext = { dir, index: 0, keepWire, sink, asked }
      if (op === 'ping' || op === 'pong') decodeControl(entry, sink)
      else if (op === 'chunk') sink.packet(strayFrame(entry, 'a chunk of an HTTP body: not of this wire'))
      else if ('text' in entry) eachPacket(entry.text, context, readPacket)
      else if (op === 'text') decodeBrokenText(entry.base64, context)
      else decodeBinary(entry.base64, context)
    },
  }
}

/** One a message: its index goes along, so that a packet costs no object of its own. */
type MessageContext = { -readonly [K in keyof PacketContext]: PacketContext[K] }

function decodeControl(frame: Frame, sink: Sink): void {
  const account = { index: 0, payload: sizeOf(frame), framing: 0, stray: 0 }
  sink.packet({ dir: frame.dir, kind: `(${frame.op})`, disposition: 'status', ...account })
}

function strayFrame(frame: Frame, reason: string): Packet {
  const account = { index: 0, payload: 0, framing: 0, stray: sizeOf(frame) }
  return { dir: frame.dir, kind: `(${frame.op})`, disposition: 'malformed', ...account, reason }
}

function sizeOf(frame: Frame): number {
  return 'text' in frame ? frame.text.length : Buffer.byteLength(frame.base64, 'base64')
}

/** Text whose UTF-8 is broken: read with replacement characters; a packet that holds one is not to be trusted. */
function decodeBrokenText(base64: string, context: MessageContext): void {
  const message = Buffer.from(base64, 'base64').toString('utf8')
  eachPacket(message, context, (_, start, end) =>
    message.slice(start, end).includes('\ufffd')
      ? malformed('(payload)', 'text frame with broken UTF-8')
      : readPacket(message, start, end, context),
  )
}

/** In binary mode LEN counts bytes (tradingview.md 1.2), and latin1 makes a byte a unit. */
function decodeBinary(base64: string, context: MessageContext): void {
  const message = Buffer.from(base64, 'base64').toString('latin1')
  eachPacket(message, context, (_, start, end) =>
    heartbeatNumber(message.slice(start, end)) === undefined ? findingOf(context.dir, 'protobuf') : HEARTBEAT,
  )
}

function eachPacket(
  message: string,
  context: MessageContext,
  read: (message: string, start: number, end: number, context: PacketContext) => Finding,
): void {
  const { dir, sink } = context
  let offset = 0
  do {
    const event = nextPacket(message, offset)
    if (!('end' in event)) {
      sink.packet(strayPacket(message, dir, context.index, event.start, event.reason))
      return
    }
    const found = read(message, event.start, event.end, context)
    sink.packet(account(found, context, message, event))
    offset = event.end
    context.index += 1
  } while (offset < message.length)
}

function strayPacket(message: string, dir: Direction, index: number, start: number, reason: string): Packet {
  return {
    dir,
    index,
    kind: index === 0 ? '(message)' : '(rest)',
    disposition: 'malformed',
    payload: 0,
    framing: 0,
    stray: message.length - start,
    reason,
    sample: excerpt(message.slice(start), SAMPLE),
  }
}

function account(found: Finding, context: PacketContext, message: string, place: PayloadEvent): Packet {
  const { kind, disposition, reason, noise } = found
  const { dir, index } = context
  const { start, end, framing } = place
  const plain = { dir, index, kind, disposition, payload: end - start, framing, stray: 0 }
  if (reason === undefined && noise === undefined && disposition !== 'unknown') return plain
  const needsSample = disposition === 'unknown' || disposition === 'malformed' || disposition === 'error'
  return {
    ...plain,
    ...(reason === undefined ? {} : { reason }),
    ...(needsSample ? { sample: excerpt(message.slice(start, end), SAMPLE) } : {}),
    ...(noise === undefined ? {} : { noise }),
  }
}
