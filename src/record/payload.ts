import { isUtf8 } from 'node:buffer'
import type { ClientRequest } from 'node:http'
import type { RawData } from 'ws'
import type { HeaderList, Opcode, Payload } from '../tape/index.ts'

/** A reader may refuse lines beyond 128 MiB. */
const LONGEST_TEXT = 96 * 1024 * 1024

/**
 * Text that is not UTF-8, or whose JSON would be too long for a line, stays bytes; the opcode says what it was.
 * An empty frame is an empty text.
 */
export function payloadOf(bytes: Buffer, op: Opcode = 'text'): Payload {
  const text = textOf(bytes, op)
  return text === undefined ? { base64: bytes.toString('base64') } : { text }
}

/** As `payloadOf`: the text, if it is one. */
export function textOf(bytes: Buffer, op: Opcode): string | undefined {
  if (op === 'binary' || !fitsLine(bytes)) return undefined
  const text = bytes.toString('utf8')
  // What is not UTF-8 has become U+FFFD; to look for that in a text of bytes costs nothing.
  return text.includes('\ufffd') && !isUtf8(bytes) ? undefined : text
}

/** As JSON a control character takes up to six bytes, a quote and a backslash two. */
function fitsLine(bytes: Buffer): boolean {
  if (bytes.length <= LONGEST_TEXT / 6) return true
  let length = bytes.length
  for (const byte of bytes) {
    if (byte < 0x20) length += 5
    else if (byte === 0x22 || byte === 0x5c) length += 1
  }
  return length <= LONGEST_TEXT
}

export function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}

/** As they go out, in their order. */
export function sentHeaders(request: ClientRequest): HeaderList {
  return request.getRawHeaderNames().flatMap(name => {
    const value = request.getHeader(name)
    return value === undefined ? [] : [[name, String(value)] as const]
  })
}

/** Node's rawHeaders: name, value, name, value … */
export function headerPairs(raw: readonly string[]): HeaderList {
  return Array.from({ length: raw.length / 2 }, (_, n) => [raw[n * 2] ?? '', raw[n * 2 + 1] ?? ''] as const)
}
