import type { EpochMicros } from '../model/time.ts'
import type { Book } from './book.ts'
import type { Cause } from './lines.ts'
import type { TapePlace } from './matching.ts'
import type { PnlEvents } from './replay-options.ts'
import type { PositionNews } from './sources/position-source.ts'

/** Tells whoever listens what changed, and knows whether anything did since the last tick. */
export class Changes {
  hasChanged = false
  readonly #changed: PnlEvents['changed']

  constructor({ changed }: PnlEvents) {
    this.#changed = changed
  }

  /** The figures of these positions changed. */
  emit({ name, ledger }: Book, cause: Cause, keys: Iterable<string>): void {
    for (const key of keys) {
      this.hasChanged = true
      if (this.#changed === undefined) continue
      const position = ledger.position(key)
      if (position !== undefined) this.#changed(cause, position, ledger.totalNet(key), name)
    }
  }

  /** What facts that were learned since have changed, before anything else happens at `at`. */
  settle(book: Book, at: EpochMicros): void {
    this.emit(book, { kind: 'facts', at }, book.ledger.advance(at))
  }

  /** A book's source changed its positions. */
  tell(book: Book, news: readonly PositionNews[], at: EpochMicros, place?: Partial<TapePlace>): void {
    for (const { kind, key, line } of news) {
      const cause: Cause = { kind, at, ...place, ...(line === undefined ? {} : { line }) }
      this.emit(book, cause, [key])
    }
  }
}
