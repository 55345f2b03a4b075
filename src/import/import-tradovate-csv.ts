import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { type Feed, feedNamed, type Packet, type Sink } from '../feeds/index.ts'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import type { EpochMicros } from '../model/time.ts'
import type { EntryDraft, Frame } from '../tape/entry.ts'
import type { ImportOptions, ImportReport } from './import-har.ts'
import { countOf, importedHeader, refuseEternity, writeImported } from './imported-tape.ts'
import { rowsOf } from './rows.ts'
import { type TimedDraft, timelineOf } from './timeline.ts'

/** The feed whose decoder reads the rows (docs/decisions/0018-matching.md), and the word for them in a header. */
const FEED = 'tradovate-user-data'
const FORMAT = 'tradovate-csv'
const IN_WORDS = 'Tradovate’s export of fills'

/** An export begins with its columns, whatever their order. */
const HEADER_ROW = /^\uFEFF?[^\r\n]{0,2000},Date,Account,B\/S,/

export function isTradovateCsv(text: string): boolean {
  return HEADER_ROW.test(text)
}

/**
 * Makes a tape of Tradovate's export of fills: the header row and each row one frame with its line end, so that the
 * frames together are the file, and `at` from the row's own time. Throws `bad-capture` for what is no such export,
 * `file-missing`, `file-exists`, `usage`.
 */
export async function importTradovateCsv(options: ImportOptions): Promise<ImportReport> {
  const { path, output } = options
  if (resolve(path) === resolve(output)) {
    throw new FeedtapeError('usage', 'the tape would replace the capture', {
      where: output,
      next: 'choose another -o',
    })
  }
  const feed = feedNamed(FEED)
  if (feed === undefined) throw new Error(`there is no feed ${FEED}`)
  const rows = rowsOf(await bytesOf(path)).map(bodyOf)
  const readings = readRows(feed, rows)
  refuseOthers(readings, path)
  const url = `file:${encodeURIComponent(basename(path))}`
  const track: readonly TimedDraft[] = [
    { time: undefined, draft: { kind: 'open', conn: 1, feed: FEED, url } },
    ...rows.map((body, place): TimedDraft => {
      return {
        time: readings[place]?.time,
        draft: { kind: 'frame', conn: 1, dir: 'in', op: 'text', ...body },
      }
    }),
  ]
  const timeline = timelineOf([track])
  refuseEternity(timeline, path)
  const notes = notesOf(readings, timeline.held)
  const said = [`${IN_WORDS}, a file: each of its rows is a frame, at the time that the row says`, ...notes]
  const drafts: readonly EntryDraft[] = [
    ...said.map((note): EntryDraft => ({ kind: 'mark', at: 0, note: `imported: ${note}` })),
    ...timeline.drafts,
  ]
  const header = importedHeader(options, { feeds: [FEED], start: timeline.start, format: FORMAT })
  await writeImported(options, header, drafts, timeline.end)
  return {
    ...countOf(drafts),
    output,
    header,
    duration: timeline.end,
    leftOut: [],
    lost: 0,
    recognised: [{ feed: FEED, confidence: 'certain', why: 'its header row', messages: rows.length }],
    tie: [],
    format: IN_WORDS,
    notes,
  }
}

type RowBody = { readonly text: string } | { readonly base64: string }

/** Text where the bytes are UTF-8, which a byte order mark is, too. */
function bodyOf(row: Buffer): RowBody {
  const text = row.toString('utf8')
  return Buffer.from(text, 'utf8').equals(row) ? { text } : { base64: row.toString('base64') }
}

interface RowReading {
  readonly packet: Packet | undefined
  /** The fill's own. */
  readonly time: EpochMicros | undefined
}

/** As the tape's own reader will read them. */
function readRows(feed: Feed, rows: readonly RowBody[]): readonly RowReading[] {
  const decoder = feed.createDecoder()
  return rows.map((body, place) => {
    let packet: Packet | undefined
    let time: EpochMicros | undefined
    const sink: Sink = {
      observe: observation => {
        if (observation.kind === 'fill') time = observation.time
      },
      packet: account => {
        packet = account
      },
    }
    const frame: Frame = { kind: 'frame', seq: place + 1, at: 0, conn: 1, dir: 'in', op: 'text', ...body }
    decoder.decode(frame, sink)
    return { packet, time }
  })
}

/** Without the header row nobody knows the columns, and without a single fill there is no time. */
function refuseOthers(readings: readonly RowReading[], where: string): void {
  const [first, ...rows] = readings
  const isHeader = first?.packet?.kind === 'export header' && first.packet.disposition === 'status'
  if (isHeader && rows.some(({ time }) => time !== undefined)) return
  const { packet } = (isHeader ? rows[0] : first) ?? {}
  throw new FeedtapeError('bad-capture', `this is not ${IN_WORDS}`, {
    where: `${where}:${isHeader ? 2 : 1}`,
    expected: isHeader
      ? 'fills, a row each'
      : 'a row of columns: _id, _timestamp, _tradeDate, _action, _qty, _price, …, Date, Account, B/S, …, Contract',
    // Not its words: they may be anybody’s.
    found: packet?.reason ?? (readings.length === 0 ? 'an empty file' : 'something else'),
    next: 'export the fills as CSV (the report “Fills”), and leave the file as it is',
  })
}

function notesOf(readings: readonly RowReading[], held: number): readonly string[] {
  const unread = readings.filter(({ packet }) => packet?.disposition === 'malformed')
  const why = unread[0]?.packet?.reason ?? ''
  const noise = readings.reduce((sum, { packet }) => sum + (packet?.noise ?? 0), 0)
  return [
    ...(unread.length === 0
      ? []
      : [`rows that cannot be read as fills, and are kept as they are: ${unread.length} (${why})`]),
    ...(noise === 0 ? [] : [`numbers that are binary noise, and are read as 15 digits: ${noise}`]),
    ...(held === 0 ? [] : [`rows that are earlier than the one before, and are held at its time: ${held}`]),
  ]
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new FeedtapeError('file-missing', 'the capture cannot be read', {
      where: path,
      expected: 'a .csv file',
      found: reasonOf(cause),
      next: 'check the path and its permissions',
      cause,
    })
  }
}
