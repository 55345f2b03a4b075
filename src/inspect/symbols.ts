import { decimalText } from '../model/decimal.ts'
import type { QuoteUpdate } from '../model/observation.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { QuoteBook } from '../normalize/index.ts'
import type { Entry, Frame } from '../tape/entry.ts'
import { FindingsCount } from './findings.ts'
import type { Finding, SymbolReport } from './inspection.ts'
import { LatenessCount } from './lateness.ts'
import { Removals } from './removals.ts'

interface Row {
  readonly names: Set<string>
  readonly firstAt: Micros
  lastAt: Micros
}

/** What was said of each instrument, and what was odd about the saying. */
export class Symbols {
  readonly afterRemoval = new FindingsCount()
  readonly olderQuotes = new FindingsCount()
  readonly lateness = new LatenessCount()
  readonly #start: EpochMicros
  readonly #book = new QuoteBook()
  readonly #removals = new Removals()
  readonly #rows = new Map<string, Row>()
  /** The wire's time of each instrument's newest trade. */
  readonly #newest = new Map<string, EpochMicros>()

  constructor(start: EpochMicros) {
    this.#start = start
  }

  apply(entry: Entry): void {
    this.#removals.apply(entry)
    if (entry.kind === 'close') this.#book.disconnect(entry.conn)
  }

  update(update: QuoteUpdate, frame: Frame, packet: number): void {
    const finding = findingOf(update, frame, packet)
    if (this.#removals.has(frame, update.session, update.name)) this.afterRemoval.add(finding)
    const receipt = { at: this.#start + frame.at, seq: frame.seq, packet }
    const lateBefore = this.#book.quote(update.name)?.late ?? 0
    const quote = this.#book.apply(update, receipt, frame.conn)
    if (quote.late > lateBefore) this.olderQuotes.add(finding)
    this.#row(quote.name, update.name, frame.at)
    const { lastTime } = update.fields
    if (lastTime === undefined || lastTime === null) return
    const newest = this.#newest.get(quote.name)
    if (newest === undefined || lastTime > newest) this.#newest.set(quote.name, lastTime)
    // The first is a snapshot: its time says when the last trade was, not how late the news of it is.
    if (newest !== undefined && lastTime > newest) {
      this.lateness.add(receipt.at - lastTime - (quote.fields.delay ?? 0) * 1_000_000)
    }
  }

  symbols(): readonly SymbolReport[] {
    return this.#book.quotes().map(({ name, fields, updates }) => {
      const { names = new Set<string>(), firstAt = 0, lastAt = 0 } = this.#rows.get(name) ?? {}
      const { last, lastTime, mode, delay } = fields
      return {
        symbol: name,
        names: [...names],
        updates,
        firstAt,
        lastAt,
        ...(last === undefined ? {} : { last: last === null ? null : decimalText(last) }),
        ...(lastTime === undefined ? {} : { lastTime }),
        ...(mode === undefined ? {} : { mode }),
        ...(delay === undefined ? {} : { delay }),
      }
    })
  }

  #row(symbol: string, name: string, at: Micros): void {
    const row = this.#rows.get(symbol)
    if (row === undefined) this.#rows.set(symbol, { names: new Set([name]), firstAt: at, lastAt: at })
    else {
      row.names.add(name)
      row.lastAt = at
    }
  }
}

function findingOf({ session, name }: QuoteUpdate, { seq, at, conn }: Frame, packet: number): Finding {
  return { seq, packet, at, conn, session, name }
}
