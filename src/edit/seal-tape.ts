import { basename } from 'node:path'
import { FeedtapeError } from '../model/errors.ts'
import { type Entry, editedLines, type Header, type Line, openSource, toLine } from '../tape/index.ts'
import { TapeFile } from './tape-file.ts'

export interface SealOptions {
  /** May be the tape itself. */
  readonly output: string
  readonly overwrite?: boolean
}

export interface Sealed {
  readonly entries: number
  /** Entries that got another number because theirs did not ascend any more. */
  readonly renumbered: number
  /** Entries whose time went back: they stand at the time of the one before. */
  readonly held: number
}

const DERIVED = 'sealed again after an edit'

/**
 * Makes a tape of what was edited by hand: lines are written anew, with their CRCs, counts, hashes and seal. An entry's
 * number is kept where it is above the one before, and is the next one otherwise. FeedtapeError `not-a-tape` with
 * `FILE:LINE` where a line is none of the format; then nothing is written.
 */
export async function sealTape(path: string, options: SealOptions): Promise<Sealed> {
  const name = path === '-' ? 'stdin' : basename(path)
  const lines = editedLines(await openSource(path), name)
  try {
    const first = await lines.next()
    const header = first.done === true ? undefined : first.value
    if (header?.kind !== 'header') throw noHeader(name, header)
    const file = await TapeFile.create(options.output, sealedHeader(header), {
      overwrite: options.overwrite === true,
    })
    try {
      return await copy(lines, file, name)
    } catch (thrown) {
      await file.discard()
      throw thrown
    }
  } finally {
    await lines.return(undefined)
  }
}

async function copy(lines: AsyncIterable<Line>, file: TapeFile, name: string): Promise<Sealed> {
  let seq = 0
  let at = 0
  let entries = 0
  let renumbered = 0
  let held = 0
  let endedAt = 0
  for await (const line of lines) {
    switch (line.kind) {
      case 'header':
        throw noHeader(name, line)
      case 'checkpoint':
        break
      case 'seal':
        endedAt = line.at
        break
      default: {
        if (line.seq <= seq) renumbered++
        if (line.at < at) held++
        seq = Math.max(line.seq, seq + 1)
        at = Math.max(line.at, at)
        entries++
        const entry: Entry = { ...line, seq, at }
        await file.add(entry, Buffer.from(toLine(entry).slice(0, -1)))
      }
    }
  }
  await file.seal(endedAt)
  return { entries, renumbered, held }
}

/** What a hand has changed is no recorder's evidence any more, and says so. Its chain starts anew. */
function sealedHeader({ previousHash: _, ...header }: Header): Header {
  const { derived } = header
  if (derived?.endsWith(DERIVED) === true) return header
  return { ...header, derived: derived === undefined ? DERIVED : `${derived}; ${DERIVED}` }
}

function noHeader(where: string, found: Line | undefined): FeedtapeError {
  return new FeedtapeError('not-a-tape', 'this is no tape', {
    where,
    expected: 'one header, as the first line',
    found: found === undefined ? 'an empty file' : found.kind === 'header' ? 'two' : found.kind,
    next: 'put the header back that it had',
  })
}
