import { Buffer, isUtf8 } from 'node:buffer'
import type { Frame } from '../../tape/entry.ts'
import type { Packet, Sink } from '../packet.ts'
import { type Finding, malformed } from '../tradingview/finding.ts'
import { readLine } from './read-line.ts'

/** A line that grows past this is none: it is counted and forgotten. In UTF-16 units or bytes. */
const LONGEST_LINE = 1024 * 1024

/** A piece of a line as one chunk has it; `size` is in that chunk's unit, `end` of its line's end. */
interface Piece {
  readonly content: string | Uint8Array
  readonly size: number
  /** `\n`, or `\r\n` as far as it stands in this chunk; 0 where the line goes on in the next one. */
  readonly end: number
}

/**
 * The lines of a body that streams. A chunk's borders are not a line's, nor a character's: what a chunk ends with is
 * accounted for there as a partial line, and what a later chunk adds to it counts that rest.
 */
export class LineStream {
  readonly #keepWire: boolean
  #pending: (string | Uint8Array)[] = []
  #pendingSize = 0

  constructor(keepWire: boolean) {
    this.#keepWire = keepWire
  }

  /** Another exchange: what was left over has no end any more. */
  reset(): void {
    this.#pending = []
    this.#pendingSize = 0
  }

  take(chunk: Frame, sink: Sink): void {
    const pieces = 'text' in chunk ? piecesOfText(chunk.text) : piecesOfBytes(chunk.base64)
    for (const [index, piece] of pieces.entries()) this.#takePiece(piece, index, sink)
    if (pieces.length === 0) {
      sink.packet(account(0, { content: '', size: 0, end: 0 }, { ...PARTIAL, reason: 'an empty chunk' }))
    }
  }

  #takePiece(piece: Piece, index: number, sink: Sink): void {
    this.#pendingSize += piece.size
    const isTooLong = this.#pendingSize > LONGEST_LINE
    if (isTooLong) this.#pending = []
    else this.#pending.push(piece.content)
    if (piece.end === 0) {
      sink.packet(account(index, piece, isTooLong ? TOO_LONG : PARTIAL))
      return
    }
    const line = isTooLong ? undefined : lineOf(this.#pending)
    this.reset()
    if (isTooLong) sink.packet(account(index, piece, TOO_LONG))
    else if (line === undefined) sink.packet(account(index, piece, malformed('(line)', 'not UTF-8', '')))
    else if (line.trim() === '') sink.packet(account(index, piece, EMPTY))
    else {
      const { finding, observations } = readLine(line, this.#keepWire)
      for (const observation of observations) sink.observe(observation, index)
      sink.packet(account(index, piece, finding))
    }
  }
}

export const PARTIAL: Finding = {
  kind: '(partial line)',
  disposition: 'ignored',
  reason: 'the line goes on in the next chunk, and is read there',
}
const EMPTY: Finding = { kind: '(empty line)', disposition: 'ignored', reason: 'nothing stands in it' }
const TOO_LONG = malformed('(line)', `longer than ${LONGEST_LINE}: not kept`, '')

/** `undefined`: no text. */
function lineOf(pieces: readonly (string | Uint8Array)[]): string | undefined {
  const texts = pieces.filter(piece => typeof piece === 'string')
  if (texts.length === pieces.length) return texts.join('')
  const bytes = Buffer.concat(pieces.map(piece => (typeof piece === 'string' ? Buffer.from(piece) : piece)))
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined
}

function piecesOfText(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (let from = 0; from < text.length; ) {
    const at = text.indexOf('\n', from)
    const to = at < 0 ? text.length : at
    const hasReturn = at > from && text[at - 1] === '\r'
    const content = text.slice(from, hasReturn ? to - 1 : to)
    pieces.push({ content, size: content.length, end: at < 0 ? 0 : hasReturn ? 2 : 1 })
    from = to + 1
  }
  return pieces
}

const [NEWLINE, RETURN] = [0x0a, 0x0d]

function piecesOfBytes(base64: string): readonly Piece[] {
  const bytes = Buffer.from(base64, 'base64')
  const pieces: Piece[] = []
  for (let from = 0; from < bytes.length; ) {
    const at = bytes.indexOf(NEWLINE, from)
    const to = at < 0 ? bytes.length : at
    const hasReturn = at > from && bytes[at - 1] === RETURN
    const content = bytes.subarray(from, hasReturn ? to - 1 : to)
    pieces.push({ content, size: content.length, end: at < 0 ? 0 : hasReturn ? 2 : 1 })
    from = to + 1
  }
  return pieces
}

function account(index: number, { size, end }: Piece, finding: Finding): Packet {
  return { dir: 'in', index, payload: size, framing: end, stray: 0, ...finding }
}
