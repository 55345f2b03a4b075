import {
  type Contradiction,
  InstrumentBook,
  type InstrumentConfig,
  identityOf,
} from '../instruments/index.ts'
import type { Observation } from '../model/observation.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { Normalizer, QuoteBook, type Receipt, type Tally } from '../normalize/index.ts'
import { createPacer, type EntrySource, type Pace, TapeMerge } from '../replay/index.ts'
import type { Entry, Frame } from '../tape/entry.ts'
import { AliasBook } from './alias.ts'
import type { TotalReport } from './currency-total.ts'
import type { PositionReport } from './holding.ts'
import { Ledger } from './ledger.ts'
import type { Cause } from './lines.ts'
import type { MarkChain } from './mark.ts'
import { checkFillsWithin, type Fill, type PositionsFile } from './positions-file.ts'

export interface PnlOptions {
  readonly chain: MarkChain
  readonly staleAfter: Micros
  readonly config?: ReadonlyMap<string, InstrumentConfig>
  readonly pace?: Pace
}

/** Fills in the order of time, and the file that errors name. */
export type Positions = Pick<PositionsFile, 'file' | 'fills'>

export interface PnlEvents {
  /** A figure changed. Reports are made only when someone listens. */
  changed?(cause: Cause, position: PositionReport, total: TotalReport | undefined): void
  /** Every `every` µs of virtual time since the start, before what happens at that time. */
  readonly tick?: { readonly every: Micros; run(at: EpochMicros, ledger: Ledger): void }
}

export interface PnlResult {
  readonly start: EpochMicros
  readonly end: EpochMicros
  readonly positions: readonly PositionReport[]
  readonly totals: readonly TotalReport[]
  readonly contradictions: readonly Contradiction[]
  /** One a tape, as named. */
  readonly tallies: readonly Tally[]
  /** Declared delay in seconds, by the positions' names. */
  readonly delays: ReadonlyMap<string, number>
}

/** Tapes and fills to P&L: a function of its arguments. Throws `bad-positions` and `ambiguous`. */
export async function replayPnl(
  sources: readonly EntrySource[],
  positions: Positions,
  options: PnlOptions,
  events: PnlEvents = {},
): Promise<PnlResult> {
  return new PnlRun(sources, positions, options, events).run()
}

class PnlRun {
  readonly #sources: readonly EntrySource[]
  readonly #positions: Positions
  readonly #fills: readonly Fill[]
  readonly #options: PnlOptions
  readonly #events: PnlEvents
  readonly #merge: TapeMerge
  readonly #normalizers: readonly Normalizer[]
  readonly #instruments: InstrumentBook
  readonly #quotes = new QuoteBook()
  readonly #aliases: AliasBook
  /** Instruments of the tape to what the ledger calls them: a bare name that was opened before its instrument came. */
  readonly #ledgerNames = new Map<string, string>()
  readonly #ledger: Ledger
  readonly #seen = new Set<string>()
  #nextFill = 0
  #nextTick = Number.POSITIVE_INFINITY
  #nextDue: EpochMicros = 0
  #tape = 0
  #at: EpochMicros = 0

  constructor(sources: readonly EntrySource[], positions: Positions, options: PnlOptions, events: PnlEvents) {
    this.#sources = sources
    this.#positions = positions
    this.#fills = positions.fills
    this.#options = options
    this.#events = events
    this.#merge = new TapeMerge(sources)
    this.#normalizers = sources.map(
      () => new Normalizer({ observation: (o, entry, packet) => this.#observe(o, entry, packet) }),
    )
    this.#instruments = new InstrumentBook(options.config)
    const names = [...positions.fills.map(fill => fill.instrument), ...(options.config?.keys() ?? [])]
    this.#aliases = new AliasBook(names.map(identityOf), (bare, instrument) =>
      this.#instruments.alias(bare, instrument),
    )
    const { chain, staleAfter } = options
    this.#ledger = new Ledger({
      chain,
      staleAfter,
      instruments: this.#values(),
      quoteOf: name => this.#quotes.quote(this.#aliases.instrumentFor(name)),
    })
  }

  async run(): Promise<PnlResult> {
    const start = this.#merge.start
    if (this.#events.tick !== undefined) this.#nextTick = start + this.#events.tick.every
    const { pace } = this.#options
    const hold = pace === undefined ? undefined : createPacer(start, pace, at => this.#advance(at))
    this.#advance(start)
    await this.#merge.run((entry, tape, at) => this.#take(entry, tape, at), hold)
    const end = this.#merge.end
    checkFillsWithin(this.#positions, start, end)
    await hold?.(end)
    this.#advance(end)
    return this.#result(start, end)
  }

  #take(entry: Entry, tape: number, at: EpochMicros): void {
    if (at >= this.#nextDue) this.#advance(at)
    this.#tape = tape
    this.#at = at
    this.#normalizers[tape]?.apply(entry)
    if (entry.kind === 'close') this.#quotes.disconnect(entry.conn, tape)
  }

  #observe(observation: Observation, entry: Frame, packet: number): void {
    const at = this.#at
    if (observation.kind === 'instrument') {
      if (this.#instruments.learn(observation)) this.#settleFacts(entry, packet)
      return
    }
    if (observation.kind !== 'quote') return
    const receipt: Receipt = { at, seq: entry.seq, packet }
    const quote = this.#quotes.apply(observation, receipt, entry.conn, this.#tape)
    if (quote.updates === 1) this.#see(quote.name)
    const name = this.#ledgerNames.get(quote.name) ?? quote.name
    if (!this.#ledger.quote(name, quote, at)) return
    this.#changed({ kind: 'quote', at, tape: this.#tapeId(), seq: entry.seq, packet }, name)
    this.#nextDue = this.#dueNext()
  }

  #see(instrument: string): void {
    if (this.#seen.has(instrument)) return
    this.#seen.add(instrument)
    this.#aliases.see(instrument)
    const bare = this.#aliases.bareNameOf(instrument)
    if (bare !== undefined && this.#ledger.position(bare) !== undefined)
      this.#ledgerNames.set(instrument, bare)
  }

  #settleFacts(entry: Frame, packet: number): void {
    const at = this.#at
    const cause: Cause = { kind: 'facts', at, tape: this.#tapeId(), seq: entry.seq, packet }
    for (const name of this.#ledger.advance(at)) this.#changed(cause, name)
  }

  /** All that is due up to `at`: at one time timers come before positions, and positions before entries. */
  #advance(at: EpochMicros): void {
    for (;;) {
      const fillAt = this.#fillAt()
      const timerAt = Math.min(this.#ledger.nextDue, this.#nextTick)
      const due = Math.min(fillAt, timerAt)
      if (due > at) break
      if (timerAt <= fillAt) this.#fireTimers(timerAt)
      else this.#applyFill(fillAt)
    }
    this.#nextDue = this.#dueNext()
  }

  #dueNext(): EpochMicros {
    return Math.min(this.#fillAt(), this.#ledger.nextDue, this.#nextTick)
  }

  #fillAt(): EpochMicros {
    const fill = this.#fills[this.#nextFill]
    if (fill === undefined) return Number.POSITIVE_INFINITY
    // No time, or one before the recording: open at its start.
    return Math.max(fill.at ?? 0, this.#merge.start)
  }

  #fireTimers(at: EpochMicros): void {
    for (const name of this.#ledger.advance(at)) this.#changed({ kind: 'stale', at }, name)
    const { tick } = this.#events
    if (tick === undefined || at < this.#nextTick) return
    tick.run(at, this.#ledger)
    this.#nextTick += tick.every
  }

  #applyFill(at: EpochMicros): void {
    const fill = this.#fills[this.#nextFill]
    this.#nextFill += 1
    if (fill === undefined) return
    for (const name of this.#ledger.advance(at)) this.#changed({ kind: 'facts', at }, name)
    const instrument = this.#aliases.instrumentFor(identityOf(fill.instrument))
    const name = this.#ledger.fill(
      { ...fill, instrument: this.#ledgerNames.get(instrument) ?? instrument },
      at,
    )
    this.#changed({ kind: 'fill', at, line: fill.line }, name)
  }

  #changed(cause: Cause, name: string): void {
    if (this.#events.changed === undefined) return
    const position = this.#ledger.position(name)
    if (position !== undefined) this.#events.changed(cause, position, this.#ledger.total(name))
  }

  #tapeId(): string {
    return this.#sources[this.#tape]?.header.id ?? ''
  }

  /** The book's values under the names that positions use. */
  #values(): { readonly revision: number; resolve(name: string): ReturnType<InstrumentBook['resolve']> } {
    const book = this.#instruments
    const aliases = this.#aliases
    return {
      get revision() {
        return book.revision + aliases.revision
      },
      resolve: name => book.resolve(aliases.instrumentFor(name)),
    }
  }

  #result(start: EpochMicros, end: EpochMicros): PnlResult {
    const positions = this.#ledger.positions()
    const delays = new Map<string, number>()
    for (const { instrument } of positions) {
      const delay = this.#quotes.quote(this.#aliases.instrumentFor(instrument))?.delay
      if (delay !== undefined) delays.set(instrument, delay)
    }
    return {
      start,
      end,
      positions,
      totals: this.#ledger.totals(),
      contradictions: this.#instruments.contradictions(),
      tallies: this.#normalizers.map(normalizer => normalizer.tally),
      delays,
    }
  }
}
