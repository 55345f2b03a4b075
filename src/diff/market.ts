import { InstrumentBook, type InstrumentConfig, type ResolvedInstrument } from '../instruments/index.ts'
import type { InstrumentFacts } from '../model/observation.ts'
import { MarketBook } from '../normalize/index.ts'
import type { Entry, Header, Message } from '../tape/index.ts'

/** Which names are one instrument, and what is known of it: learned from both sides, in every pass. */
export class Market {
  /** Whose names are to follow. */
  pairing: { moved(from: string, to: string): void; forget(): void } | undefined
  readonly #market: MarketBook
  readonly #instruments: InstrumentBook
  readonly #tapes: ReadonlyMap<string, number>

  constructor(
    headers: readonly Header[],
    config: ReadonlyMap<string, InstrumentConfig>,
    names: readonly string[],
  ) {
    this.#tapes = new Map(headers.map(({ id }, index) => [id, index]))
    this.#market = new MarketBook(headers, {
      config,
      names,
      moved: (from, to) => {
        this.#instruments?.move(from, to)
        this.pairing?.moved(from, to)
      },
      rolled: (from, to) => {
        this.#instruments?.roll(from, to)
        this.pairing?.forget()
      },
    })
    this.#instruments = new InstrumentBook(config, this.canonical)
  }

  readonly canonical = (name: string): string => this.#market.identities.canonical(name)

  apply(entry: Entry, tape: string): void {
    this.#market.apply(entry, this.#tapes.get(tape))
  }

  learn(facts: InstrumentFacts, message: Message, tape: string): void {
    const index = this.#tapes.get(tape)
    this.#market.learn(facts, message, index)
    this.#instruments.learn(facts, this.#market.place(message, index))
  }

  /** Whether a continuous name went from one contract to another. */
  get hasRolled(): boolean {
    return this.#market.identities.rolls().length > 0
  }

  facts(instrument: string): ResolvedInstrument {
    return this.#instruments.resolve(instrument)
  }
}
