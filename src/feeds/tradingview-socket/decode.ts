import { Buffer } from 'node:buffer'
import { excerpt } from '../../model/errors.ts'
import type { Direction, Entry, Frame } from '../../tape/entry.ts'
import type { Decoder, DecoderOptions, Packet, Sink } from '../feed.ts'
import { heartbeatNumber, nextPacket } from './framing.ts'
import { type Finding, findingOf, malformed, readPacket } from './read-packet.ts'

const SAMPLE = 160

/**
 * Frames to packets to observations. Keeps nothing between frames: what is partial is merged behind it
 * (normalize/), so that frames could be decoded in any order.
 */
export function createDecoder(options: DecoderOptions = {}): Decoder {
  const keepWire = options.keepWire === true
  return {
    decode(entry: Entry, sink: Sink): void {
      if (entry.kind !== 'frame' || entry.op === 'chunk') return
      if (entry.op === 'ping' || entry.op === 'pong') decodeControl(entry, sink)
      else if ('text' in entry) decodeText(entry.text, entry.dir, keepWire, sink)
      else if (entry.op === 'text') decodeBrokenText(entry.base64, entry.dir, keepWire, sink)
      else decodeBinary(entry.base64, entry.dir, sink)
    },
  }
}

function decodeControl(frame: Frame, sink: Sink): void {
  const length = 'text' in frame ? frame.text.length : Buffer.byteLength(frame.base64, 'base64')
  const account = { index: 0, payload: length, framing: 0, stray: 0 }
  sink.packet({ dir: frame.dir, kind: `(${frame.op})`, disposition: 'status', ...account })
}

function decodeText(message: string, dir: Direction, keepWire: boolean, sink: Sink): void {
  eachPacket(message, dir, sink, (payload, index) => readPacket(payload, { dir, index, keepWire, sink }))
}

/** Text whose UTF-8 is broken: read with replacement characters; a packet that holds one is not to be trusted. */
function decodeBrokenText(base64: string, dir: Direction, keepWire: boolean, sink: Sink): void {
  const message = Buffer.from(base64, 'base64').toString('utf8')
  eachPacket(message, dir, sink, (payload, index) =>
    payload.includes('\ufffd')
      ? malformed('(payload)', 'text frame with broken UTF-8')
      : readPacket(payload, { dir, index, keepWire, sink }),
  )
}

/** In binary mode LEN counts bytes (tradingview.md 1.2), and latin1 makes a byte a unit. */
function decodeBinary(base64: string, dir: Direction, sink: Sink): void {
  const message = Buffer.from(base64, 'base64').toString('latin1')
  eachPacket(message, dir, sink, payload => {
    if (heartbeatNumber(payload) !== undefined) return { kind: 'heartbeat', disposition: 'status' }
    return findingOf(dir, 'protobuf')
  })
}

function eachPacket(
  message: string,
  dir: Direction,
  sink: Sink,
  read: (payload: string, index: number) => Finding,
): void {
  let offset = 0
  let index = 0
  do {
    const event = nextPacket(message, offset)
    if (!('end' in event)) {
      sink.packet(strayPacket(message, dir, index, event.start, event.reason))
      return
    }
    const payload = message.slice(event.start, event.end)
    const found = read(payload, index)
    sink.packet(account(found, dir, index, payload, event.framing))
    offset = event.end
    index += 1
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

function account(found: Finding, dir: Direction, index: number, payload: string, framing: number): Packet {
  const { kind, disposition, reason, noise } = found
  const length = payload.length
  if (reason === undefined && noise === undefined && disposition !== 'unknown') {
    return { dir, index, kind, disposition, payload: length, framing, stray: 0 }
  }
  const needsSample = disposition === 'unknown' || disposition === 'malformed' || disposition === 'error'
  return {
    dir,
    index,
    kind,
    disposition,
    payload: length,
    framing,
    stray: 0,
    ...(reason === undefined ? {} : { reason }),
    ...(needsSample ? { sample: excerpt(payload, SAMPLE) } : {}),
    ...(noise === undefined ? {} : { noise }),
  }
}
