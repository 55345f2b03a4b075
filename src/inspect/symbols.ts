import type { InstrumentConfig } from '../instruments/index.ts'
import { decimalText } from '../model/decimal.ts'
import type { InstrumentFacts, QuoteUpdate } from '../model/observation.ts'
import { type EpochMicros, epochMicrosFromIso, type Micros } from '../model/time.ts'
import { MarketBook } from '../normalize/index.ts'
import type { Entry, Header, Message } from '../tape/entry.ts'
import { otherChange } from './day-change.ts'
import { FindingsCount } from './findings.ts'
import type { ChangeFinding, Finding, SymbolReport } from './inspection.ts'
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
  readonly otherChanges = new FindingsCount<ChangeFinding>()
  readonly lateness = new LatenessCount()
  readonly #start: EpochMicros
  readonly #market: MarketBook
  readonly #removals = new Removals()
  readonly #rows = new Map<string, Row>()
  /** The wire's time of each instrument's newest trade. */
  readonly #newest = new Map<string, EpochMicros>()

  constructor(header: Header, config?: ReadonlyMap<string, InstrumentConfig>) {
    this.#start = epochMicrosFromIso(header.start) ?? 0
    this.#market = new MarketBook([header], { config, moved: (from, to) => this.#move(from, to) })
  }

  apply(entry: Entry): void {
    this.#removals.apply(entry)
    this.#market.apply(entry)
  }

  learn(facts: InstrumentFacts, message: Message): void {
    this.#market.learn(facts, message)
  }

  update(update: QuoteUpdate, frame: Message, packet: number): void {
    const finding = findingOf(update, frame, packet)
    if (this.#removals.has(frame, update.session, update.name)) this.afterRemoval.add(finding)
    const other = otherChange(update.fields)
    if (other !== undefined) this.otherChanges.add({ ...finding, ...other })
    const receipt = { at: this.#start + frame.at, seq: frame.seq, packet }
    const book = this.#market.quotes
    const lateBefore = book.quote(update.name)?.late ?? 0
    const quote = book.apply(update, receipt, frame.conn)
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
    return this.#market.quotes.quotes().map(({ name, fields, updates }) => {
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

  #move(from: string, to: string): void {
    const [row, known] = [this.#rows.get(from), this.#rows.get(to)]
    this.#rows.delete(from)
    if (row !== undefined) this.#rows.set(to, known === undefined ? row : bothOf(row, known))
    const newest = Math.max(this.#newest.get(from) ?? -1, this.#newest.get(to) ?? -1)
    this.#newest.delete(from)
    if (newest >= 0) this.#newest.set(to, newest)
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

function bothOf(one: Row, other: Row): Row {
  return {
    names: new Set([...other.names, ...one.names]),
    firstAt: Math.min(one.firstAt, other.firstAt),
    lastAt: Math.max(one.lastAt, other.lastAt),
  }
}

function findingOf({ session, name }: QuoteUpdate, { seq, at, conn }: Message, packet: number): Finding {
  return { seq, packet, at, conn, session, name }
}
