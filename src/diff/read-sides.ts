import type { Observation, QuoteUpdate } from '../model/observation.ts'
import { type EpochMicros, epochMicrosFromIso, isoFromEpochMicros, type Micros } from '../model/time.ts'
import { Normalizer, type Tally } from '../normalize/index.ts'
import { type EntrySource, TapeMerge } from '../replay/index.ts'
import type { Entry, Message, Tape, TapeReader } from '../tape/index.ts'
import type { Market } from './market.ts'
import { isSameTape, openSide } from './open-side.ts'
import type { Both } from './pairing.ts'
import type { Side } from './side.ts'

export interface ReadOptions {
  readonly open: (path: string) => Promise<TapeReader>
  readonly sides: Both<Side>
  readonly market: Market
  /** b is read as much later. */
  readonly shift: Micros
  readonly settings?: ReadonlyMap<string, unknown> | undefined
}

export interface SideEvents {
  /** An update of a side with its receipt. */
  update(side: Side, update: QuoteUpdate, message: Message, packet: number, at: EpochMicros): void
  /** Whether enough was read. */
  isEnough?(at: EpochMicros): boolean
  /** Before each entry: up to where a side has been read, in its own time. */
  reached?(side: Side, at: EpochMicros): void
}

export interface ReadTapes {
  readonly tapes: readonly Tape[]
  readonly tallies: readonly Tally[]
  /** When each side's tape ended. */
  readonly ends: Both<EpochMicros>
}

/** Reads both sides in one order; one tape with both of them is read once where none of them is shifted. */
export async function readSides(options: ReadOptions, events: SideEvents): Promise<ReadTapes> {
  const { sides, shift } = options
  const groups: readonly (readonly Side[])[] =
    shift === 0 && isSameTape(sides.a.choice, sides.b.choice) ? [[sides.a, sides.b]] : [[sides.a], [sides.b]]
  const sources: Source[] = []
  try {
    for (const group of groups) {
      const [{ choice } = sides.a] = group
      const tape = await openSide(choice, options.open)
      sources.push(new Source(tape, group, group[0] === sides.b ? shift : 0))
    }
    const readings = sources.map(source => new Reading(source, options, events))
    await new TapeMerge(sources).run((entry, index, at) => {
      readings[index]?.take(entry, at)
      if (events.isEnough?.(at) === true) for (const source of sources) source.stop()
    })
    const [a, b = a] = sources.map(source => source.end)
    return {
      tapes: sources.map(source => source.tape),
      tallies: readings.map(reading => reading.tally),
      ends: { a: a ?? 0, b: b ?? 0 },
    }
  } finally {
    for (const { tape } of sources) await tape.close()
  }
}

/** A tape that is read as if it had begun earlier, and that can be left before its end. */
class Source implements EntrySource {
  readonly tape: Tape
  readonly sides: readonly Side[]
  readonly shift: Micros
  readonly header: EntrySource['header']
  #isStopped = false
  #lastAt = 0

  constructor(tape: Tape, sides: readonly Side[], shift: Micros) {
    this.tape = tape
    this.sides = sides
    this.shift = shift
    const start = epochMicrosFromIso(tape.header.start)
    this.header =
      start === undefined || shift === 0
        ? tape.header
        : { ...tape.header, start: isoFromEpochMicros(start - shift) }
  }

  get seal() {
    return this.tape.seal
  }

  get end(): EpochMicros {
    return (epochMicrosFromIso(this.tape.header.start) ?? 0) + Math.max(this.seal?.at ?? 0, this.#lastAt)
  }

  next(): Entry | undefined {
    const entry = this.#isStopped ? undefined : this.tape.next()
    if (entry !== undefined) this.#lastAt = entry.at
    return entry
  }

  async fill(): Promise<boolean> {
    return !this.#isStopped && (await this.tape.fill())
  }

  stop(): void {
    this.#isStopped = true
  }
}

/** One source's entries to the updates of its sides. */
class Reading {
  readonly #source: Source
  readonly #market: Market
  readonly #events: SideEvents
  readonly #normalizer: Normalizer
  #at: EpochMicros = 0

  constructor(source: Source, { market, settings }: ReadOptions, events: SideEvents) {
    this.#source = source
    this.#market = market
    this.#events = events
    this.#normalizer = new Normalizer(
      { observation: (observation, message, packet) => this.#observe(observation, message, packet) },
      {
        start: epochMicrosFromIso(source.tape.header.start) ?? 0,
        ...(settings === undefined ? {} : { settings }),
      },
    )
  }

  get tally(): Tally {
    return this.#normalizer.tally
  }

  take(entry: Entry, at: EpochMicros): void {
    const receipt = at + this.#source.shift
    this.#at = receipt
    this.#market.apply(entry, this.#source.tape.header.id)
    for (const side of this.#source.sides) {
      this.#events.reached?.(side, receipt)
      side.apply(entry, receipt)
    }
    this.#normalizer.apply(entry)
  }

  #observe(observation: Observation, message: Message, packet: number): void {
    if (observation.kind === 'instrument') {
      this.#market.learn(observation, message, this.#source.tape.header.id)
    } else if (observation.kind === 'quote') {
      for (const side of this.#source.sides) {
        if (side.own(observation, message) !== undefined) {
          this.#events.update(side, observation, message, packet, this.#at)
        }
      }
    }
  }
}
