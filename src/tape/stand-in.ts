import { createHmac } from 'node:crypto'

/** Letters that stand for any other of their length in UTF-8: é-like, CJK-like, and one outside the BMP. */
const BY_UTF8_BYTES: readonly string[] = ['', '', 'ø', '文', '𝒂']
/** A value with a single digit in it may meet itself; one without letters and digits always does. */
const ATTEMPTS = 32
const DIGITS = '0123456789'
const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = LOWER.toUpperCase()

/**
 * What stands on the tape for a secret: as long in UTF-16 units and in UTF-8 bytes, character for character of
 * the same class, so that framing by length holds; the same for the same secret and key, so that joins hold.
 */
export function standInFor(value: string, key: Uint8Array): string {
  let standIn = value
  for (let attempt = 0; standIn === value && attempt < ATTEMPTS; attempt++) {
    const bytes = keyedBytes(`${attempt}\n${value}`, key)
    standIn = Array.from(value, character => replaced(character, bytes)).join('')
  }
  return standIn
}

function replaced(character: string, bytes: Iterator<number, never>): string {
  for (const alphabet of [DIGITS, LOWER, UPPER]) {
    if (alphabet.includes(character)) return alphabet[bytes.next().value % alphabet.length] ?? character
  }
  if (character < '\u0080' || !/\p{L}/u.test(character)) return character
  return BY_UTF8_BYTES[Buffer.byteLength(character)] ?? character
}

/** As many as are asked for: HMAC-SHA-256 of the value and a counter. */
function* keyedBytes(value: string, key: Uint8Array): Generator<number, never, unknown> {
  for (let counter = 0; ; counter++) {
    yield* createHmac('sha256', key).update(`${counter}\n${value}`).digest()
  }
}
