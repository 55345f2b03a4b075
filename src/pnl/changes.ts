import { type Decimal, decimalEquals } from '../model/decimal.ts'
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
  readonly #equity: PnlEvents['equity']
  /** By book and total. */
  readonly #nets = new Map<string, Decimal | undefined>()

  constructor({ changed, equity }: PnlEvents) {
    this.#changed = changed
    this.#equity = equity
  }

  /** The figures of these positions changed. */
  emit(book: Book, cause: Cause, keys: Iterable<string>): void {
    const { name, ledger } = book
    for (const key of keys) {
      this.hasChanged = true
      if (this.#changed === undefined) continue
      const position = ledger.position(key)
      if (position !== undefined) this.#changed(cause, position, ledger.totalNet(key), name)
    }
    if (this.#equity !== undefined) this.#tellEquity(book, cause.at)
  }

  /** A curve begins where all of it is priced, and has a hole where something is not. */
  #tellEquity({ name, ledger }: Book, at: EpochMicros): void {
    for (const total of ledger.nets()) {
      const key = `${name} ${total.key}`
      const before = this.#nets.get(key)
      const { net } = total
      const isSame = before === undefined || net === undefined ? before === net : decimalEquals(before, net)
      if (isSame) continue
      this.#nets.set(key, net)
      this.#equity?.(at, total, name)
    }
  }

  /** What facts that were learned since have changed, before anything else happens at `at`. */
  settle(book: Book, at: EpochMicros): void {
    this.emit(book, { kind: 'facts', at }, book.ledger.advance(at))
  }

  /** A book's source changed its positions. */
  tell(book: Book, news: readonly PositionNews[], at: EpochMicros, place?: Partial<TapePlace>): void {
    for (const { kind, key, line, deal } of news) {
      const cause: Cause = {
        kind,
        at,
        ...place,
        ...(line === undefined ? {} : { line }),
        ...(deal === undefined ? {} : { deal }),
      }
      this.emit(book, cause, [key])
    }
  }
}
