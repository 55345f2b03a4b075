import { excerpt, FeedtapeError } from '../model/errors.ts'
import { BlockReader } from './blocks.ts'
import type { Line } from './entry.ts'
import { type Damage, fromEdited } from './line.ts'
import type { ByteSource } from './source.ts'
import { unpackedSource } from './unpack.ts'

const CHUNK_BYTES = 1024 * 1024
const MAX_LINE_BYTES = 128 * 1024 * 1024

/**
 * The lines of a tape that somebody edited: CRCs are not looked at and may be wanting, the last newline too, and
 * lines may be empty or end in CR LF. FeedtapeError `not-a-tape` with `FILE:LINE` at the first that is no line of the format.
 */
export async function* editedLines(source: ByteSource, name: string): AsyncGenerator<Line> {
  const blocks = new BlockReader(unpackedSource(source), CHUNK_BYTES, MAX_LINE_BYTES)
  try {
    while (await blocks.fill()) {
      const { bytes, lines, linesBefore } = blocks.block
      // Behind the count the arrays hold lines of an earlier block.
      for (let index = 0; index < lines.count; index += 1) {
        const start = lines.starts[index] ?? 0
        const where = `${name}:${linesBefore + (lines.numbers[index] ?? 0) + 1}`
        if (start < 0)
          throw refused(where, { kind: 'damage', what: 'not json', found: 'a line past the limit' })
        yield* lineOf(bytes.subarray(start, lines.ends[index]), where)
      }
    }
    const { rest, damage } = blocks
    if (damage !== undefined) throw refused(name, { ...damage, kind: 'damage', what: 'not json' })
    if (rest !== undefined) yield* lineOf(rest.bytes, `${name}:${rest.line}`)
  } finally {
    await blocks.close()
  }
}

function* lineOf(bytes: Buffer, where: string): Generator<Line> {
  if (bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0x0d)) return
  const line = fromEdited(bytes)
  if (line.kind === 'damage') throw refused(where, line, bytes)
  yield line
}

function refused(where: string, damage: Damage, bytes?: Buffer): FeedtapeError {
  return new FeedtapeError('not-a-tape', `this line is none of a tape: ${damage.what}`, {
    where,
    expected: damage.expected ?? 'one JSON object of docs/TAPE_FORMAT.md',
    found: damage.found ?? (bytes === undefined ? 'nothing' : excerpt(bytes.toString())),
    next: 'correct the line; its crc does not matter',
  })
}
