import { excerpt, FeedtapeError } from '../../model/errors.ts'
import { durationText, type Micros } from '../../model/time.ts'
import type { Header } from '../../tape/entry.ts'
import { type ReaderOptions, TapeReader } from '../../tape/index.ts'
import { HoledTape } from '../holed-tape.ts'
import { TapeFile } from '../tape-file.ts'
import { FrameReading } from './frame-reading.ts'
import { type CutFilters, Selection } from './selection.ts'
import { type CutWindow, type Survey, staysInside, survey } from './survey.ts'

export interface CutOptions extends CutFilters {
  readonly output: string
  readonly overwrite?: boolean
  /** From the tape's header to the slice; default all of it. */
  readonly window?: (header: Header) => Partial<CutWindow>
  /** How the new header says it was made. */
  readonly derived: string
  readonly reading?: ReaderOptions
}

export interface CutReport {
  readonly header: Header
  /** All that stay, the lead among them. */
  readonly entries: number
  readonly lead: number
  /** Frames of the slice itself. */
  readonly frames: number
  readonly connections: number
  readonly endedAt: Micros
  /** The tape that it was cut from, for what was wrong with it. */
  readonly source: TapeReader
}

/**
 * Writes a slice of a tape: what is selected, and before it the lead, entries that the slice rests on. What is lost of
 * the tape up to the slice's end stands in it as `lost`. The tape is read twice. FeedtapeError as TapeReader.open,
 * `file-exists`, `file-unwritable`, `ambiguous`, and `usage` where nothing is selected or the tape would be written over.
 */
export async function cutTape(path: string, options: CutOptions): Promise<CutReport> {
  const reading = options.reading ?? {}
  const selection = new Selection(options)
  const window = await windowOf(path, options)
  const found = await survey(path, window, selection, reading)
  refuseNothing(found, options, window)
  refuseAmbiguous(selection)
  const tape = await HoledTape.open(path, reading)
  const { source } = tape
  try {
    const header = cutHeader(source.header, options.derived, found)
    const file = await TapeFile.create(options.output, header, {
      overwrite: options.overwrite === true,
      origin: path,
    })
    try {
      const entries = await copy(tape, file, found, selection)
      const { frames, lead, connections, endedAt } = found
      await file.seal(endedAt)
      return { header, entries, lead: lead.size, frames, connections: connections.needed, endedAt, source }
    } catch (thrown) {
      await file.discard()
      throw thrown
    }
  } finally {
    await source.close()
  }
}

async function copy(tape: HoledTape, file: TapeFile, found: Survey, selection: Selection): Promise<number> {
  const { firstSeq, lastSeq, lead } = found
  const frames = new FrameReading()
  let entries = 0
  do {
    for (let entry = tape.next(); entry !== undefined; entry = tape.next()) {
      if (entry.seq > lastSeq) return entries
      const read = selection.isByContent ? frames.apply(entry) : undefined
      const stays = entry.seq < firstSeq ? lead.has(entry.seq) : staysInside(entry, read, selection, found)
      if (!stays) continue
      entries += 1
      // The bytes are the reader's again when it reads on.
      await file.add(entry, Buffer.from(tape.line))
    }
  } while (await tape.fill())
  return entries
}

async function windowOf(path: string, { window }: CutOptions): Promise<CutWindow> {
  const tape = await TapeReader.open(path)
  await tape.close()
  return { from: 0, to: Number.POSITIVE_INFINITY, ...window?.(tape.header) }
}

/** The chain starts anew: what is derived proves nothing about a part before it. */
function cutHeader({ previousHash: _, ...header }: Header, derived: string, found: Survey): Header {
  const firstSeq = found.lead.size === 0 ? 0 : found.firstSeq
  const lead = Math.max(firstSeq, header.lead ?? 0)
  return {
    ...header,
    derived: header.derived === undefined ? derived : `${header.derived}; ${derived}`,
    ...(lead === 0 ? {} : { lead }),
  }
}

function refuseNothing(found: Survey, { symbols, kinds, conns }: CutOptions, { from }: CutWindow): void {
  const next = 'feedtape inspect shows what is on it'
  if (from > 0 && found.endedAt < from) {
    const range = `a time within the tape, 0 to ${durationText(found.endedAt)} behind its start`
    const at = `${durationText(from)} behind it`
    throw new FeedtapeError('usage', 'the tape ends before the cut', { expected: range, found: at, next })
  }
  if (found.connections.needed > 0 || (symbols ?? kinds ?? conns) === undefined) return
  const what = [...(conns ?? []).map(conn => `connection ${conn}`), ...(symbols ?? []), ...(kinds ?? [])]
  const seen = [...(symbols === undefined ? found.kinds : found.names)].slice(0, 8)
  throw new FeedtapeError('usage', `nothing on the tape is of ${what.join(', ')}`, {
    ...(seen.length === 0 ? {} : { expected: `for one of: ${excerpt(seen.join(', '), 300)}` }),
    next,
  })
}

/** A name without its exchange is cut for one instrument, not for all that are called so. */
function refuseAmbiguous({ found }: Selection): void {
  for (const [asked, identities] of found) {
    const full = [...identities].filter(name => name.includes(':'))
    if (asked.includes(':') || full.length < 2) continue
    throw new FeedtapeError('ambiguous', `the symbol ${asked} has several meanings on this tape`, {
      where: '--symbol',
      expected: 'a name that one instrument has',
      found: full.join(', '),
      next: 'write the exchange with it',
    })
  }
}
