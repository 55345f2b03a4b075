import type { EpochMicros, Micros } from '../model/time.ts'
import type { EntryDraft } from '../tape/entry.ts'

type WithoutTime<E> = E extends unknown ? Omit<E, 'at' | 'original'> : never

/** An entry of a foreign capture, before it has its place in time. */
export interface TimedDraft {
  /** `undefined` where the capture has no wall time for it: then it stands with the one before. */
  readonly time: EpochMicros | undefined
  readonly draft: WithoutTime<EntryDraft>
}

/** All of one connection, in the capture's own order, which is believed before its times. */
export type Track = readonly TimedDraft[]

export interface Timeline {
  readonly start: EpochMicros
  /** In the tape's order; `at` never decreases. */
  readonly drafts: readonly EntryDraft[]
  readonly end: Micros
  /** How many entries were held, because an earlier time came behind a later one. */
  readonly held: number
}

/**
 * One total order over all connections: by (time, position). Within a connection a time that goes back is held
 * at the one before, and where the entry can say so, `original` keeps it.
 */
export function timelineOf(tracks: readonly Track[]): Timeline {
  const known = tracks.flatMap(track => track.flatMap(({ time }) => (time === undefined ? [] : [time])))
  // Not Math.min(...known): a capture may hold more messages than a call takes arguments.
  const start = known.reduce((least, time) => Math.min(least, time), known[0] ?? 0)
  const placed = tracks.flatMap(track => hold(track, start))
  placed.sort((a, b) => a.at - b.at)
  return {
    start,
    drafts: placed.map(dated),
    end: placed.at(-1)?.at ?? 0,
    held: placed.reduce((count, { original }) => count + (original === undefined ? 0 : 1), 0),
  }
}

interface Placed {
  readonly at: Micros
  readonly original: Micros | undefined
  readonly draft: WithoutTime<EntryDraft>
}

function hold(track: Track, start: EpochMicros): Placed[] {
  let latest = 0
  return track.map(({ time, draft }) => {
    const own = time === undefined ? latest : time - start
    latest = Math.max(latest, own)
    return { at: latest, original: own < latest ? own : undefined, draft }
  })
}

function dated({ at, original, draft }: Placed): EntryDraft {
  switch (draft.kind) {
    case 'frame':
    case 'request':
    case 'response':
      return original === undefined ? { ...draft, at } : { ...draft, at, original }
    default:
      return { ...draft, at }
  }
}
