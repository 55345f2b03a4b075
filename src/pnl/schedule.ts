import type { EpochMicros } from '../model/time.ts'
import type { Book } from './book.ts'
import type { Changes } from './changes.ts'
import type { PnlEvents } from './replay-options.ts'

/** What happens in virtual time without an entry: marks that grow stale, positions from files, ticks. */
export class Schedule {
  /** Before this nothing is due. */
  nextDue: EpochMicros = 0
  readonly #books: readonly Book[]
  readonly #changes: Changes
  readonly #tick: PnlEvents['tick']
  #start: EpochMicros = 0
  #nextTick = Number.POSITIVE_INFINITY

  constructor(books: readonly Book[], changes: Changes, tick: PnlEvents['tick']) {
    this.#books = books
    this.#changes = changes
    this.#tick = tick
  }

  begin(start: EpochMicros): void {
    this.#start = start
    for (const { ledger } of this.#books) ledger.begin(start)
    if (this.#tick !== undefined) this.#nextTick = start + this.#tick.every
    this.advance(start)
  }

  /** All that is due up to `at`: at one time timers come before positions, and positions before entries. */
  advance(at: EpochMicros): void {
    for (;;) {
      const positionsAt = this.#earliest(book => book.sourceFrom(this.#start))
      const staleAt = this.#earliest(book => book.ledger.nextDue)
      const timerAt = Math.min(staleAt, this.#nextTick)
      const due = Math.min(positionsAt, timerAt)
      if (due > at) break
      if (!this.#changes.hasChanged && this.#nextTick === due)
        this.#skipTicks(Math.min(at, positionsAt, staleAt))
      else if (timerAt <= positionsAt) this.#fireTimers(timerAt)
      else this.#applyPositions(positionsAt)
    }
    this.renew()
  }

  /** A book has changed otherwise: something else may be due next. */
  renew(): void {
    this.nextDue = Math.min(
      this.#earliest(book => book.dueFrom(this.#start)),
      this.#nextTick,
    )
  }

  #earliest(time: (book: Book) => EpochMicros): EpochMicros {
    let earliest = Number.POSITIVE_INFINITY
    for (const book of this.#books) earliest = Math.min(earliest, time(book))
    return earliest
  }

  /** Nothing has changed since the last tick, nor will before `until`: two tapes may be years apart. */
  #skipTicks(until: EpochMicros): void {
    const every = this.#tick?.every ?? 1
    this.#nextTick += (Math.floor((until - this.#nextTick) / every) + 1) * every
  }

  #fireTimers(at: EpochMicros): void {
    for (const book of this.#books) this.#changes.emit(book, { kind: 'stale', at }, book.ledger.advance(at))
    if (this.#tick === undefined || at < this.#nextTick) return
    if (this.#changes.hasChanged) this.#tick.run(at, this.#books)
    this.#changes.hasChanged = false
    this.#nextTick += this.#tick.every
  }

  #applyPositions(at: EpochMicros): void {
    for (const book of this.#books) {
      if (book.sourceFrom(this.#start) > at) continue
      this.#changes.settle(book, at)
      const news = book.source.applyNext(at)
      if (news !== undefined) this.#changes.tell(book, [news], at)
    }
  }
}
