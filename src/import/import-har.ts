import { rm } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { feedNamed } from '../feeds/registry.ts'
import { FeedtapeError } from '../model/errors.ts'
import { type Random, randomInteger } from '../model/random.ts'
import { isoFromEpochMicros, type Micros } from '../model/time.ts'
import { type EntryDraft, FORMAT, type Header } from '../tape/entry.ts'
import { createRedactor, type Redactor } from '../tape/redact.ts'
import { TapeWriter } from '../tape/writer.ts'
import { findGenericSecrets } from './generic-secrets.ts'
import { readAttachments, readCapture } from './har-file.ts'
import { captureNotes } from './har-notes.ts'
import { type LeftOut, type Selection, selectEntries } from './har-selection.ts'
import { type Har, readHar } from './har-shape.ts'
import { trackOf } from './har-track.ts'
import { type Timeline, timelineOf } from './timeline.ts'

export interface ImportOptions {
  /** The HAR. It is read whole. */
  readonly path: string
  /** The tape to be. */
  readonly output: string
  /** Takes connections and exchanges of unknown hosts too, under the feed name `unknown`. */
  readonly all?: boolean
  readonly overwrite?: boolean
  /** For the tape's id. */
  readonly random: Random
  /** Our own, for the tape's header. */
  readonly version: string
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
  const selection = selectEntries(har, options.all === true, path)
  if (selection.taken.length === 0) throw nothingToTake(har, selection, path)
  const { taken, missing } = await readAttachments(selection.taken, path)
  const tracks = taken.map((one, index) => trackOf(one, { conn: index + 1, exchange: index + 1 }, path))
  const timeline = timelineOf(tracks)
  refuseEternity(timeline, path)
  const { notes, marks } = captureNotes(har, taken, { missing, held: timeline.held })
  const header = headerOf(options, taken, timeline)
  const drafts: readonly EntryDraft[] = [
    ...marks.map((note): EntryDraft => ({ kind: 'mark', at: 0, note })),
    ...timeline.drafts,
  ]
  await writeTape(options, header, drafts, timeline.end)
  return { ...countOf(drafts), output, header, duration: timeline.end, leftOut: selection.leftOut, notes }
}

function headerOf(options: ImportOptions, taken: Selection['taken'], { start }: Timeline): Header {
  const { random, version, path } = options
  return {
    kind: 'header',
    format: FORMAT,
    id: Array.from({ length: 32 }, () => randomInteger(random, 0, 15).toString(16)).join(''),
    start: isoFromEpochMicros(start),
    feeds: [...new Set(taken.map(({ feed }) => feed))],
    generator: { name: 'feedtape', version },
    platform: `${process.platform} ${process.arch} node ${process.versions.node}`,
    clock: 'imported',
    redaction: 'hmac-sha256',
    source: { format: 'har', name: basename(path) },
  }
}

/** Between two looks at the disk: what a large capture may have waiting in memory beside itself. */
const FLUSH_BYTES = 16 * 1024 * 1024

async function writeTape(
  { output, overwrite }: ImportOptions,
  header: Header,
  drafts: readonly EntryDraft[],
  end: Micros,
): Promise<void> {
  const redactor = createRedactor()
  // Before anything is written: a credential that the last entry gives away stands in the first ones too.
  learnSecrets(redactor, drafts)
  const writer = await TapeWriter.create(output, header, { redactor, overwrite: overwrite === true })
  try {
    for (const draft of drafts) {
      writer.append(draft)
      if (writer.queuedBytes > FLUSH_BYTES) await writer.flush()
    }
    await writer.seal(end)
  } catch (thrown) {
    await writer.close()
    // Half a tape would only be in the way of the next try.
    await rm(output, { force: true })
    throw thrown
  }
}

function learnSecrets(redactor: Redactor, drafts: readonly EntryDraft[]): void {
  const feeds = new Map<number, string>()
  for (const draft of drafts) {
    if ('feed' in draft) feeds.set(draft.conn, draft.feed)
    const conn = 'conn' in draft ? draft.conn : undefined
    const feed = conn === undefined ? undefined : feedNamed(feeds.get(conn) ?? '')
    const found = feed === undefined ? findGenericSecrets(draft) : feed.secrets.find(draft)
    for (const secret of found) redactor.learn(secret)
  }
}

function countOf(drafts: readonly EntryDraft[]) {
  const frames = { in: 0, out: 0 }
  let connections = 0
  let exchanges = 0
  let failures = 0
  for (const draft of drafts) {
    if (draft.kind === 'frame') frames[draft.dir] += 1
    else if (draft.kind === 'open') connections += 1
    else if (draft.kind === 'request') exchanges += 1
    else if (draft.kind === 'fail') failures += 1
  }
  return { frames, connections, exchanges, failures }
}

/** A tape's times are safe integers of µs: 285 years. An exchange may claim to have taken longer. */
function refuseEternity({ start, end }: Timeline, where: string): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end)) return
  throw new FeedtapeError('bad-capture', 'the times of this HAR are no times of a session', {
    where,
    expected: 'a start between the years 1685 and 2255, and fewer than 285 years from then on',
    found: `${start} µs since 1970, and ${end} µs`,
    next: 'look for a startedDateTime or time that is far off',
  })
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
