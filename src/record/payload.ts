import { isUtf8 } from 'node:buffer'
import type { ClientRequest } from 'node:http'
import type { RawData } from 'ws'
import type { HeaderList, Opcode, Payload } from '../tape/index.ts'

/** Text that is not UTF-8 stays bytes; the opcode says what it was. An empty frame is an empty text. */
export function payloadOf(bytes: Buffer, op: Opcode = 'text'): Payload {
  if (op !== 'binary' && isUtf8(bytes)) return { text: bytes.toString('utf8') }
  return { base64: bytes.toString('base64') }
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
