/** What the escapes that wires know write: `%2B`, `%252B`, `\u002b`, `\\u002b`, `\/`. */
export interface Escaped {
  /** What is written, one character or one UTF-16 unit. */
  readonly text: string
  /** Where the escape ends. */
  readonly end: number
}

/** Whether `%XX` writes bytes of UTF-8, or the text is itself bytes in latin1. */
export type Charset = 'utf8' | 'latin1'

/** Where none of these stands nothing but whole values is to be found; `\"` alone is in every JSON in a string. */
export const MAY_ESCAPE = /%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\\//

const CODED_BYTE = /%(?:25){0,4}([0-9A-Fa-f]{2})/y
const CODED_UNIT = /\\{1,8}u([0-9A-Fa-f]{4})/y
/** A backslash is itself escaped by one only: how often it stands there would not tell how many they are. */
const ESCAPED_UNIT = /\\{1,8}(["/])|\\(\\)/y
const LAST_BYTE = /[0-9A-Fa-f]{2}$/
const BYTES = /(%(?:25){0,4})([0-9A-Fa-f]{2})/g
const PERCENT = 0x25
const BACKSLASH = 0x5c

/** The escape that begins at `at`; `undefined` where none does. */
export function escapeAt(text: string, at: number, charset: Charset): Escaped | undefined {
  const unit = text.charCodeAt(at)
  if (unit === PERCENT) return charset === 'utf8' ? characterAt(text, at) : byteAt(text, at)
  if (unit !== BACKSLASH) return undefined
  CODED_UNIT.lastIndex = at
  const [coded, digits = ''] = CODED_UNIT.exec(text) ?? []
  if (coded !== undefined) {
    return { text: String.fromCharCode(Number.parseInt(digits, 16)), end: at + coded.length }
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
  const digits = /[0-9A-Fa-f]{4}$/.exec(code)?.[0]
  return digits === undefined
    ? code.slice(0, -1) + character
    : code.slice(0, -4) + hexLike(digits, character.charCodeAt(0))
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
