import { Buffer } from 'node:buffer'
import { excerpt } from '../../model/errors.ts'
import type { Entry, Frame } from '../../tape/entry.ts'
import type { Decoder, DecoderOptions, Packet, Sink } from '../feed.ts'
import { type Finding, type MessageContext, malformed, readMessage } from './read-message.ts'
import { lessonsOf } from './settings.ts'

const SAMPLE = 160

/** One frame is one message is one packet; nothing is kept between them. Throws where `settings` are not the schema's. */
export function createDecoder(options: DecoderOptions = {}): Decoder {
  const keepWire = options.keepWire === true
  const lessons = lessonsOf(options.settings)
  return {
    decode(entry: Entry, sink: Sink): void {
      if (entry.kind !== 'frame') return
      const context: MessageContext = { dir: entry.dir, keepWire, lessons, sink }
      sink.packet(packetOf(entry, context))
    },
  }
}

function packetOf(frame: Frame, context: MessageContext): Packet {
  const { op, dir } = frame
  if (op === 'ping' || op === 'pong') {
    return { dir, index: 0, kind: `(${op})`, disposition: 'status', ...payloadOf(sizeOf(frame)) }
  }
  if (op === 'chunk') {
    const reason = 'a chunk of an HTTP body: not of this wire'
    const lengths = { payload: 0, framing: 0, stray: sizeOf(frame) }
    return { dir, index: 0, kind: '(chunk)', disposition: 'malformed', ...lengths, reason }
  }
  if ('text' in frame) return account(frame.text, readMessage(frame.text, context), context)
  const bytes = Buffer.from(frame.base64, 'base64')
  if (op === 'text') {
    return account(bytes.toString('utf8'), malformed('(text)', 'text frame with broken UTF-8'), context)
  }
  const reason = 'no binary frame was ever seen on this wire'
  const sample = excerpt(bytes.subarray(0, SAMPLE).toString('latin1'), SAMPLE)
  return {
    dir,
    index: 0,
    kind: '(binary)',
    disposition: 'unknown',
    ...payloadOf(bytes.length),
    reason,
    sample,
  }
}

function payloadOf(length: number) {
  return { payload: length, framing: 0, stray: 0 }
}

function sizeOf(frame: Frame): number {
  return 'text' in frame ? frame.text.length : Buffer.byteLength(frame.base64, 'base64')
}

function account(
  text: string,
  { kind, disposition, reason, noise }: Finding,
  { dir }: MessageContext,
): Packet {
  const needsSample = disposition === 'unknown' || disposition === 'malformed' || disposition === 'error'
  return {
    dir,
    index: 0,
    kind,
    disposition,
    ...payloadOf(text.length),
    ...(reason === undefined ? {} : { reason }),
    ...(needsSample ? { sample: excerpt(text, SAMPLE) } : {}),
    ...(noise === undefined ? {} : { noise }),
  }
}
