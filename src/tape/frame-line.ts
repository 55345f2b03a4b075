import { TAIL_BYTES } from './crc.ts'
import type { Direction, Frame, Opcode } from './entry.ts'
import { isBase64 } from './shape.ts'

/** Behind the connection a plain frame's line has one of twenty beginnings of its payload. */
interface Stem {
  readonly pattern: Pattern
  readonly dir: Direction
  readonly op: Opcode
  readonly isText: boolean
}

/** Bytes to compare four at a time: 60 ns a line against 200 one by one. At least four. */
interface Pattern {
  /** The last one may overlap the one before. */
  readonly words: Int32Array
  readonly length: number
}

const HEAD = patternOf('{"kind":"frame","seq":')
const AT = patternOf(',"at":')
const CONN = patternOf(',"conn":')
const DIRECTIONS: readonly Direction[] = ['in', 'out']
const OPCODES: readonly Opcode[] = ['text', 'binary', 'ping', 'pong', 'chunk']
const STEMS: readonly Stem[] = DIRECTIONS.flatMap(dir =>
  OPCODES.flatMap(op => [stem(dir, op, true), stem(dir, op, false)]),
)
const QUOTE = 0x22
const ZERO = 0x30
/** The longest safe integers have this many; up to it a double that went over shows it. */
const MAX_DIGITS = 16

/** A block's bytes, and the view of the same. */
export interface Bytes {
  readonly bytes: Buffer
  readonly view: DataView
}

/** Where the number that was read last ends. */
let cursor = 0

/**
 * Reads an intact line of good UTF-8 that is a plain frame. It cuts the envelope by its fixed key order, so that
 * the payload's string is all that JSON.parse sees. `undefined` for whatever does not fit exactly: `fromBytes` reads that, and
 * is the oracle for this in the tests.
 */
export function readFrame({ bytes, view }: Bytes, start: number, end: number): Frame | undefined {
  if (!fits(view, start, HEAD)) return undefined
  const seq = readNumber(bytes, start + HEAD.length)
  if (seq < 1 || !fits(view, cursor, AT)) return undefined
  const at = readNumber(bytes, cursor + AT.length)
  if (at < 0 || !fits(view, cursor, CONN)) return undefined
  const conn = readNumber(bytes, cursor + CONN.length)
  if (conn < 1) return undefined
  for (const { pattern, dir, op, isText } of STEMS) {
    if (!fits(view, cursor, pattern)) continue
    const payload = readString(bytes, cursor + pattern.length - 1, end - TAIL_BYTES)
    if (payload === undefined) return undefined
    if (isText) return { kind: 'frame', seq, at, conn, dir, op, text: payload }
    return isBase64(payload) ? { kind: 'frame', seq, at, conn, dir, op, base64: payload } : undefined
  }
  return undefined
}

/** The string literal that fills the bytes from its opening quote to its closing one. */
function readString(bytes: Buffer, from: number, to: number): string | undefined {
  if (bytes[to - 1] !== QUOTE) return undefined
  try {
    const value: unknown = JSON.parse(bytes.toString(undefined, from, to))
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

/** Digits as JSON has them; -1 if there are none, too many, or a zero before others. */
function readNumber(bytes: Buffer, from: number): number {
  let value = 0
  let at = from
  for (;;) {
    const digit = (bytes[at] ?? 0) - ZERO
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
    at++
  }
  cursor = at
  const digits = at - from
  if (digits === 0 || digits > MAX_DIGITS || (digits > 1 && bytes[from] === ZERO)) return -1
  return value <= Number.MAX_SAFE_INTEGER ? value : -1
}

/** Past the end of the bytes nothing fits. */
function fits(view: DataView, at: number, { words, length }: Pattern): boolean {
  if (at + length > view.byteLength) return false
  const last = words.length - 1
  for (let i = 0; i < last; i++) {
    if (view.getInt32(at + 4 * i) !== words[i]) return false
  }
  return view.getInt32(at + length - 4) === words[last]
}

function patternOf(text: string): Pattern {
  const bytes = Buffer.from(text)
  const offsets = Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) => 4 * index)
  const words = Int32Array.from(offsets, offset => bytes.readInt32BE(Math.min(offset, bytes.length - 4)))
  return { words, length: bytes.length }
}

function stem(dir: Direction, op: Opcode, isText: boolean): Stem {
  return {
    pattern: patternOf(`,"dir":"${dir}","op":"${op}","${isText ? 'text' : 'base64'}":"`),
    dir,
    op,
    isText,
  }
}
