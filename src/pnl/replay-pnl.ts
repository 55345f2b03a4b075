import { type Identity, InstrumentBook } from '../instruments/index.ts'
import type { InstrumentFacts, Observation } from '../model/observation.ts'
import { type EpochMicros, epochMicrosFromIso, isoFromEpochMicros } from '../model/time.ts'
import { MarketBook, Normalizer, type Receipt } from '../normalize/index.ts'
import { createPacer, type EntrySource, TapeMerge } from '../replay/index.ts'
import type { Entry, Message } from '../tape/entry.ts'
import { severalMeanings, twoPositions } from './ambiguous.ts'
import { Ledger } from './ledger.ts'
import type { Cause } from './lines.ts'
import { checkFillsWithin, type Fill } from './positions-file.ts'
import type { PnlEvents, PnlOptions, PnlResult, Positions, TapePositions } from './replay-options.ts'
import { TapeFills } from './tape-fills.ts'

/** Tapes and fills to P&L: a function of its arguments. Throws `bad-positions` and `ambiguous`. */
export async function replayPnl(
  sources: readonly EntrySource[],
  positions: Positions | TapePositions,
  options: PnlOptions,
  events: PnlEvents = {},
): Promise<PnlResult> {
  return new PnlRun(sources, positions, options, events).run()
}

const NO_FILE: Positions = { file: '--positions fills', fills: [] }

class PnlRun {
  readonly #sources: readonly EntrySource[]
  /** What errors name. */
  readonly #file: string
  readonly #fills: readonly Fill[]
  readonly #options: PnlOptions
  readonly #events: PnlEvents
  readonly #merge: TapeMerge
  readonly #normalizers: readonly Normalizer[]
  readonly #instruments: InstrumentBook
  readonly #market: MarketBook
  readonly #ledger: Ledger
  /** Where the positions are made of the tapes' own fills. */
  readonly #tapeFills: TapeFills | undefined
  /** Instruments that quotes or positions have come to under another name, and are to be marked anew. */
  readonly #joined = new Set<string>()
  #nextFill = 0
  #nextTick = Number.POSITIVE_INFINITY
  #nextDue: EpochMicros = 0
  #hasChanged = false
  #tape = 0
  #at: EpochMicros = 0

  constructor(
    sources: readonly EntrySource[],
    positions: Positions | TapePositions,
    options: PnlOptions,
    events: PnlEvents,
  ) {
    this.#sources = sources
    const file = 'fills' in positions ? positions : NO_FILE
    this.#file = file.file
    this.#fills = file.fills
    this.#options = options
    this.#events = events
    this.#merge = new TapeMerge(sources)
    const taught = options.settings === undefined ? {} : { settings: options.settings }
    this.#normalizers = sources.map(({ header }) => {
      const start = epochMicrosFromIso(header.start)
      const observation = (o: Observation, entry: Message, packet: number): void =>
        this.#observe(o, entry, packet)
      return new Normalizer({ observation }, { ...taught, ...(start === undefined ? {} : { start }) })
    })
    this.#market = new MarketBook(
      sources.map(({ header }) => header),
      {
        config: options.config,
        names: file.fills.map(fill => fill.instrument),
        moved: (from, to) => this.#move(from, to),
        rolled: (from, to) => this.#instruments.roll(from, to),
      },
    )
    this.#instruments = new InstrumentBook(options.config, name => this.#market.identities.canonical(name))
    this.#ledger = new Ledger({
      chain: options.chain,
      staleAfter: options.staleAfter,
      ...(options.matching === undefined ? {} : { matching: options.matching }),
      ...(options.fees === undefined ? {} : { fees: options.fees }),
      instruments: this.#instruments,
      quoteOf: name => this.#market.quotes.quote(name),
    })
    if ('from' in positions) {
      const canonical = (name: string): string => this.#market.identities.canonical(name)
      this.#tapeFills = new TapeFills(this.#ledger, canonical, positions.account)
    }
  }

  async run(): Promise<PnlResult> {
    const start = this.#merge.start
    if (this.#events.tick !== undefined) this.#nextTick = start + this.#events.tick.every
    const { pace } = this.#options
    const hold = pace === undefined ? undefined : createPacer(start, pace, at => this.#advance(at))
    this.#advance(start)
    await this.#merge.run((entry, tape, at) => this.#take(entry, tape, at), hold)
    const end = this.#merge.end
    checkFillsWithin({ file: this.#file, fills: this.#fills }, start, end)
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
    this.#market.apply(entry, tape)
    this.#normalizers[tape]?.apply(entry)
  }

  #observe(observation: Observation, entry: Message, packet: number): void {
    const at = this.#at
    if (observation.kind === 'instrument') {
      this.#learn(observation, entry, packet)
      return
    }
    if (observation.kind !== 'quote') {
      if (this.#tapeFills !== undefined) this.#takeFill(this.#tapeFills, observation, entry, packet)
      return
    }
    const receipt: Receipt = { at, seq: entry.seq, packet }
    const quote = this.#market.quotes.apply(observation, receipt, entry.conn, this.#tape)
    if (!this.#ledger.quote(quote.name, quote, at)) return
    this.#changed({ kind: 'quote', at, tape: this.#tapeId(), seq: entry.seq, packet }, quote.name)
    this.#nextDue = this.#dueNext()
  }

  /** A fill of the tape's own comes where its entry stands, behind what was due by then. */
  #takeFill(fills: TapeFills, observation: Observation, { seq }: Message, packet: number): void {
    if (observation.kind !== 'fill' && observation.kind !== 'fee') return
    if (seq < (this.#sources[this.#tape]?.header.lead ?? 0)) {
      if (observation.kind === 'fill') fills.leaveOut(observation)
      return
    }
    const at = this.#at
    for (const name of this.#ledger.advance(at)) this.#changed({ kind: 'facts', at }, name)
    const news = observation.kind === 'fill' ? fills.fill(observation, at) : fills.fee(observation, at)
    if (news !== undefined) {
      this.#changed({ kind: news.kind, at, tape: this.#tapeId(), seq, packet }, news.instrument)
    }
    this.#nextDue = this.#dueNext()
  }

  #learn(facts: InstrumentFacts, entry: Message, packet: number): void {
    const isKnownAnew = this.#market.learn(facts, entry, this.#tape)
    const isLearned = this.#instruments.learn(facts, this.#market.place(entry, this.#tape))
    if (isKnownAnew || isLearned) this.#settleFacts(entry, packet)
  }

  #move(from: string, to: string): void {
    if (this.#ledger.has(from) && this.#ledger.has(to)) {
      const where = `${this.#file}, at ${isoFromEpochMicros(this.#at)} of the tape ${this.#tapeId()}`
      throw twoPositions(from, to, where)
    }
    this.#instruments.move(from, to)
    this.#ledger.move(from, to)
    this.#tapeFills?.move(from, to)
    this.#joined.add(to)
  }

  /** Money must not rest on a name that could mean another instrument. */
  #refuseAmbiguous(): void {
    const ofTapes = [...(this.#tapeFills?.names ?? [])].map(instrument => ({ instrument, line: undefined }))
    for (const { instrument, line } of [...this.#fills, ...ofTapes]) {
      const candidates = instrument.includes(':') ? [] : this.#market.identities.candidates(instrument)
      if (candidates.length === 0) continue
      throw severalMeanings(
        instrument,
        candidates,
        line === undefined ? this.#file : `${this.#file}:${line} instrument`,
      )
    }
  }

  #settleFacts(entry: Message, packet: number): void {
    const at = this.#at
    const cause: Cause = { kind: 'facts', at, tape: this.#tapeId(), seq: entry.seq, packet }
    const changed = new Set(this.#ledger.advance(at))
    for (const name of this.#joined) {
      const quote = this.#market.quotes.quote(name)
      if (quote !== undefined && this.#ledger.quote(quote.name, quote, at)) changed.add(quote.name)
    }
    this.#joined.clear()
    for (const name of changed) this.#changed(cause, name)
    this.#nextDue = this.#dueNext()
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
    const instrument = this.#market.identities.canonical(fill.instrument)
    const name = this.#ledger.fill({ ...fill, instrument }, at)
    this.#changed({ kind: 'fill', at, line: fill.line }, name)
  }

  #changed(cause: Cause, name: string): void {
    this.#hasChanged = true
    if (this.#events.changed === undefined) return
    const position = this.#ledger.position(name)
    if (position !== undefined) this.#events.changed(cause, position, this.#ledger.totalNet(name))
  }

  #tapeId(): string {
    return this.#sources[this.#tape]?.header.id ?? ''
  }

  /** Of the positions, where a word of theirs rests on what the config or a wire says. */
  #identities(): readonly Identity[] {
    return this.#ledger
      .positions()
      .map(({ instrument }) => this.#market.identities.identity(instrument))
      .filter(({ words }) => words.some(({ source }) => source.kind === 'config' || source.kind === 'wire'))
  }

  #result(start: EpochMicros, end: EpochMicros): PnlResult {
    return {
      start,
      end,
      positions: this.#ledger.positions(),
      ...(this.#options.pairs === true ? { pairs: this.#ledger.pairs() } : {}),
      ...(this.#tapeFills === undefined ? {} : { source: this.#tapeFills.report() }),
      totals: this.#ledger.totals(),
      contradictions: [...this.#market.identities.contradictions(), ...this.#instruments.contradictions()],
      identities: this.#identities(),
      rolls: this.#market.identities.rolls(),
      tallies: this.#normalizers.map(normalizer => normalizer.tally),
    }
  }
}
