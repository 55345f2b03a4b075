import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { feedNamed } from '../feeds/registry.ts'
import { FeedtapeError } from '../model/errors.ts'
import { type Random, randomInteger } from '../model/random.ts'
import { type EpochMicros, isoFromEpochMicros, type Micros } from '../model/time.ts'
import { type EntryDraft, FORMAT, type Header } from '../tape/entry.ts'
import { createRedactor, type Redactor } from '../tape/redact.ts'
import { TapeWriter } from '../tape/writer.ts'
import { findGenericSecrets } from './generic-secrets.ts'
import type { Timeline } from './timeline.ts'

export interface ImportTarget {
  /** The capture. It is read whole. */
  readonly path: string
  /** The tape to be. */
  readonly output: string
  readonly overwrite?: boolean
  /** For the tape's id. */
  readonly random: Random
  /** Our own, for the tape's header. */
  readonly version: string
}

export interface ImportedFrom {
  readonly feeds: readonly string[]
  readonly start: EpochMicros
  readonly format: string
  /** `none` where the capture has no times. */
  readonly clock?: Header['clock']
}

export function importedHeader(
  { random, version, path }: ImportTarget,
  { feeds, start, format, clock = 'imported' }: ImportedFrom,
): Header {
  return {
    kind: 'header',
    format: FORMAT,
    id: Array.from({ length: 32 }, () => randomInteger(random, 0, 15).toString(16)).join(''),
    start: isoFromEpochMicros(start),
    feeds: [...new Set(feeds)],
    generator: { name: 'feedtape', version },
    platform: `${process.platform} ${process.arch} node ${process.versions.node}`,
    clock,
    redaction: 'hmac-sha256',
    source: { format, name: basename(path) },
  }
}

/** Between two looks at the disk: what a large capture may have waiting in memory beside itself. */
const FLUSH_BYTES = 16 * 1024 * 1024

export async function writeImported(
  { output, overwrite }: ImportTarget,
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

export function countOf(drafts: readonly EntryDraft[]) {
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
export function refuseEternity({ start, end }: Timeline, where: string): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end)) return
  throw new FeedtapeError('bad-capture', 'the times of this capture are no times of a session', {
    where,
    expected: 'a start between the years 1685 and 2255, and fewer than 285 years from then on',
    found: `${start} µs since 1970, and ${end} µs`,
    next: 'look for a time (in a HAR: startedDateTime) that is far off',
  })
}
