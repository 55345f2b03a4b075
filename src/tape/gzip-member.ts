import { crc32 } from 'node:zlib'
import { crcHex } from './crc.ts'
import type { PackedBytes } from './packed-bytes.ts'

/** What is wrong with the gzip that a tape came in, and at which byte of the file. */
export interface GzipDamage {
  readonly what: 'gzip cut' | 'gzip damaged' | 'bytes after gzip'
  readonly expected: string
  readonly found: string
}

export const GZIP_MAGIC = Buffer.from([0x1f, 0x8b])

const HEADER_BYTES = 10
export const TRAILER_BYTES = 8
const DEFLATE = 8
/** RFC 1952, 2.3.1. */
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 }
const METHOD_AT = 2
const FLAGS_AT = 3

/**
 * Goes past a member's header. Node's gunzip takes any flags, and knows no header CRC. The time, the level and the
 * system in it (bytes 4 to 9) may be anything and mean nothing to the content.
 */
export async function readGzipHeader(bytes: PackedBytes): Promise<GzipDamage | undefined> {
  const head = await bytes.exactly(HEADER_BYTES)
  if (!GZIP_MAGIC.equals(head.subarray(0, 2))) return behind(bytes, head)
  const flags = head[FLAGS_AT] ?? 0
  if (head.length >= METHOD_AT + 1 && head[METHOD_AT] !== DEFLATE) {
    return damaged(bytes, 'deflate (8) as its method', `method ${head[METHOD_AT]}`)
  }
  if ((flags & FLAG.reserved) !== 0) return damaged(bytes, 'reserved flags of 0', `flags ${flags}`)
  if (head.length < HEADER_BYTES) return cut(bytes, 'a gzip header')
  const crc = { value: crc32(head) }
  const isWhole =
    ((flags & FLAG.extra) === 0 || (await passExtra(bytes, crc))) &&
    ((flags & FLAG.name) === 0 || (await passText(bytes, crc))) &&
    ((flags & FLAG.comment) === 0 || (await passText(bytes, crc)))
  if (!isWhole) return cut(bytes, 'a gzip header')
  return (flags & FLAG.headerCrc) === 0 ? undefined : checkHeaderCrc(bytes, crc.value)
}

/** Holds a member's trailer against what was inflated. */
export async function readGzipTrailer(
  bytes: PackedBytes,
  content: { readonly crc: number; readonly sizeBytes: number },
): Promise<GzipDamage | undefined> {
  const trailer = await bytes.exactly(TRAILER_BYTES)
  if (trailer.length < TRAILER_BYTES) return cut(bytes, 'the CRC and size of the content')
  const crc = trailer.readUInt32LE(0)
  if (crc !== content.crc) {
    return damaged(bytes, `content with the CRC ${crcHex(crc)}`, crcHex(content.crc))
  }
  const size = trailer.readUInt32LE(4)
  if (size === content.sizeBytes % 2 ** 32) return undefined
  return damaged(bytes, `${size} bytes of content (modulo 2^32)`, `${content.sizeBytes}`)
}

export function cut(bytes: PackedBytes, expected: string): GzipDamage {
  return { what: 'gzip cut', expected, found: `the end of the file at its byte ${bytes.offset}` }
}

export function damaged(bytes: PackedBytes, expected: string, found: string): GzipDamage {
  return { what: 'gzip damaged', expected, found: `${found}, before byte ${bytes.offset} of the file` }
}

function behind(bytes: PackedBytes, head: Buffer): GzipDamage {
  const from = bytes.offset - head.length
  const kind = head.every(byte => byte === 0) ? 'zeros' : 'bytes'
  return {
    what: 'bytes after gzip',
    expected: 'the end of the file',
    found: `${kind} from its byte ${from} on`,
  }
}

async function passExtra(bytes: PackedBytes, crc: { value: number }): Promise<boolean> {
  const length = await bytes.exactly(2)
  if (length.length < 2) return false
  const size = length.readUInt16LE(0)
  const extra = await bytes.exactly(size)
  crc.value = crc32(extra, crc32(length, crc.value))
  return extra.length === size
}

/** To the zero that ends it. */
async function passText(bytes: PackedBytes, crc: { value: number }): Promise<boolean> {
  for (;;) {
    const some = await bytes.some()
    if (some.length === 0) return false
    const end = some.indexOf(0)
    const taken = end === -1 ? some : some.subarray(0, end + 1)
    crc.value = crc32(taken, crc.value)
    if (end === -1) continue
    bytes.putBack(some.subarray(end + 1))
    return true
  }
}

async function checkHeaderCrc(bytes: PackedBytes, crc: number): Promise<GzipDamage | undefined> {
  const carried = await bytes.exactly(2)
  if (carried.length < 2) return cut(bytes, 'a gzip header')
  const found = crc & 0xffff
  const expected = carried.readUInt16LE(0)
  return found === expected ? undefined : damaged(bytes, `a header with the CRC ${expected}`, `${found}`)
}
