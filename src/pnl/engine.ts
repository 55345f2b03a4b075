import { InstrumentBook } from '../instruments/index.ts'
import type { AccountObservation } from '../model/account.ts'
import type { InstrumentFacts, Observation, QuoteUpdate } from '../model/observation.ts'
import { type EpochMicros, epochMicrosFromIso, isoFromEpochMicros } from '../model/time.ts'
import { MarketBook, Normalizer } from '../normalize/index.ts'
import { refuseSameTape } from '../replay/index.ts'
import type { Entry, Header, Message } from '../tape/entry.ts'
import { twoPositions } from './ambiguous.ts'
import { refuseAmbiguousNames } from './ambiguous-names.ts'
import { Book, bookNames, writtenNames } from './book.ts'
import { Changes } from './changes.ts'
import type { PositionReport } from './holding.ts'
import type { Cause } from './lines.ts'
import type { QuoteView } from './mark.ts'
import type { BookPlan, EngineOptions, PnlEvents, PnlResult } from './replay-options.ts'
import { Schedule } from './schedule.ts'
import { TapePlaces } from './tape-places.ts'

/**
 * Entries, timers and positions to P&L: a function of what it is given, in that order. A replay gives it the entries
 * of tapes, a live run those that are being recorded; its `advance` may be called at any time between two entries,
 * and at whatever times it is called the same events come of the same entries.
 */
export class PnlEngine {
  readonly #options: EngineOptions
  readonly #normalizers: readonly Normalizer[]
  readonly #places: TapePlaces
  readonly #instruments: InstrumentBook
  readonly #market: MarketBook
  readonly #books: readonly Book[]
  /** Instruments that quotes or positions have come to under another name, and are to be marked anew. */
  readonly #joined = new Set<string>()
  readonly #changes: Changes
  readonly #moved: PnlEvents['moved']
  readonly #schedule: Schedule
  #start: EpochMicros = 0
  #tape = 0
  #at: EpochMicros = 0

  /** Throws `usage` where one tape is named twice. */
  constructor(
    headers: readonly Header[],
    plans: readonly BookPlan[],
    options: EngineOptions,
    events: PnlEvents = {},
  ) {
    refuseSameTape(headers)
    this.#options = options
    this.#moved = events.moved
    this.#normalizers = headers.map(header => this.#normalizer(header))
    this.#places = new TapePlaces(headers)
    this.#market = new MarketBook(headers, {
      config: options.config,
      names: plans.flatMap(writtenNames),
      moved: (from, to) => this.#move(from, to),
      rolled: (from, to) => this.#instruments.roll(from, to),
    })
    const canonical = (name: string): string => this.#market.identities.canonical(name)
    this.#instruments = new InstrumentBook(options.config, canonical)
    const { chain, staleAfter, matching, fees } = options
    const ledger = {
      chain,
      staleAfter,
      ...(matching === undefined ? {} : { matching }),
      ...(fees === undefined ? {} : { fees }),
      instruments: this.#instruments,
      quoteOf: (name: string) => this.#market.quotes.quote(name),
    }
    const names = bookNames(plans)
    this.#books = plans.map((plan, index) => new Book(names[index] ?? '', plan, ledger, canonical))
    this.#changes = new Changes(events)
    this.#schedule = new Schedule(this.#books, this.#changes, events.tick)
  }

  /** In the order of their plans, as they stand now. */
  get books(): readonly Book[] {
    return this.#books
  }

  /** Before anything else: virtual time begins. */
  begin(start: EpochMicros): void {
    this.#start = start
    this.#schedule.begin(start)
  }

  /** The next entry of the one total order; `tape` is the place of its tape as named. */
  take(entry: Entry, tape: number, at: EpochMicros): void {
    if (at >= this.#schedule.nextDue) this.#schedule.advance(at)
    this.#tape = tape
    this.#at = at
    this.#market.apply(entry, tape)
    if (entry.kind !== 'frame') this.#takeNote(entry, tape, at)
    this.#normalizers[tape]?.apply(entry)
  }

  /** A tape has no more entries: what its connections carried is told no longer. */
  endTape(tape: number, at: EpochMicros): void {
    for (const { source } of this.#books) source.endTape(tape, at)
    this.#schedule.renew()
  }

  /** All that is due up to `at`: at one time timers come before positions, and positions before entries. */
  advance(at: EpochMicros): void {
    if (at >= this.#schedule.nextDue) this.#schedule.advance(at)
  }

  /** Virtual time has ended. Throws `bad-positions` and `ambiguous`. */
  finish(end: EpochMicros): PnlResult {
    // First, so that a run which ends in an error has said the same by then, replayed or live.
    this.#schedule.advance(end)
    for (const { source } of this.#books) source.finish(this.#start, end)
    return this.stand(end)
  }

  /** The figures as they are now, at a time not before the last entry's. Throws `ambiguous`. */
  stand(at: EpochMicros): PnlResult {
    this.#schedule.advance(at)
    // Ages are those of now, also where nothing was due.
    for (const book of this.#books) this.#changes.settle(book, at)
    refuseAmbiguousNames(this.#books, this.#market.identities)
    return this.#result(at)
  }

  /** The identity of the instrument that a name means. */
  canonical(name: string): string {
    return this.#market.identities.canonical(name)
  }

  /** Of all books, as they are now. */
  positions(): readonly PositionReport[] {
    return this.#books.flatMap(({ ledger }) => ledger.positions())
  }

  /** The merged quote of an instrument, by its identity. */
  quoteOf(instrument: string): QuoteView | undefined {
    return this.#market.quotes.quote(instrument)
  }

  /** Which feed a connection carries, `''` where none was named. */
  feedOf(tape: number, conn: number): string {
    return this.#places.feedOf(tape, conn)
  }

  #normalizer(header: Header): Normalizer {
    const start = epochMicrosFromIso(header.start)
    const { settings } = this.#options
    return new Normalizer(
      { observation: (observation, entry, packet) => this.#observe(observation, entry, packet) },
      {
        ...(settings === undefined ? {} : { settings }),
        ...(start === undefined ? {} : { start }),
      },
    )
  }

  #observe(observation: Observation, entry: Message, packet: number): void {
    switch (observation.kind) {
      case 'quote':
        this.#takeQuote(observation, entry, packet)
        return
      case 'instrument':
        this.#learn(observation, entry, packet)
        return
      case 'trade':
      case 'bar':
      case 'depth':
        return
      default:
        this.#takeWord(observation, entry, packet)
    }
  }

  #takeQuote(update: QuoteUpdate, { conn, seq }: Message, packet: number): void {
    const at = this.#at
    const quote = this.#market.quotes.apply(update, { at, seq, packet }, conn, this.#tape)
    let isMoved = false
    for (const book of this.#books) {
      const keys = book.ledger.quote(quote.name, quote, at)
      if (keys.length === 0) continue
      isMoved = true
      this.#changes.emit(book, { kind: 'quote', at, tape: this.#tapeId(), seq, packet }, keys)
    }
    if (isMoved) this.#schedule.renew()
  }

  /** What an entry says of positions comes where the entry stands, behind what was due by then. */
  #takeWord(word: AccountObservation, entry: Message, packet: number): void {
    const at = this.#at
    const place = this.#places.of(entry, this.#tape, packet)
    const { tape, seq } = place
    for (const book of this.#books) {
      this.#changes.settle(book, at)
      this.#changes.tell(book, book.source.observe(word, place, at), at, { tape, seq, packet })
    }
    this.#schedule.renew()
  }

  /** An entry that is no frame: connections that begin and end, and what was lost. */
  #takeNote(entry: Entry, tape: number, at: EpochMicros): void {
    this.#places.apply(entry, tape)
    for (const book of this.#books) {
      const news = book.source.entry(entry, tape, at)
      if (news.length > 0) this.#changes.tell(book, news, at, { tape: this.#tapeId(), seq: entry.seq })
    }
    this.#schedule.renew()
  }

  #learn(facts: InstrumentFacts, entry: Message, packet: number): void {
    const isKnownAnew = this.#market.learn(facts, entry, this.#tape)
    const isLearned = this.#instruments.learn(facts, this.#market.place(entry, this.#tape))
    if (isKnownAnew || isLearned) this.#settleFacts(entry, packet)
  }

  #move(from: string, to: string): void {
    for (const { ledger, source } of this.#books) {
      if (!ledger.has(from) || !ledger.has(to)) continue
      const where = `${source.where}, at ${isoFromEpochMicros(this.#at)} of the tape ${this.#tapeId()}`
      throw twoPositions(from, to, where)
    }
    this.#instruments.move(from, to)
    for (const { ledger, source } of this.#books) {
      ledger.move(from, to)
      source.move(from, to)
    }
    this.#joined.add(to)
    this.#moved?.(from, to)
  }

  #settleFacts(entry: Message, packet: number): void {
    const at = this.#at
    const cause: Cause = { kind: 'facts', at, tape: this.#tapeId(), seq: entry.seq, packet }
    for (const book of this.#books) {
      const changed = new Set(book.ledger.advance(at))
      for (const name of this.#joined) {
        const quote = this.#market.quotes.quote(name)
        if (quote === undefined) continue
        for (const key of book.ledger.quote(quote.name, quote, at)) changed.add(key)
      }
      this.#changes.emit(book, cause, changed)
    }
    this.#joined.clear()
    this.#schedule.renew()
  }

  #tapeId(): string {
    return this.#places.idOf(this.#tape)
  }

  #result(end: EpochMicros): PnlResult {
    const { identities } = this.#market
    const books = this.#books.map(book => book.report(this.#options.pairs === true))
    const held = new Set(books.flatMap(({ positions }) => positions.map(({ instrument }) => instrument)))
    return {
      start: this.#start,
      end,
      books,
      contradictions: [...identities.contradictions(), ...this.#instruments.contradictions()],
      // Of the positions, where a word of theirs rests on what the config or a wire says.
      identities: [...held]
        .map(instrument => identities.identity(instrument))
        .filter(({ words }) =>
          words.some(({ source }) => source.kind === 'config' || source.kind === 'wire'),
        ),
      quoted: this.#market.quotes.quotes().map(({ name }) => name),
      rolls: identities.rolls(),
      tallies: this.#normalizers.map(normalizer => normalizer.tally),
    }
  }
}
