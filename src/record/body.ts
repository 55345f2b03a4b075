import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, constants, gunzip, inflate } from 'node:zlib'
import type { EntryDraft, Payload } from '../tape/index.ts'
import { payloadOf } from './payload.ts'
import type { Recording } from './recording.ts'

/** As large as a socket's message may be. */
export const MOST_BODY_BYTES = 64 * 1024 * 1024

export interface Body {
  /** The content-coding undone; what came of it, where `cut` says why there is no more. */
  readonly bytes: Buffer
  /** The content-coding that was undone. */
  readonly decoded?: string
  readonly cut?: Cut
  /** Why the bytes are not there at all. */
  readonly omitted?: string
}

export type Cut =
  | { readonly kind: 'too-large' }
  /** Our packing or theirs is broken. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** The connection ended, or we had waited enough: the error of it. */
  | { readonly kind: 'ended'; readonly error: unknown }

/** All of it, up to `most` bytes. Never rejects. */
export async function readBody(response: IncomingMessage, most = MOST_BODY_BYTES): Promise<Body> {
  const { bytes, cut } = await readBytes(response, most)
  const encoding = encodingOf(response)
  if (encoding === 'identity' || bytes.length === 0) return { bytes, ...(cut === undefined ? {} : { cut }) }
  return await unpacked(bytes, encoding, most, cut)
}

export function encodingOf(response: IncomingMessage): string {
  return response.headers['content-encoding']?.trim().toLowerCase() || 'identity'
}

async function readBytes(response: IncomingMessage, most: number): Promise<{ bytes: Buffer; cut?: Cut }> {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of response) {
      const bytes = Buffer.from(part)
      parts.push(bytes.subarray(0, most - size))
      size += bytes.length
      // Leaving the loop calls the rest off.
      if (size > most) return { bytes: Buffer.concat(parts), cut: { kind: 'too-large' } }
    }
  } catch (error) {
    return { bytes: Buffer.concat(parts), cut: { kind: 'ended', error } }
  }
  if (response.complete) return { bytes: Buffer.concat(parts) }
  return { bytes: Buffer.concat(parts), cut: { kind: 'ended', error: new Error('cut off') } }
}

type Unpack = (bytes: Buffer, most: number, isCut: boolean) => Promise<Buffer>

/** What came of a packed body that broke off is given as far as it goes. */
const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: (bytes, most, isCut) => promisify(gunzip)(bytes, { maxOutputLength: most, ...(isCut && SYNC) }),
  deflate: (bytes, most, isCut) => promisify(inflate)(bytes, { maxOutputLength: most, ...(isCut && SYNC) }),
  br: (bytes, most, isCut) =>
    promisify(brotliDecompress)(bytes, { maxOutputLength: most, ...(isCut && BROTLI) }),
}
const SYNC = { finishFlush: constants.Z_SYNC_FLUSH }
const BROTLI = { finishFlush: constants.BROTLI_OPERATION_FLUSH }

async function unpacked(packed: Buffer, encoding: string, most: number, cut: Cut | undefined): Promise<Body> {
  const bytes = Buffer.alloc(0)
  const coding = encoding === 'x-gzip' ? 'gzip' : encoding
  const unpack = UNPACK[coding]
  // Nobody finds a secret in packed bytes.
  const left = { bytes, omitted: `its content-encoding is ${coding}` }
  if (unpack === undefined) {
    return { ...left, cut: { kind: 'broken', reason: `nobody here can undo the content-encoding ${coding}` } }
  }
  try {
    if (cut === undefined) {
      const whole = await unpack(packed, most, false).catch(endedTooSoon)
      if (whole !== undefined) return { bytes: whole, decoded: coding }
    }
    const reason = `the body’s ${coding} breaks off`
    return {
      bytes: await unpack(packed, most, true),
      decoded: coding,
      cut: cut ?? { kind: 'broken', reason },
    }
  } catch (thrown) {
    const isLarge = thrown instanceof RangeError
    if (isLarge)
      return { ...left, omitted: `unpacked from ${coding} it is too large`, cut: { kind: 'too-large' } }
    return { ...left, cut: cut ?? { kind: 'broken', reason: `the body is no ${coding}` } }
  }
}

/** Z_BUF_ERROR: all that came is right, and it is not all. Brotli says it in the same way. */
function endedTooSoon(thrown: unknown): undefined {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'Z_BUF_ERROR') return undefined
  throw thrown
}

export type KeptBody = (Payload | { readonly omitted: string }) & { readonly decoded?: string }

/** What stands on the tape of it. */
export function keptBody({ bytes, cut, decoded, omitted }: Body, recording: Recording): KeptBody | undefined {
  if (omitted !== undefined) return { omitted }
  if (bytes.length === 0) return undefined
  const coding = decoded === undefined ? {} : { decoded }
  if (cut === undefined) return { ...payloadOf(bytes), ...coding }
  const safe = beforeHalfSecrets(bytes, bytes.length, recording)
  return safe === undefined
    ? { omitted: 'cut off where a secret may have begun' }
    : { ...payloadOf(wholeCharacters(safe)), ...coding }
}

type FrameDraft = Extract<EntryDraft, { kind: 'frame' }>

/**
 * What stands before `limit` of bytes that were cut off: what came last may be the first half of a secret, which is
 * not found as one. `undefined` where nothing is left.
 */
export function beforeHalfSecrets(bytes: Buffer, limit: number, recording: Recording): Buffer | undefined {
  const end = Math.min(bytes.length - recording.longestSpelling, limit)
  if (end <= 0 && bytes.length > 0) return undefined
  return bytes.subarray(0, outsideSecrets(bytes, end, recording))
}

/** No cut through the middle of a known secret: in front of it. */
function outsideSecrets(bytes: Buffer, end: number, { redactor }: Recording): number {
  const draft: FrameDraft = {
    kind: 'frame',
    at: 0,
    conn: 1,
    dir: 'in',
    op: 'binary',
    base64: bytes.toString('base64'),
  }
  const { redacted = [] } = redactor.redactDraft(draft)
  const split = redacted.find(([offset, length]) => offset < end && end < offset + length)
  return split === undefined ? end : split[0]
}

/** A cut through the middle of a character would make bytes of a text. */
function wholeCharacters(bytes: Buffer): Buffer {
  let start = bytes.length - 1
  while (start > 0 && start > bytes.length - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1
  const lead = bytes[start] ?? 0
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1
  return start + length > bytes.length ? bytes.subarray(0, start) : bytes
}
