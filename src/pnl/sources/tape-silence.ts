import type { EpochMicros } from '../../model/time.ts'
import type { Entry } from '../../tape/entry.ts'
import type { Ledger } from '../ledger.ts'
import { NO_NEWS, type ObservedAt, type PositionNews } from './position-source.ts'
import { SourceGaps } from './source-gaps.ts'

/**
 * A connection that we end ourselves is the end of the recording, as a rule, and nothing is missed by then. It is a
 * gap where the tape goes on with another connection, or time goes on for so many microseconds.
 */
const FAREWELL = 10_000_000

/** Doubts a ledger's positions from where their source fell silent. */
export class TapeSilence {
  /** Silences so far. */
  count = 0
  readonly #ledger: Ledger
  readonly #gaps = new SourceGaps()
  /** We have ended the source's connection then, and on this tape. */
  #ended: { readonly at: EpochMicros; readonly tape: number } | undefined
  /** Since when nobody has told all that is held. */
  #since: EpochMicros | undefined
  /** Doubted, and not told yet. */
  #untold: PositionNews[] = []
  #untoldAt: EpochMicros = Number.POSITIVE_INFINITY

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  get nextAt(): EpochMicros {
    if (this.#untold.length > 0) return this.#untoldAt
    return this.#ended === undefined ? Number.POSITIVE_INFINITY : this.#ended.at + FAREWELL
  }

  applyNext(at: EpochMicros): PositionNews | undefined {
    if (this.#ended !== undefined) {
      this.#untold = [...this.#untold, ...this.#doubtEnded()]
      this.#untoldAt = at
    }
    return this.#untold.shift()
  }

  /** A connection carried a word of the source. */
  heard(place: ObservedAt): void {
    this.#gaps.heard(place)
  }

  entry(entry: Entry, tape: number, at: EpochMicros): readonly PositionNews[] {
    const isGoingOn = entry.kind === 'open' && this.#ended?.tape === tape
    const earlier = isGoingOn ? this.#doubtEnded() : NO_NEWS
    if (!this.#gaps.begins(entry, tape)) return earlier
    if (entry.kind === 'close' && entry.by === 'us') {
      this.#ended ??= { at, tape }
      return earlier
    }
    return [...earlier, ...this.#doubt(at)]
  }

  /** All that is held was told. */
  answered(): void {
    this.#since = undefined
  }

  /** A position that nothing was known of before, and of which something may have been missed. */
  doubtNew(key: string): void {
    if (this.#since !== undefined) this.#ledger.doubt(this.#since, key)
  }

  /** What is held was told before a cut: it was so at `at`, and what came between nobody knows. */
  cut(at: EpochMicros): void {
    if (this.count === 0) this.count = 1
    this.#ledger.doubt(at)
  }

  #doubtEnded(): readonly PositionNews[] {
    const at = this.#ended?.at
    this.#ended = undefined
    return at === undefined ? NO_NEWS : this.#doubt(at)
  }

  #doubt(since: EpochMicros): readonly PositionNews[] {
    this.count += 1
    this.#since ??= since
    return newsOf(this.#ledger.doubt(since))
  }
}

function newsOf(keys: readonly string[]): readonly PositionNews[] {
  return keys.map(key => ({ kind: 'uncertain', key }))
}

/** What silences left behind, where there were any. */
export interface SilenceReport {
  readonly gaps?: number
  /** Positions that nothing has confirmed since. */
  readonly unconfirmed?: number
}

export function silenceReport({ count }: TapeSilence, ledger: Ledger): SilenceReport {
  if (count === 0) return {}
  const uncertain = ledger.positions().filter(({ uncertainSince }) => uncertainSince !== undefined)
  return { gaps: count, unconfirmed: uncertain.length }
}
