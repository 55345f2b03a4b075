import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChosenOptions, Feed } from '../feeds/index.ts'
import { systemClock } from '../model/clock.ts'
import { FeedtapeError } from '../model/errors.ts'
import { systemRandom } from '../model/random.ts'
import { durationText, type Micros } from '../model/time.ts'
import { systemTimers } from '../model/timers.ts'
import { Recording, type RecordSummary, readCredentials, recordSession } from '../record/index.ts'
import { type ExitCode, type Io, tell } from './io.ts'
import { createRecordView } from './record-view.ts'
import { packageVersion } from './version.ts'

export interface LiveSearch {
  readonly feed: Feed
  readonly texts: readonly string[]
  readonly options: ChosenOptions
  readonly pages: number
  readonly url: string | undefined
  /** Where the tape is kept; without it there is one for as long as it is needed. */
  readonly output: string | undefined
  readonly overwrite: boolean
}

/** A page may have to be asked for again. */
const TIME_FOR_A_PAGE: Micros = 20_000_000

/**
 * Searches, and gives `use` the tape of it; 3 where not all of it was answered. Throws `no-session` where nothing
 * was, and what a recording throws.
 */
export async function searchLive(
  io: Io,
  search: LiveSearch,
  use: (path: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (search.output !== undefined) return await searchTo(io, search, search.output, use)
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-search-'))
  try {
    return await searchTo(io, search, join(folder, 'search.tape.jsonl'), use)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function searchTo(
  io: Io,
  search: LiveSearch,
  path: string,
  use: (path: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  const summary = await record(io, search, path)
  const { ending } = summary
  if (ending.kind === 'broken') throw ending.error
  if (ending.kind === 'refused') {
    throw new FeedtapeError('no-session', ending.reason, { where: search.feed.name, next: ending.next })
  }
  if (summary.connections === 0) {
    const next = 'check the address and the network'
    throw new FeedtapeError('no-session', 'the search did not answer', { where: search.feed.name, next })
  }
  const code = await use(path)
  if (ending.kind === 'finished') return code
  tell(io, `not all was answered: ended after ${durationText(summary.elapsed)}`)
  return 3
}

async function record(io: Io, search: LiveSearch, path: string): Promise<RecordSummary> {
  const { feed, options, overwrite, pages, texts, url } = search
  const given = await readCredentials([feed], io.env, undefined)
  for (const warning of given.warnings) tell(io, `warning: ${warning}`)
  const recording = await Recording.create({
    path,
    feeds: [feed],
    clock: systemClock,
    random: systemRandom,
    version: packageVersion(),
    overwrite,
    timers: systemTimers,
  })
  const view = createRecordView(io)
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  process.once('SIGINT', stop)
  // Behind the only text there is nothing to wait for.
  const pace = texts.length === 1 && feed.transport === 'http' ? { pace: feed.session.fastest } : {}
  const credentials = given.credentials.get(feed.name) ?? {}
  const source = { feed, symbols: texts, options, credentials, ...pace }
  return await recordSession({
    recording,
    sources: [url === undefined ? source : { ...source, url }],
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    limits: { for: TIME_FOR_A_PAGE * pages * texts.length },
    signal: stopping.signal,
    onProgress: progress => view.show(progress),
  }).finally(() => {
    process.off('SIGINT', stop)
    view.end()
  })
}
