import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { systemClock } from '../../src/model/clock.ts'
import { systemTimers } from '../../src/model/timers.ts'
import {
  type Progress,
  Recording,
  type RecordOptions,
  type RecordSummary,
  recordSession,
  type SourceOptions,
} from '../../src/record/index.ts'
import { type Entry, TapeReader } from '../../src/tape/index.ts'
import { startVenue, type Venue } from './venue.ts'

export interface Scene {
  readonly venue: Venue
  readonly path: string
  readonly recording: Recording
  readonly notes: string[]
  readonly statuses: Extract<Progress, { kind: 'status' }>[]
  readonly ended: Promise<RecordSummary>
  /** The first note like this, or the one of that count, told already or still to come. */
  noted(pattern: RegExp, count?: number): Promise<string>
  stop(): Promise<RecordSummary>
  /** All that is on the tape, which has to be whole. */
  entries(): Promise<readonly Entry[]>
}

/** One tradingview-socket on a scripted venue, unless `sources` says otherwise. */
export type SceneOptions = Partial<Omit<RecordOptions, 'recording' | 'signal' | 'onProgress'>> &
  Partial<Omit<SourceOptions, 'feed'>> & { readonly venue?: Venue }

export const NQ = 'CME_MINI:NQ1!'
/** The pauses are half of 1, 2, 4 … seconds. */
export const EVEN = { next: () => 0.5 }

export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'feedtape-record-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

export async function venueForTest(): Promise<Venue> {
  const venue = await startVenue()
  onTestFinished(() => venue.close())
  return venue
}

export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const { credentials = {}, exchangeUrl, symbols = [NQ] } = options
  const venue = options.venue ?? (await venueForTest())
  const url = options.url ?? venue.url
  const exchange = exchangeUrl === undefined ? {} : { exchangeUrl }
  const sources = options.sources ?? [{ feed: tradingviewSocket, symbols, credentials, url, ...exchange }]
  const path = join(await folder(), 'test.tape.jsonl')
  const clock = options.clock ?? systemClock
  const recording = await Recording.create({
    path,
    feeds: sources.map(source => source.feed),
    clock,
    random: EVEN,
    version: '0.0.0-test',
    synthetic: true,
  })
  const controller = new AbortController()
  const notes: string[] = []
  const statuses: Scene['statuses'] = []
  const listeners = new Set<() => void>()
  const ended = recordSession({
    timers: options.timers ?? systemTimers,
    ...(options.entry === undefined ? {} : { entry: options.entry }),
    random: options.random ?? EVEN,
    limits: options.limits ?? {},
    sources,
    clock,
    recording,
    signal: controller.signal,
    onProgress: progress => {
      if (progress.kind === 'status') statuses.push(progress)
      else notes.push(progress.source === undefined ? progress.text : `${progress.source}: ${progress.text}`)
      for (const listener of listeners) listener()
    },
  })
  onTestFinished(async () => {
    controller.abort()
    await ended
  })
  return {
    venue,
    path,
    recording,
    notes,
    statuses,
    ended,
    noted: (pattern, count = 1) =>
      new Promise(resolve => {
        const look = (): void => {
          const note = notes.filter(text => pattern.test(text))[count - 1]
          if (note === undefined) return
          listeners.delete(look)
          resolve(note)
        }
        listeners.add(look)
        look()
      }),
    stop() {
      controller.abort()
      return ended
    },
    entries: () => readEntries(path),
  }
}

export async function readEntries(path: string): Promise<readonly Entry[]> {
  const tape = await TapeReader.open(path)
  const entries: Entry[] = []
  do {
    for (let entry = tape.next(); entry !== undefined; entry = tape.next()) entries.push(entry)
  } while (await tape.fill())
  if (!tape.isWhole) throw new Error(`the tape is not whole: ${JSON.stringify(tape.problems)}`)
  await tape.close()
  return entries
}

export function ofKind<K extends Entry['kind']>(
  entries: readonly Entry[],
  kind: K,
): readonly Extract<Entry, { kind: K }>[] {
  return entries.filter((entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind)
}
