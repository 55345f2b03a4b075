import { crc32 } from 'node:zlib'

/** The bytes of `,"crc":"xxxxxxxx"}`, which end every line before its newline. */
export const TAIL_BYTES = 18

/** The digits start this far before the end of the line. */
const DIGITS_BEFORE_END = 10
const TAIL_HEAD = Buffer.from(',"crc":"')
const TAIL_AND_NEWLINE = Buffer.from(',"crc":"00000000"}\n')
const HEX = Buffer.from('0123456789abcdef')
const QUOTE = 0x22
const BRACE = 0x7d

/** The value of a lowercase hex digit's byte; -1 for any other byte. */
const DIGIT = Int8Array.from({ length: 256 }, (_, byte) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(byte)),
)

export function crcHex(crc: number): string {
  return crc.toString(16).padStart(8, '0')
}

/** `,"crc":"xxxxxxxx"}` and the newline, for a line whose bytes up to here have this CRC. */
export function tailOf(crc: number): string {
  return `,"crc":"${crcHex(crc)}"}\n`
}

/** Puts the same into `bytes` at `at`, and says where it ends. */
export function writeTail(bytes: Uint8Array, at: number, crc: number): number {
  bytes.set(TAIL_AND_NEWLINE, at)
  for (let digit = 0; digit < 8; digit++) {
    bytes[at + TAIL_HEAD.length + digit] = HEX[(crc >>> (28 - 4 * digit)) & 15] ?? 0
  }
  return at + TAIL_AND_NEWLINE.length
}

/** The CRC that the line from `start` to `end` (its newline, excluded) carries; -1 if it does not end in one. */
export function carriedCrc(bytes: Uint8Array, start: number, end: number): number {
  const tail = end - TAIL_BYTES
  if (tail < start || bytes[end - 1] !== BRACE || bytes[end - 2] !== QUOTE) return -1
  for (let i = 0; i < TAIL_HEAD.length; i++) {
    if (bytes[tail + i] !== TAIL_HEAD[i]) return -1
  }
  let high = 0
  let low = 0
  let bad = 0
  for (let i = end - DIGITS_BEFORE_END; i < end - 6; i++) {
    const digit = DIGIT[bytes[i] ?? 0] ?? -1
    bad |= digit
    high = (high << 4) | digit
  }
  for (let i = end - 6; i < end - 2; i++) {
    const digit = DIGIT[bytes[i] ?? 0] ?? -1
    bad |= digit
    low = (low << 4) | digit
  }
  return bad < 0 ? -1 : high * 0x10000 + low
}

/** Whether the line from `start` to `end` carries the CRC of its own bytes. */
export function isIntact(bytes: Uint8Array, start: number, end: number): boolean {
  const carried = carriedCrc(bytes, start, end)
  return carried >= 0 && carried === crc32(bytes.subarray(start, end - TAIL_BYTES))
}
