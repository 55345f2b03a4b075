import type { EpochMicros } from '../../model/time.ts'
import type { RunEvent, RunLine, RunPosition } from './run-lines.ts'
import { RunPair } from './run-pair.ts'
import type { RunSurvey } from './run-survey.ts'

/** What of a run is compared, and with what. */
export interface RunReach {
  /** Later events are left out; none where nothing is said. */
  readonly until: EpochMicros | undefined
  /** By what they are called at the end; all where nothing is said. */
  readonly instruments: ReadonlySet<string> | undefined
  /** From a book's name to the pair's; others are left out. */
  readonly books: ReadonlyMap<string, string | undefined>
  /** Of both runs, filled by them. */
  readonly pairs: Map<string, RunPair>
}

/** One of the two runs: the events that are compared, one by one. */
export class RunSide {
  readonly #side: 0 | 1
  readonly #lines: AsyncIterator<RunLine>
  readonly #survey: RunSurvey
  readonly #reach: RunReach
  readonly #moves: ReadonlyMap<string, string>
  #pending: { readonly event: RunEvent; readonly pair: RunPair } | undefined

  constructor(side: 0 | 1, lines: AsyncIterable<RunLine>, survey: RunSurvey, reach: RunReach) {
    this.#side = side
    this.#lines = lines[Symbol.asyncIterator]()
    this.#survey = survey
    this.#reach = reach
    this.#moves = survey.names.moves()
  }

  get pendingAt(): EpochMicros {
    return this.#pending?.event.at ?? Number.POSITIVE_INFINITY
  }

  /** Gives the pending event to its pair. */
  take(): RunPair {
    if (this.#pending === undefined) throw new Error('no event is pending')
    const { event, pair } = this.#pending
    pair.take(this.#side, event)
    return pair
  }

  /** On to the next event that is compared. */
  async step(): Promise<void> {
    const { until = Number.POSITIVE_INFINITY } = this.#reach
    for (;;) {
      const { done, value } = await this.#lines.next()
      this.#pending = undefined
      if (done === true) return
      if (value.kind !== 'event' && value.kind !== 'position') continue
      const pair = this.#pairOf(value)
      if (pair === undefined) continue
      if (value.kind === 'position') pair.take(this.#side, value)
      else if (value.at <= until) {
        this.#pending = { event: value, pair }
        return
      }
    }
  }

  #pairOf({ book, instrument, labelKey }: RunEvent | RunPosition): RunPair | undefined {
    const { books, instruments, pairs } = this.#reach
    const own = book ?? this.#survey.books[0] ?? ''
    if (!books.has(own)) return undefined
    const name = this.#moves.get(instrument) ?? instrument
    if (instruments !== undefined && !instruments.has(name)) return undefined
    if (this.#hasGone(name)) return undefined
    const paired = books.get(own)
    const key = JSON.stringify([paired, name, labelKey])
    const known = pairs.get(key) ?? new RunPair(name, paired)
    pairs.set(key, known)
    return known
  }

  /** A name that was given up for one that cannot be told: at the end nothing is held under it. */
  #hasGone(name: string): boolean {
    const { names, summary } = this.#survey
    return this.#reach.until === undefined && summary !== undefined && !names.isHeld(name)
  }
}
