/** What the escapes that wires know write: `%2B`, `%252B`, `\u002b`, `\\u002b`, `\/`, `\x2b`, `&#43;`, `&#x2B;`. */
export interface Escaped {
  /** What is written, one character or one UTF-16 unit. */
  readonly text: string
  /** Where the escape ends. */
  readonly end: number
}

/** Whether `%XX` writes bytes of UTF-8, or the text is itself bytes in latin1. */
export type Charset = 'utf8' | 'latin1'

/** Where none of these stands nothing but whole values is to be found; `\"` alone is in every JSON in a string. */
export const MAY_ESCAPE = /%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\\/|&#/

const CODED_BYTE = /%(?:25){0,4}([0-9A-Fa-f]{2})/y
const CODED_UNIT = /\\{1,8}(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))/y
const ENTITY = /&(?:amp;){0,4}#(?:[xX]([0-9A-Fa-f]{1,6})|([0-9]{1,7}));/y
/** A backslash is itself escaped by one only: how often it stands there would not tell how many they are. */
const ESCAPED_UNIT = /\\{1,8}(["/])|\\(\\)/y
const LAST_BYTE = /[0-9A-Fa-f]{2}$/
const BYTES = /(%(?:25){0,4})([0-9A-Fa-f]{2})/g
const PERCENT = 0x25
const BACKSLASH = 0x5c
const AMPERSAND = 0x26
const LAST_POINT = 0x10ffff
/** `b`: of the letters from `a` to `z` only three have codes of two decimal digits. */
const STAND_IN_OF_TWO_DIGITS = '98'

/** The escape that begins at `at`; `undefined` where none does. */
export function escapeAt(text: string, at: number, charset: Charset): Escaped | undefined {
  const unit = text.charCodeAt(at)
  if (unit === PERCENT) return charset === 'utf8' ? characterAt(text, at) : byteAt(text, at)
  if (unit === AMPERSAND) return entityAt(text, at)
  if (unit !== BACKSLASH) return undefined
  CODED_UNIT.lastIndex = at
  const [coded, four, two = ''] = CODED_UNIT.exec(text) ?? []
  if (coded !== undefined) {
    return { text: String.fromCharCode(Number.parseInt(four ?? two, 16)), end: at + coded.length }
  }
  ESCAPED_UNIT.lastIndex = at
  const [escaped, mark, backslash] = ESCAPED_UNIT.exec(text) ?? []
  return escaped === undefined ? undefined : { text: mark ?? backslash ?? '', end: at + escaped.length }
}

/** Writes another character, as long, in an escape's own manner. */
export function escapedLike(code: string, character: string, charset: Charset): string {
  if (code.startsWith('%')) {
    const bytes = Buffer.from(character, charset)
    let next = 0
    return code.replace(BYTES, (_, head: string, digits: string) => {
      next += 1
      return head + hexLike(digits, bytes[next - 1] ?? 0)
    })
  }
  if (code.startsWith('&')) return entityLike(code, character)
  const digits = /(?:(?<=u)[0-9A-Fa-f]{4}|(?<=x)[0-9A-Fa-f]{2})$/.exec(code)?.[0]
  return digits === undefined
    ? code.slice(0, -1) + character
    : code.slice(0, -digits.length) + hexLike(digits, character.charCodeAt(0))
}

function entityAt(text: string, at: number): Escaped | undefined {
  ENTITY.lastIndex = at
  const [coded, hex, decimal = ''] = ENTITY.exec(text) ?? []
  if (coded === undefined) return undefined
  const point = hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16)
  return point > LAST_POINT ? undefined : { text: String.fromCodePoint(point), end: at + coded.length }
}

/** As long: a letter whose code has more digits than there is room for is another one. */
function entityLike(code: string, character: string): string {
  return code.replace(/([xX]?)([0-9A-Fa-f]+);$/, (_, x: string, digits: string) => {
    const point = character.codePointAt(0) ?? 0
    if (x !== '') return `${x}${hexLike(digits, point)};`
    const decimal = String(point).padStart(digits.length, '0')
    return `${decimal.length > digits.length ? STAND_IN_OF_TWO_DIGITS : decimal};`
  })
}

function byteAt(text: string, at: number): Escaped | undefined {
  CODED_BYTE.lastIndex = at
  const [coded] = CODED_BYTE.exec(text) ?? []
  if (coded === undefined) return undefined
  const digits = LAST_BYTE.exec(coded)?.[0] ?? ''
  return { text: String.fromCharCode(Number.parseInt(digits, 16)), end: at + coded.length }
}

/** All bytes of it; where they are no UTF-8 there is no character. */
function characterAt(text: string, at: number): Escaped | undefined {
  const first = byteAt(text, at)
  if (first === undefined) return undefined
  const code = first.text.charCodeAt(0)
  const length = code < 0x80 ? 1 : code >= 0xf0 ? 4 : code >= 0xe0 ? 3 : code >= 0xc2 ? 2 : 0
  const bytes: number[] = [code]
  let end = first.end
  while (bytes.length < length) {
    const next = byteAt(text, end)
    if (next === undefined) return undefined
    bytes.push(next.text.charCodeAt(0))
    end = next.end
  }
  const character = Buffer.from(bytes).toString('utf8')
  return length === 0 || character.includes('\ufffd') ? undefined : { text: character, end }
}

/** With as many digits, large or small as those that stood there. */
function hexLike(digits: string, code: number): string {
  const hex = code.toString(16).padStart(digits.length, '0')
  return /[a-f]/.test(digits) ? hex : hex.toUpperCase()
}
