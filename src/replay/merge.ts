import { FeedtapeError } from '../model/errors.ts'
import { type EpochMicros, epochMicrosFromIso } from '../model/time.ts'
import type { Entry } from '../tape/entry.ts'
import type { EntrySource } from './source.ts'

/**
 * Takes an entry of the one total order (time, tapes as named, seq). `at` is the header's start + the entry's
 * `at`; `tape` is the index of its tape.
 */
export type OnEntry = (entry: Entry, tape: number, at: EpochMicros) => void

export interface EntryTaker {
  readonly take: OnEntry
  /** A tape has no more entries. It ends at `at`, which may be later than what other tapes are still to say. */
  endTape?(tape: number, at: EpochMicros): void
}

/** One pending entry a tape: memory does not grow with their length. */
class Cursor {
  readonly source: EntrySource
  readonly tape: number
  readonly start: EpochMicros
  pending: Entry | undefined
  #lastAt = 0

  constructor(source: EntrySource, tape: number) {
    this.source = source
    this.tape = tape
    this.start = startOf(source)
  }

  /** Takes what is at hand; false when more has to be fetched or the source has ended. */
  step(): boolean {
    const entry = this.source.next()
    this.pending = entry
    if (entry === undefined) return false
    this.#lastAt = entry.at
    return true
  }

  async advance(): Promise<void> {
    while (!this.step()) {
      if (!(await this.source.fill())) return
    }
  }

  /** The seal's time, or that of the last entry where there is no seal. */
  get end(): EpochMicros {
    return this.start + Math.max(this.source.seal?.at ?? 0, this.#lastAt)
  }
}

/** Several tapes as one stream. It waits for the slowest source, never for a clock. */
export class TapeMerge {
  readonly #cursors: readonly Cursor[]

  constructor(sources: readonly EntrySource[]) {
    this.#cursors = sources.map((source, tape) => new Cursor(source, tape))
  }

  /** The earliest header start: when the replay begins. */
  get start(): EpochMicros {
    return Math.min(...this.#cursors.map(cursor => cursor.start))
  }

  /** When the last of the tapes ended; known behind the last entry. */
  get end(): EpochMicros {
    return Math.max(...this.#cursors.map(cursor => cursor.end))
  }

  /**
   * `before` may hold the entry of a time back: that is how a pace is kept. Entries later than `until` stay unread but
   * for the first of each tape.
   */
  async run(
    onEntry: OnEntry | EntryTaker,
    before?: (at: EpochMicros) => Promise<void>,
    until: EpochMicros = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const taker = typeof onEntry === 'function' ? { take: onEntry } : onEntry
    for (const cursor of this.#cursors) await this.#advance(cursor, taker)
    for (;;) {
      const cursor = this.#earliest()
      if (cursor?.pending === undefined) return
      const at = timeOf(cursor)
      if (at > until) return
      if (before !== undefined) await before(at)
      taker.take(cursor.pending, cursor.tape, at)
      if (!cursor.step()) await this.#advance(cursor, taker)
    }
  }

  async #advance(cursor: Cursor, taker: EntryTaker): Promise<void> {
    await cursor.advance()
    if (cursor.pending === undefined) taker.endTape?.(cursor.tape, cursor.end)
  }

  #earliest(): Cursor | undefined {
    let best: Cursor | undefined
    for (const cursor of this.#cursors) {
      if (cursor.pending === undefined) continue
      // Named earlier wins at the same time; within a tape the file's order is seq's.
      if (best === undefined || timeOf(cursor) < timeOf(best)) best = cursor
    }
    return best
  }
}

function timeOf(cursor: Cursor): EpochMicros {
  return cursor.start + (cursor.pending?.at ?? 0)
}

function startOf(source: EntrySource): EpochMicros {
  const start = epochMicrosFromIso(source.header.start)
  if (start === undefined) {
    throw new FeedtapeError('not-a-tape', 'the header’s start is no time', {
      where: `tape ${source.header.id}`,
      expected: 'ISO 8601 with an offset',
      found: source.header.start,
    })
  }
  return start
}
