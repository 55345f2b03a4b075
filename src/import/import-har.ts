import { resolve } from 'node:path'
import { type SniffMatch, sniff } from '../feeds/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import type { Micros } from '../model/time.ts'
import type { EntryDraft, Header } from '../tape/entry.ts'
import { readAttachments, readCapture } from './har-file.ts'
import { captureNotes } from './har-notes.ts'
import { type LeftOut, type Selection, selectEntries, UNKNOWN_FEED } from './har-selection.ts'
import { type Har, readHar } from './har-shape.ts'
import { trackOf } from './har-track.ts'
import { countOf, type ImportTarget, importedHeader, refuseEternity, writeImported } from './imported-tape.ts'
import { timelineOf } from './timeline.ts'

export interface ImportOptions extends ImportTarget {
  /** Takes connections and exchanges of unknown hosts too, under the feed name `unknown`. */
  readonly all?: boolean
  /** The feed of whatever no known feed's address claims. */
  readonly feed?: string
}

export interface ImportReport {
  readonly output: string
  readonly header: Header
  readonly duration: Micros
  readonly connections: number
  readonly frames: { readonly in: number; readonly out: number }
  /** HTTP exchanges, the upgrades of sockets among them. */
  readonly exchanges: number
  /** Of connections and exchanges: those that did not come about. */
  readonly failures: number
  readonly leftOut: readonly LeftOut[]
  /** Pieces of the file that are nothing that could be put on a tape. */
  readonly lost: number
  /** The feeds on the tape, each with how sure that is. */
  readonly recognised: readonly SniffMatch[]
  readonly tie: readonly string[]
  /** In words: what the file was taken for. */
  readonly format: string
  /** What the capture does not say, or says in a way that a reader of the tape should know of. */
  readonly notes: readonly string[]
}

/**
 * Makes a tape of Chrome's or Playwright's HAR: sockets with their messages, and HTTP exchanges. Throws
 * `bad-capture` for what is no such HAR or holds nothing to take, `file-missing`, `file-exists`, `usage`.
 */
export async function importHar(options: ImportOptions): Promise<ImportReport> {
  const { path, output } = options
  if (resolve(path) === resolve(output)) {
    throw new FeedtapeError('usage', 'the tape would replace the capture', {
      where: output,
      next: 'choose another -o',
    })
  }
  const har = readHar(await readCapture(path), path)
  const selection = selectEntries(
    har,
    { named: options.feed, otherwise: options.all === true ? UNKNOWN_FEED : undefined },
    path,
  )
  if (selection.taken.length === 0) throw nothingToTake(har, selection, path)
  const { taken, missing } = await readAttachments(selection.taken, path)
  const tracks = taken.map((one, index) => trackOf(one, { conn: index + 1, exchange: index + 1 }, path))
  const timeline = timelineOf(tracks)
  refuseEternity(timeline, path)
  const { notes, marks } = captureNotes(har, taken, { missing, held: timeline.held })
  const header = importedHeader(options, {
    feeds: taken.map(({ feed }) => feed),
    start: timeline.start,
    format: 'har',
  })
  const drafts: readonly EntryDraft[] = [
    ...marks.map((note): EntryDraft => ({ kind: 'mark', at: 0, note })),
    ...timeline.drafts,
  ]
  await writeImported(options, header, drafts, timeline.end)
  return {
    ...countOf(drafts),
    output,
    header,
    duration: timeline.end,
    leftOut: selection.leftOut,
    lost: 0,
    notes,
    ...sniffedOf(taken),
  }
}

function nothingToTake(har: Har, { leftOut }: Selection, where: string): FeedtapeError {
  const sockets = leftOut.reduce((sum, { connections }) => sum + connections, 0)
  const hosts = leftOut.slice(0, 5).map(({ host }) => host)
  const more = leftOut.length > hosts.length ? `, and ${leftOut.length - hosts.length} more` : ''
  const { length } = har.log.entries
  return new FeedtapeError('bad-capture', 'there is nothing in this HAR that a known feed reads', {
    where,
    expected: 'a connection to a feed’s host (`feedtape feeds` lists them)',
    found:
      length === 0
        ? 'no entries at all'
        : `${length} entries, ${sockets} of them sockets, of ${hosts.join(', ')}${more}`,
    next:
      length === 0
        ? 'open the network panel before the page connects, then export again'
        : 'take all of it with --all; or open the network panel before the page connects, then export again',
  })
}

/** By addresses first of all: what a feed's own host sent is the feed's. */
function sniffedOf(taken: Selection['taken']) {
  const texts = taken.flatMap(({ entry }) => [
    ...(entry._webSocketMessages ?? []).map(({ data }) => data),
    ...(typeof entry.response.content?.text === 'string' ? [entry.response.content.text] : []),
  ])
  const { matches, tie } = sniff(
    texts,
    taken.map(({ entry }) => entry.request.url),
  )
  const feeds = new Set(taken.map(({ feed }) => feed))
  const recognised = matches.filter(({ feed }) => feeds.has(feed))
  return { recognised, tie: tie.filter(feed => !feeds.has(feed)).length > 0 ? tie : [], format: 'HAR' }
}
