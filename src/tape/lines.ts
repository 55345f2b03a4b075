import { crc32 } from 'node:zlib'
import { carriedCrc, isIntact } from './crc.ts'
import { followedBy, lineCrc, MAX_COMBINED_BYTES } from './crc-combine.ts'

const NEWLINE = 0x0a
/** In a payload quotes are escaped, so these bytes begin a line wherever they stand. */
const LINE_START = Buffer.from('{"kind":"')

/**
 * Where the lines of a block stand, newlines excluded, and which of them carry the CRC of their own bytes. The arrays
 * serve one block after the other and never shrink: made anew, they were most of what V8 found alive at a scavenge
 * (130 KB of 140), and let its young generation grow to 128 MB in the end.
 */
export interface Lines {
  /** So many lines there are; behind them stands what an earlier block left. */
  count: number
  /** Below 0 where the beginning of an overlong line was thrown away. */
  readonly starts: number[]
  readonly ends: number[]
  /** Newlines before it in the block. */
  readonly numbers: number[]
  readonly intact: boolean[]
  newlines: number
}

export function noLines(): Lines {
  return { count: 0, starts: [], ends: [], numbers: [], intact: [], newlines: 0 }
}

/**
 * Puts the lines of `bytes`, which end in a newline, in the place of those that `lines` held, verified. One native CRC goes over a run of lines and
 * is held against the lines' own, combined: cheaper than a call for each (docs/decisions/0004-tape-line.md).
 * Only where the two differ does it go line by line.
 */
export function indexLines(lines: Lines, bytes: Buffer, maxLineBytes: number, skipped: number): void {
  lines.count = 0
  lines.newlines = 0
  let start = -skipped
  let run = { first: 0, start: 0, crc: 0 }
  while (start < bytes.length) {
    const end = bytes.indexOf(NEWLINE, Math.max(start, 0))
    const length = end + 1 - start
    const carried = length > MAX_COMBINED_BYTES ? -1 : carriedCrc(bytes, start, end)
    if (carried < 0) {
      endRun(bytes, lines, run, start)
      addAlone(bytes, lines, start, end, maxLineBytes)
      run = { first: lines.count, start: end + 1, crc: 0 }
    } else {
      run.crc = followedBy(run.crc, lineCrc(carried), length)
      add(lines, start, end, true)
    }
    start = end + 1
    lines.newlines++
  }
  endRun(bytes, lines, run, start)
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
  const suspects = starts.slice(run.first, lines.count).map((start, index) => ({
    start,
    end: ends[run.first + index] ?? start,
    number: numbers[run.first + index] ?? 0,
  }))
  lines.count = run.first
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
  const index = lines.count
  lines.starts[index] = start
  lines.ends[index] = end
  lines.numbers[index] = lines.newlines
  lines.intact[index] = isWhole
  lines.count = index + 1
}
