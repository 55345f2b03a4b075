import type { Block, BlockReader } from './blocks.ts'
import { isIntact } from './crc.ts'
import type { Header } from './entry.ts'
import { fromBytes } from './line.ts'
import type { Place } from './order.ts'
import type { TapeProblem } from './problems.ts'

/** What stands in a file from the place on where its tape ends. */
export interface Unread extends Place {
  readonly sizeBytes: number
  /** Lines of a tape among it, whole or not: garbage has none. */
  readonly lines: number
  /** The first header in it. */
  readonly tape?: { readonly id: string; readonly part?: number; readonly byteOffset: number }
}

const LINE_START = '{"kind":"'
const HEADER_START = '{"kind":"header"'

/** Whether a header in the midst of a tape says that the same recording goes on, as where parts were put together. */
export function goesOn(before: Header, header: Header): boolean {
  const isLater = (header.part ?? 1) >= (before.part ?? 1)
  return header.id === before.id && header.derived === before.derived && isLater
}

/** Whether a damaged line was a header, and not this recording's as far as it can be read: what follows is not ours. */
export function isOtherHeader(line: Buffer, { id }: Header): boolean {
  const isHeader = line.subarray(0, HEADER_START.length).toString('latin1') === HEADER_START
  return isHeader && !line.includes(`"id":"${id}"`)
}

/** Reads to the end of the source, from a line of the block on, without taking anything of it. */
export async function measureUnread(blocks: BlockReader, place: Place, from: number): Promise<Unread> {
  let lines = 0
  let tape: Unread['tape']
  let index = from
  do {
    const { block } = blocks
    for (; index < block.lines.count; index++) {
      if (isTapeLine(block, index)) lines++
      tape ??= tapeAt(block, index)
    }
    index = 0
  } while (await blocks.fill())
  const { rest } = blocks
  const end = rest === undefined ? place.byteOffset : rest.byteOffset + rest.byteLength
  if (rest !== undefined && beginsLine(rest.bytes)) lines++
  return { ...place, sizeBytes: end - place.byteOffset, lines, ...(tape === undefined ? {} : { tape }) }
}

/** `after`: the header of the tape that was not sealed before the other one began. */
export function unreadProblem(unread: Unread, after?: Header): TapeProblem {
  const { line, byteOffset } = unread
  const [what, expected] =
    after === undefined
      ? (['bytes after the seal', 'the end of the tape'] as const)
      : (['another tape', recordingName(after)] as const)
  return { line, byteOffset, what, expected, found: unreadText(unread) }
}

/** `5333 bytes, not read; a tape begins at byte 2500 (id 0011…, part 2): split the file there` */
function unreadText({ sizeBytes, lines, tape }: Unread): string {
  const size = `${sizeBytes} ${sizeBytes === 1 ? 'byte' : 'bytes'}, not read`
  if (tape !== undefined) {
    return `${size}; a tape begins at byte ${tape.byteOffset} (${recordingName(tape)}): split the file there`
  }
  return lines === 0 ? size : `${size}; among them what looks like lines of a tape`
}

/** `id 00112233445566778899aabbccddeeff, part 2` */
export function recordingName({ id, part }: Pick<Header, 'id' | 'part'>): string {
  return part === undefined ? `id ${id}` : `id ${id}, part ${part}`
}

function isTapeLine({ bytes, lines }: Block, index: number): boolean {
  if (lines.intact[index] === true) return true
  const start = lines.starts[index] ?? 0
  return start >= 0 && beginsLine(bytes.subarray(start, lines.ends[index]))
}

function beginsLine(bytes: Buffer): boolean {
  const isWhole = bytes.length > 0 && isIntact(bytes, 0, bytes.length)
  return isWhole || bytes.subarray(0, LINE_START.length).toString('latin1') === LINE_START
}

function tapeAt({ bytes, lines, byteOffset }: Block, index: number): Unread['tape'] {
  const start = lines.starts[index] ?? 0
  if (lines.intact[index] !== true || start < 0) return undefined
  const line = fromBytes(bytes.subarray(start, lines.ends[index]))
  if (line.kind !== 'header') return undefined
  const { id, part } = line
  return { id, ...(part === undefined ? {} : { part }), byteOffset: byteOffset + start }
}
