import type { Decoder, DecoderOptions } from '../feed.ts'
import { createSocketDecoder } from '../tradovate/decode.ts'
import { ENDPOINTS } from './endpoints.ts'
import { marketItems } from './items.ts'

const NAMES = ENDPOINTS.map(({ name }) => name)

/** What both sockets have in common is tradovate/'s; quotes, books and charts are in items.ts. */
export function createDecoder(options: DecoderOptions = {}): Decoder {
  return createSocketDecoder({ ...options, endpoints: NAMES, readers: marketItems() })
}
