import {
  type Contradiction,
  Identities,
  InstrumentBook,
  type InstrumentConfig,
} from '../instruments/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import type { Observation } from '../model/observation.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { Normalizer, QuoteBook, type Receipt, type Tally } from '../normalize/index.ts'
import { createPacer, type EntrySource, type Pace, TapeMerge } from '../replay/index.ts'
import type { Entry, Frame } from '../tape/entry.ts'
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
  /** At multiples of `every` µs of virtual time since the start, wherever a figure changed since the last. */
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
  readonly #identities = new Identities((bare, instrument) => this.#rename(bare, instrument))
  readonly #quotes = new QuoteBook(name => this.#identities.canonical(name))
  readonly #ledger: Ledger
  #nextFill = 0
  #nextTick = Number.POSITIVE_INFINITY
  #nextDue: EpochMicros = 0
  #hasChanged = false
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
    const canonical = (name: string): string => this.#identities.canonical(name)
    // Full names first: a bare one beside them means them from the beginning.
    const names = [...positions.fills.map(fill => fill.instrument), ...(options.config?.keys() ?? [])]
    for (const name of names) if (name.includes(':')) canonical(name)
    this.#instruments = new InstrumentBook(options.config, canonical)
    this.#ledger = new Ledger({
      chain: options.chain,
      staleAfter: options.staleAfter,
      instruments: this.#instruments,
      quoteOf: name => this.#quotes.quote(name),
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
    // Ages are those at the end, also where nothing was due then.
    for (const name of this.#ledger.advance(end)) this.#changed({ kind: 'facts', at: end }, name)
    this.#refuseAmbiguous()
    return this.#result(start, end)
  }

  #take(entry: Entry, tape: number, at: EpochMicros): void {
    if (at >= this.#nextDue) this.#advance(at)
    this.#tape = tape
    this.#at = at
    this.#normalizers[tape]?.apply(entry)
    if (entry.kind === 'close' || (entry.kind === 'open' && entry.resumed !== true)) {
      this.#quotes.disconnect(entry.conn, tape)
    }
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
    if (!this.#ledger.quote(quote.name, quote, at)) return
    this.#changed({ kind: 'quote', at, tape: this.#tapeId(), seq: entry.seq, packet }, quote.name)
    this.#nextDue = this.#dueNext()
  }

  #rename(bare: string, instrument: string): void {
    this.#quotes.rename(bare, instrument)
    this.#instruments.rename(bare, instrument)
    this.#ledger.rename(bare, instrument)
  }

  /** Money must not rest on a name that could mean another instrument. */
  #refuseAmbiguous(): void {
    for (const { instrument, line } of this.#fills) {
      const candidates = instrument.includes(':') ? [] : this.#identities.candidates(instrument)
      if (candidates.length === 0) continue
      throw new FeedtapeError('ambiguous', `the instrument ${instrument} has several meanings`, {
        where: `${this.#positions.file}:${line} instrument`,
        expected: 'a name that one instrument of the tape has',
        found: candidates.join(', '),
        next: 'write the exchange with it',
      })
    }
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
      if (!this.#hasChanged && this.#nextTick === due)
        this.#skipTicks(Math.min(at, fillAt, this.#ledger.nextDue))
      else if (timerAt <= fillAt) this.#fireTimers(timerAt)
      else this.#applyFill(fillAt)
    }
    this.#nextDue = this.#dueNext()
  }

  /** Nothing has changed since the last tick, nor will before `until`: two tapes may be years apart. */
  #skipTicks(until: EpochMicros): void {
    const every = this.#events.tick?.every ?? 1
    this.#nextTick += (Math.floor((until - this.#nextTick) / every) + 1) * every
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
    if (this.#hasChanged) tick.run(at, this.#ledger)
    this.#hasChanged = false
    this.#nextTick += tick.every
  }

  #applyFill(at: EpochMicros): void {
    const fill = this.#fills[this.#nextFill]
    this.#nextFill += 1
    if (fill === undefined) return
    for (const name of this.#ledger.advance(at)) this.#changed({ kind: 'facts', at }, name)
    const instrument = this.#identities.canonical(fill.instrument)
    const name = this.#ledger.fill({ ...fill, instrument }, at)
    this.#changed({ kind: 'fill', at, line: fill.line }, name)
  }

  #changed(cause: Cause, name: string): void {
    this.#hasChanged = true
    if (this.#events.changed === undefined) return
    const position = this.#ledger.position(name)
    if (position !== undefined) this.#events.changed(cause, position, this.#ledger.total(name))
  }

  #tapeId(): string {
    return this.#sources[this.#tape]?.header.id ?? ''
  }

  #result(start: EpochMicros, end: EpochMicros): PnlResult {
    return {
      start,
      end,
      positions: this.#ledger.positions(),
      totals: this.#ledger.totals(),
      contradictions: this.#instruments.contradictions(),
      tallies: this.#normalizers.map(normalizer => normalizer.tally),
    }
  }
}
