import { Identities, type InstrumentConfig, type WirePlace } from '../instruments/index.ts'
import type { InstrumentFacts } from '../model/observation.ts'
import { type EpochMicros, epochMicrosFromIso } from '../model/time.ts'
import type { Entry, Header, Message } from '../tape/entry.ts'
import { ConnectionFeeds } from './connection-feeds.ts'
import { QuoteBook } from './quote-book.ts'

export interface MarketBookOptions {
  readonly config?: ReadonlyMap<string, InstrumentConfig> | undefined
  /** That will be asked for. */
  readonly names?: readonly string[]
  /** As Identities has them; quotes have gone along already. */
  readonly moved?: (from: string, to: string) => void
  readonly rolled?: (from: string, to: string) => void
}

/** 2000: a capture without a date is imported as if it began in 1970, and says nothing of a contract's year. */
const FIRST_DATE: EpochMicros = 946_684_800_000_000

/** The quotes of one or more tapes, and which words on them mean one instrument. */
export class MarketBook {
  readonly identities: Identities
  readonly quotes: QuoteBook
  readonly #feeds: readonly ConnectionFeeds[]

  constructor(headers: readonly Header[], { config, names = [], moved, rolled }: MarketBookOptions = {}) {
    const starts = headers
      .flatMap(({ start }) => epochMicrosFromIso(start) ?? [])
      .filter(start => start >= FIRST_DATE)
    const date: EpochMicros | undefined = starts.length === 0 ? undefined : Math.min(...starts)
    this.#feeds = headers.map(({ id }) => new ConnectionFeeds(id))
    this.quotes = new QuoteBook(
      name => this.identities.canonical(name),
      (conn, tape) => this.#feeds[tape]?.of(conn) ?? '',
    )
    this.identities = new Identities({
      ...(date === undefined ? {} : { date }),
      ...(config === undefined ? {} : { config }),
      names,
      moved: (from, to) => {
        this.quotes.move(from, to)
        moved?.(from, to)
      },
      rolled: (from, to) => {
        this.quotes.roll()
        rolled?.(from, to)
      },
    })
  }

  /** Before the entry is decoded: connections that begin and those that are gone. */
  apply(entry: Entry, tape = 0): void {
    if (entry.kind === 'frame') return
    this.#feeds[tape]?.apply(entry)
    if (entry.kind === 'close' || (entry.kind === 'open' && entry.resumed !== true)) {
      this.quotes.disconnect(entry.conn, tape)
    }
  }

  /** Takes in what a wire says about who is who; true when anything is new. */
  learn(facts: InstrumentFacts, message: Message, tape = 0): boolean {
    return this.identities.learn(facts, this.place(message, tape))
  }

  place(message: Message, tape = 0): WirePlace | undefined {
    return this.#feeds[tape]?.place(message)
  }
}
