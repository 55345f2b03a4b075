import type { EpochMicros } from '../../model/time.ts'
import type { Entry } from '../../tape/entry.ts'
import type { Ledger } from '../ledger.ts'
import { NO_NEWS, type ObservedAt, type PositionNews } from './position-source.ts'
import { SourceGaps } from './source-gaps.ts'

/**
 * A connection that we end ourselves is the end of the recording, as a rule, and nothing is missed by then. It is a
 * gap where the tape goes on with another connection, or time goes on for so many microseconds. So is the end of a tape
 * that has its connections open.
 */
const FAREWELL = 10_000_000

/** All positions of an account were told. */
interface Answer {
  readonly at: EpochMicros
  /** How many silences there had been. */
  readonly silences: number
}

/** Doubts a ledger's positions from where their source fell silent. */
export class TapeSilence {
  /** Silences so far. */
  count = 0
  readonly #ledger: Ledger
  readonly #gaps = new SourceGaps()
  /** By tape: when its source's connections ended without a gap so far; it may be that the tape is to end only then. */
  readonly #ended = new Map<number, EpochMicros[]>()
  /** Since when each lasted. */
  readonly #silences: EpochMicros[] = []
  /** By account, the last. */
  readonly #answers = new Map<string, Answer>()
  /** Doubted, and not told yet. */
  #untold: PositionNews[] = []
  #untoldAt: EpochMicros = Number.POSITIVE_INFINITY

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  get nextAt(): EpochMicros {
    if (this.#untold.length > 0) return this.#untoldAt
    let first = Number.POSITIVE_INFINITY
    for (const ended of this.#ended.values()) first = Math.min(first, ...ended)
    return first + FAREWELL
  }

  applyNext(at: EpochMicros): PositionNews | undefined {
    for (const [tape, ended] of this.#ended) {
      if (Math.min(...ended) + FAREWELL > at) continue
      this.#untold = [...this.#untold, ...this.#doubtEnded(tape, at)]
      this.#untoldAt = at
    }
    return this.#untold.shift()
  }

  /** A connection carried a word of the source. */
  heard(place: ObservedAt): void {
    this.#gaps.heard(place)
  }

  entry(entry: Entry, tape: number, at: EpochMicros): readonly PositionNews[] {
    const earlier = entry.kind === 'open' ? this.#doubtEnded(tape, at) : NO_NEWS
    if (!this.#gaps.begins(entry, tape)) return earlier
    if (entry.kind === 'close' && entry.by === 'us') {
      this.#end(tape, at)
      return earlier
    }
    return [...earlier, ...this.#doubt([at])]
  }

  /** `at` may be later than what other tapes are still to say. */
  endTape(tape: number, at: EpochMicros): void {
    if (this.#gaps.endTape(tape)) this.#end(tape, at)
  }

  /** All that is held in the account was told. */
  answered(account: string, at: EpochMicros): void {
    this.#answers.set(account, { at, silences: this.#silences.length })
  }

  /** A position that nothing was known of before: something may have been missed since the account was last told. */
  beginNew(key: string, account: string | undefined, at: EpochMicros): void {
    const answer = account === undefined ? undefined : this.#answers.get(account)
    const since = this.#silences
      .slice(answer?.silences)
      .find(silence => answer === undefined || silence >= answer.at)
    if (since !== undefined) this.#ledger.doubt(since, key)
    else if (answer !== undefined && [...this.#ended.values()].flat().every(ended => ended < answer.at)) {
      this.#ledger.confirm(key, at)
    }
  }

  /** What is held was told before a cut: it was so at `at`, and what came between nobody knows. */
  cut(at: EpochMicros): void {
    if (this.count === 0) this.count = 1
    this.#ledger.doubt(at)
  }

  #end(tape: number, at: EpochMicros): void {
    const ended = this.#ended.get(tape)
    if (ended === undefined) this.#ended.set(tape, [at])
    else ended.push(at)
  }

  /** What has ended on the tape by now: one silence, of which each position was missed since it was last told. */
  #doubtEnded(tape: number, now: EpochMicros): readonly PositionNews[] {
    const ended = this.#ended.get(tape) ?? []
    const later = ended.filter(at => at > now)
    if (later.length === 0) this.#ended.delete(tape)
    else this.#ended.set(tape, later)
    return this.#doubt(ended.filter(at => at <= now))
  }

  #doubt(times: readonly EpochMicros[]): readonly PositionNews[] {
    if (times.length === 0) return NO_NEWS
    this.count += 1
    this.#silences.push(...times)
    return times.flatMap(since => {
      return newsOf(this.#ledger.doubt(since))
    })
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
