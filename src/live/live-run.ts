import { type EpochMicros, epochMicrosFromIso, type Micros } from '../model/time.ts'
import { type BookPlan, type EngineOptions, PnlEngine, PnlLines, type PnlResult } from '../pnl/index.ts'
import type { Recording } from '../record/index.ts'
import type { Entry } from '../tape/index.ts'
import type { LiveEvents, LiveView } from './live-view.ts'

/** What a live run came to, or what it could not be counted any longer for. */
export type LivePnl =
  | { readonly kind: 'counted'; readonly result: PnlResult; readonly digest: string }
  | { readonly kind: 'failed'; readonly error: unknown }

/**
 * The engine of a replay on the entries that a recording puts on its tape. Between two of them it may be asked at any
 * time: it never goes ahead of an entry that is still to come, so that a replay of the tape makes the same of it.
 */
export class LiveRun {
  readonly #recording: Recording
  readonly #rules: EngineOptions
  readonly #events: LiveEvents
  readonly #engine: PnlEngine
  readonly #lines: PnlLines
  readonly #start: EpochMicros
  #at: EpochMicros
  #entryAt: EpochMicros
  #isHalted = false
  #failure: { readonly error: unknown } | undefined

  constructor(
    recording: Recording,
    plans: readonly BookPlan[],
    rules: EngineOptions,
    events: LiveEvents = {},
  ) {
    const start = epochMicrosFromIso(recording.header.start)
    if (start === undefined) throw new Error('a recording whose start is no time')
    this.#recording = recording
    this.#rules = rules
    this.#events = events
    this.#lines = new PnlLines(plans.length, (line, key) => events.line?.(line, key))
    this.#engine = new PnlEngine([recording.header], plans, rules, {
      changed: (cause, position, totalNet, book) => {
        this.#lines.changed(cause, position, totalNet, book)
        events.changed?.(cause, position, totalNet, book)
      },
      ...(rules.equity === true ? { equity: this.#lines.equity } : {}),
      ...(events.tick === undefined ? {} : { tick: events.tick }),
    })
    this.#start = start
    this.#at = start
    this.#entryAt = start
  }

  begin(): void {
    this.#attempt(() => this.#engine.begin(this.#start))
  }

  /** The next entry of the tape. What it cannot count ends the counting, never the recording. */
  take(entry: Entry): void {
    this.#entryAt = this.#start + entry.at
    this.#at = Math.max(this.#at, this.#entryAt)
    this.#attempt(() => this.#engine.take(entry, 0, this.#entryAt))
  }

  /** All that is due by now, and how things stand. */
  look(): LiveView {
    this.#advance()
    const { books } = this.#engine
    return {
      at: this.#at,
      start: this.#start,
      tape: this.#recording.header.id,
      rules: this.#rules,
      books,
      isCounted: this.#failure === undefined,
    }
  }

  /** The tape is about to be sealed: what is due later is not in it. */
  halt(): void {
    this.#isHalted = true
  }

  /** `sealAt`: the tape's own end, which is the end of its replay; without one it ends with its last entry. */
  finish(sealAt: Micros | undefined): LivePnl {
    const { failure, header } = this.#recording
    const end = Math.max(this.#entryAt, this.#start + (sealAt ?? 0))
    if (this.#failure !== undefined) return { kind: 'failed', error: this.#failure.error }
    // What was counted is more than the tape holds: its summary would pass for the tape's.
    if (failure !== undefined) return { kind: 'failed', error: failure }
    try {
      const result = this.#engine.finish(end)
      this.#at = end
      return { kind: 'counted', result, digest: this.#lines.finish(result, [header], this.#rules) }
    } catch (error) {
      return { kind: 'failed', error }
    }
  }

  #advance(): void {
    const recording = this.#recording
    // A broken tape gets no entry any more.
    if (this.#isHalted || recording.broken.aborted) return
    const at = recording.at()
    // What waits was received before `at`; whatever comes behind it is stamped later.
    recording.catchUp()
    this.#at = Math.max(this.#at, this.#start + at)
    this.#attempt(() => this.#engine.advance(this.#at))
  }

  #attempt(step: () => void): void {
    if (this.#failure !== undefined) return
    try {
      step()
    } catch (error) {
      this.#failure = { error }
      this.#events.failed?.(error)
    }
  }
}
