import type { Direction, Frame, Line, Opcode } from './entry.ts'

/** A frame as nearly every line has it. */
export type PlainFrame = Extract<Frame, { text: string }>

/** The stem's room: three numbers of at most 16 digits are in it. */
export const STEM_BYTES = 160

const HEAD = Buffer.from('{"kind":"frame","seq":')
const AT = Buffer.from(',"at":')
const CONN = Buffer.from(',"conn":')
const STEMS: Readonly<Record<Direction, Readonly<Record<Opcode, Buffer>>>> = {
  in: stemsOf('in'),
  out: stemsOf('out'),
}

const ZERO = 0x30
/** What is below has at most nine digits, and arithmetic of 32 bits is enough for them. */
const BILLION = 1_000_000_000

export function isPlainFrame(line: Line): line is PlainFrame {
  return line.kind === 'frame' && 'text' in line && line.original === undefined && line.redacted === undefined
}

/**
 * Puts a frame's line into `bytes` at `at`, up to where the JSON of its text begins, and says where that is. Half the
 * cost of a string that has to be encoded; the tests hold it against the table.
 */
export function writeFrameStem(frame: PlainFrame, bytes: Buffer, at: number): number {
  const { seq, conn, dir, op } = frame
  let end = put(HEAD, bytes, at)
  end = put(AT, bytes, writeNumber(seq, bytes, end))
  end = put(CONN, bytes, writeNumber(frame.at, bytes, end))
  return put(STEMS[dir][op], bytes, writeNumber(conn, bytes, end))
}

function put(part: Buffer, bytes: Buffer, at: number): number {
  bytes.set(part, at)
  return at + part.length
}

/** A safe integer that is not negative. */
function writeNumber(value: number, bytes: Buffer, at: number): number {
  if (value >= BILLION) {
    const low = value % BILLION
    return writeDigits(low, 9, bytes, writeNumber((value - low) / BILLION, bytes, at))
  }
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits++
  return writeDigits(value, digits, bytes, at)
}

function writeDigits(value: number, digits: number, bytes: Buffer, at: number): number {
  let rest = value
  for (let place = at + digits - 1; place >= at; place--) {
    const tens = (rest / 10) | 0
    bytes[place] = ZERO + rest - 10 * tens
    rest = tens
  }
  return at + digits
}

function stemsOf(dir: Direction): Readonly<Record<Opcode, Buffer>> {
  const stem = (op: Opcode): Buffer => Buffer.from(`,"dir":"${dir}","op":"${op}","text":`)
  return {
    text: stem('text'),
    binary: stem('binary'),
    ping: stem('ping'),
    pong: stem('pong'),
    chunk: stem('chunk'),
  }
}
