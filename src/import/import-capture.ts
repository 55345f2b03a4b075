import { resolve } from 'node:path'
import { type Feed, feedNamed, feedOfSniffing, type SniffMatch } from '../feeds/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import type { EntryDraft } from '../tape/entry.ts'
import type { Capture } from './capture.ts'
import { captureTracks } from './capture-tracks.ts'
import { readCapture } from './har-file.ts'
import { type ImportOptions, type ImportReport, importHar } from './import-har.ts'
import { importTradovateCsv, isTradovateCsv } from './import-tradovate-csv.ts'
import { countOf, importedHeader, refuseEternity, writeImported } from './imported-tape.ts'
import { type ForeignReading, readForeign } from './read-foreign.ts'
import { timelineOf } from './timeline.ts'

/** A HAR begins like this, whoever wrote it. */
const HAR = /^\uFEFF?\s*\{\s*"log"\s*:\s*\{/

/** As one, its own entries would be taken for a recorder's records, and most of them lost. */
const TAPE = /^\uFEFF?\s*\{"kind":"header","format":"feedtape\//

/** A tape without its first line. */
const BEHEADED = /^\uFEFF?\s*\{"kind":"[a-z]{4,10}","seq":\d+,"at":\d+/
/** JSON that says nothing. */
const EMPTY = /^\uFEFF?\s*(?:\{\s*\}|\[\s*\])\s*$/

/**
 * Makes a tape of any capture that can be recognised: a HAR, JSON Lines of frames or of a recorder's records, a
 * browser's sessions, a JSON array of messages, one HTTP answer, Tradovate's export of fills. Throws `bad-capture` for what is none of these,
 * `file-missing`, `file-exists`, `usage`.
 */
export async function importCapture(options: ImportOptions): Promise<ImportReport> {
  const { path, output } = options
  if (resolve(path) === resolve(output)) {
    throw new FeedtapeError('usage', 'the tape would replace the capture', {
      where: output,
      next: 'choose another -o',
    })
  }
  const text = await readCapture(path)
  if (TAPE.test(text)) throw tapeAlready(path)
  if (BEHEADED.test(text)) throw beheadedTape(path)
  if (EMPTY.test(text)) throw notRecognised(path, '')
  if (HAR.test(text)) return importHar(options)
  if (isTradovateCsv(text)) return importTradovateCsv(options)
  const reading = readForeign(text)
  if (reading === undefined) throw notRecognised(path, text)
  return writeCapture(options, reading)
}

async function writeCapture(
  options: ImportOptions,
  { capture, sniffing }: ForeignReading,
): Promise<ImportReport> {
  const taken = feedOfSniffing(sniffing)
  const feed = feedNamed(options.feed ?? taken?.feed ?? '')
  if (feed === undefined) throw new Error('a reading without a feed')
  const { tracks, marks, clock } = captureTracks(capture, feed)
  const timeline = timelineOf(tracks)
  refuseEternity(timeline, options.path)
  const said = [...(taken === undefined ? [] : [sureness(feed, taken)]), ...capture.notes, ...marks]
  const drafts: readonly EntryDraft[] = [
    ...said.map((note): EntryDraft => ({ kind: 'mark', at: 0, note: `imported: ${note}` })),
    ...timeline.drafts,
  ]
  const from = { feeds: [feed.name], start: timeline.start, format: formatWord(capture), clock }
  const header = importedHeader(options, from)
  await writeImported(options, header, drafts, timeline.end)
  return {
    ...countOf(drafts),
    output: options.output,
    header,
    duration: timeline.end,
    leftOut: [],
    lost: capture.lost ?? 0,
    recognised: sniffing.matches,
    tie: sniffing.tie,
    format: capture.format,
    notes: [...capture.notes, ...marks],
  }
}

function sureness({ name }: Feed, { feed, confidence, why }: SniffMatch): string {
  return name === feed
    ? `${name}, ${confidence}: ${why}`
    : `${name}, as the user says; by its looks ${feed} (${confidence}: ${why})`
}

/** `JSON Lines of records` is `json-lines` in a header. */
function formatWord({ format }: Capture): string {
  if (format.startsWith('JSON Lines')) return 'json-lines'
  return format === 'browser sessions' ? 'browser-sessions' : 'json'
}

function tapeAlready(where: string): FeedtapeError {
  return new FeedtapeError('bad-capture', 'this is a tape already', {
    where,
    expected: 'a capture that another program wrote',
    next: 'feedtape inspect shows what is on it, feedtape check whether it is whole',
  })
}

function beheadedTape(where: string): FeedtapeError {
  return new FeedtapeError('bad-capture', 'this is a tape without its header', {
    where,
    expected: 'a capture that another program wrote, or a tape with its first line',
    next: 'put a header before it (docs/TAPE_FORMAT.md) and run feedtape seal: its times count from the header’s start',
  })
}

function notRecognised(where: string, text: string): FeedtapeError {
  return new FeedtapeError('bad-capture', 'no messages of any feed can be made out in this file', {
    where,
    expected: 'a HAR, JSON Lines of frames, a browser’s sessions, messages or an answer as JSON',
    // Not its words: they may be anybody’s.
    found: text.trim() === '' ? 'an empty file' : `${text.length} characters of something else`,
    next: 'record the feed, or export its session as a HAR',
  })
}
