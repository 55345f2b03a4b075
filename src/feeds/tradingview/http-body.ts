import { Buffer } from 'node:buffer'
import type { Frame, Request, Response } from '../../tape/entry.ts'
import type { Packet } from '../packet.ts'

/** A body as the tape has it; `size` is in the unit that its packets count in. */
export type Body =
  | { readonly kind: 'text'; readonly text: string; readonly size: number }
  | { readonly kind: 'bytes'; readonly size: number }
  | { readonly kind: 'omitted'; readonly reason: string; readonly size: 0 }

/** A body that was kept as bytes counts in bytes, also where it is text after all. */
export function bodyOf(entry: Request | Response): Body {
  if ('text' in entry) return { kind: 'text', text: entry.text, size: entry.text.length }
  if ('base64' in entry) {
    const bytes = Buffer.from(entry.base64, 'base64')
    const text = bytes.toString('utf8')
    const size = bytes.length
    return text.includes('\ufffd') ? { kind: 'bytes', size } : { kind: 'text', text, size }
  }
  if ('omitted' in entry) return { kind: 'omitted', reason: entry.omitted, size: 0 }
  return { kind: 'text', text: '', size: 0 }
}

/** A frame where this wire has none. */
export function strayFrame(frame: Frame, reason: string): Packet {
  const { dir, op } = frame
  const account = { index: 0, payload: 0, framing: 0, stray: sizeOf(frame) }
  return { dir, kind: `(${op})`, disposition: 'malformed', ...account, reason }
}

/** A text frame that was kept as bytes counts in UTF-16 units all the same. */
function sizeOf(frame: Frame): number {
  if ('text' in frame) return frame.text.length
  const bytes = Buffer.from(frame.base64, 'base64')
  return frame.op === 'text' ? bytes.toString('utf8').length : bytes.length
}
