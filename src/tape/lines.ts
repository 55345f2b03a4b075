import { crc32 } from 'node:zlib'
import { carriedCrc, isIntact } from './crc.ts'
import { followedBy, lineCrc, MAX_COMBINED_BYTES } from './crc-combine.ts'

const NEWLINE = 0x0a
/** In a payload quotes are escaped, so these bytes begin a line wherever they stand. */
const LINE_START = Buffer.from('{"kind":"')

/** Where the lines of a block stand, newlines excluded, and which of them carry the CRC of their own bytes. */
export interface Lines {
  /** Below 0 where the beginning of an overlong line was thrown away. */
  readonly starts: number[]
  readonly ends: number[]
  /** Newlines before it in the block. */
  readonly numbers: number[]
  readonly intact: boolean[]
  newlines: number
}

export function noLines(): Lines {
  return { starts: [], ends: [], numbers: [], intact: [], newlines: 0 }
}

/**
 * Finds and verifies the lines of `bytes`, which end in a newline. One native CRC goes over a run of lines and
 * is held against the lines' own, combined: cheaper than a call for each (docs/decisions/0004-tape-line.md).
 * Only where the two differ does it go line by line.
 */
export function indexLines(bytes: Buffer, maxLineBytes: number, skipped: number): Lines {
  const lines = noLines()
  let start = -skipped
  let run = { first: 0, start: 0, crc: 0 }
  while (start < bytes.length) {
    const end = bytes.indexOf(NEWLINE, Math.max(start, 0))
    const length = end + 1 - start
    const carried = length > MAX_COMBINED_BYTES ? -1 : carriedCrc(bytes, start, end)
    if (carried < 0) {
      endRun(bytes, lines, run, start)
      addAlone(bytes, lines, start, end, maxLineBytes)
      run = { first: lines.starts.length, start: end + 1, crc: 0 }
    } else {
      run.crc = followedBy(run.crc, lineCrc(carried), length)
      add(lines, start, end, true)
    }
    start = end + 1
    lines.newlines++
  }
  endRun(bytes, lines, run, start)
  return lines
}

interface Run {
  /** The index of its first line. */
  readonly first: number
  readonly start: number
  /** What its lines carry, combined. */
  readonly crc: number
}

/** Holds the run that ends before `end` against its bytes; if they differ, its lines are looked at one by one. */
function endRun(bytes: Buffer, lines: Lines, run: Run, end: number): void {
  if (end <= run.start || crc32(bytes.subarray(run.start, end)) === run.crc) return
  const { starts, ends, numbers } = lines
  const suspects = starts.splice(run.first).map((start, index) => ({
    start,
    end: ends[run.first + index] ?? start,
    number: numbers[run.first + index] ?? 0,
  }))
  ends.length = run.first
  numbers.length = run.first
  lines.intact.length = run.first
  const { newlines } = lines
  for (const suspect of suspects) {
    lines.newlines = suspect.number
    addAlone(bytes, lines, suspect.start, suspect.end, Number.POSITIVE_INFINITY)
  }
  lines.newlines = newlines
}

function addAlone(bytes: Buffer, lines: Lines, start: number, end: number, maxLineBytes: number): void {
  if (end - start > maxLineBytes) add(lines, start, end, false)
  else if (isIntact(bytes, start, end)) add(lines, start, end, true)
  else addDamaged(bytes, lines, start, end)
}

/** A newline that was hit makes one line of two. What is whole inside a damaged line is found again. */
function addDamaged(bytes: Buffer, lines: Lines, start: number, end: number): void {
  const borders = [start]
  for (let at = start + 1; at < end; at++) {
    at = bytes.indexOf(LINE_START, at)
    if (at === -1 || at >= end) break
    borders.push(at)
  }
  const pieces = borders.flatMap((from, index) => piecesOf(bytes, from, borders[index + 1] ?? end))
  if (pieces.some(piece => piece.isWhole))
    for (const piece of pieces) add(lines, piece.start, piece.end, piece.isWhole)
  else add(lines, start, end, false)
}

/** A whole line, a whole line and the byte that was its newline, or rubbish. */
function piecesOf(bytes: Buffer, start: number, end: number) {
  if (isIntact(bytes, start, end)) return [{ start, end, isWhole: true }]
  if (!isIntact(bytes, start, end - 1)) return [{ start, end, isWhole: false }]
  return [
    { start, end: end - 1, isWhole: true },
    { start: end - 1, end, isWhole: false },
  ]
}

function add(lines: Lines, start: number, end: number, isWhole: boolean): void {
  lines.starts.push(start)
  lines.ends.push(end)
  lines.numbers.push(lines.newlines)
  lines.intact.push(isWhole)
}
