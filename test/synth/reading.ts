import type { FillObservation, SignalObservation } from '../../src/model/account.ts'
import { decimalText } from '../../src/model/decimal.ts'
import type { InstrumentFacts, Observation } from '../../src/model/observation.ts'
import type { QuoteFields } from '../../src/model/quote.ts'
import type { EpochMicros } from '../../src/model/time.ts'
import { type InstrumentQuote, MarketBook, Normalizer, type Tally } from '../../src/normalize/index.ts'
import type { Rendered, Truth } from '../../src/synth/index.ts'
import type { Entry } from '../../src/tape/index.ts'

/** What one wire’s tape says, as far as two of them can be held against each other. */
export interface Reading {
  readonly feed: string
  /** By the truth’s market, at each settled moment. */
  readonly moments: ReadonlyMap<string, readonly QuoteFields[]>
  /** By market and price: each new value, and when it came by this wire less what it declares to be late. */
  readonly changes: ReadonlyMap<string, readonly Change[]>
  /** By market: what it says that a point is worth. */
  readonly pointValues: ReadonlyMap<string, string>
  readonly fills: readonly FillObservation[]
  readonly observed: ReadonlyMap<Observation['kind'], number>
  readonly signals: readonly SignalObservation[]
  readonly tally: Tally
  /** Continuous symbols that it says go over to another contract. */
  readonly rolls: readonly string[]
}

export interface Change {
  readonly at: EpochMicros
  readonly text: string
}

export const PRICES = ['last', 'bid', 'ask'] as const

/** Reads the entries that a tape would have: the normalizer’s own way, one wire alone. */
export function readWire(rendered: Rendered, truth: Truth): Reading {
  const { declares, drafts, header, wire } = rendered
  const reader = new WireReader(rendered, truth)
  const settings = new Map(declares.settings === undefined ? [] : [[wire.feed.name, declares.settings]])
  const normalizer = new Normalizer(
    { observation: (observation, entry, packet) => reader.observe(observation, entry, packet) },
    { settings, start: truth.start },
  )
  for (const [index, draft] of drafts.entries()) {
    // As the writer numbers it.
    const entry = { ...draft, seq: index + 1 } as Entry
    reader.before(entry)
    normalizer.apply(entry)
  }
  return reader.end(header.feeds[0] ?? '', normalizer.tally)
}

type Receipted = Parameters<NonNullable<ConstructorParameters<typeof Normalizer>[0]>['observation'] & {}>[1]

class WireReader {
  readonly #book: MarketBook
  readonly #truth: Truth
  readonly #rendered: Rendered
  readonly #captures: readonly { readonly at: EpochMicros; readonly market: string; readonly name: string }[]
  readonly #moments = new Map<string, QuoteFields[]>()
  readonly #changes = new Map<string, Change[]>()
  readonly #facts = new Map<string, InstrumentFacts>()
  readonly #fills: FillObservation[] = []
  readonly #signals: SignalObservation[] = []
  readonly #observed = new Map<Observation['kind'], number>()
  #captured = 0

  constructor(rendered: Rendered, truth: Truth) {
    const { carried } = rendered.declares
    this.#truth = truth
    this.#rendered = rendered
    const names = [...carried.map(({ name }) => name), ...truth.markets.map(({ key }) => key)]
    this.#book = new MarketBook([rendered.header], { names })
    this.#captures = carried
      .flatMap(({ delay = 0, market, name }) => {
        return truth.settled.map(({ at }) => ({ at: at + delay * 1_000_000, market, name }))
      })
      .toSorted((a, b) => a.at - b.at)
  }

  before(entry: Entry): void {
    this.#captureUntil(this.#truth.start + entry.at)
    this.#book.apply(entry)
  }

  observe(observation: Observation, entry: Receipted, packet: number): void {
    this.#observed.set(observation.kind, (this.#observed.get(observation.kind) ?? 0) + 1)
    if (observation.kind === 'instrument') {
      this.#book.learn(observation, entry)
      this.#facts.set(observation.name, { ...this.#facts.get(observation.name), ...observation })
    }
    if (observation.kind === 'fill') this.#fills.push(observation)
    if (observation.kind === 'signal') this.#signals.push(observation)
    if (observation.kind !== 'quote') return
    const at = this.#truth.start + entry.at
    const quote = this.#book.quotes.apply(observation, { at, seq: entry.seq, packet }, entry.conn)
    for (const price of PRICES) {
      const value = quote.fields[price]
      if (value != null) this.#changed(`${quote.name} ${price}`, at, decimalText(value))
    }
  }

  end(feed: string, tally: Tally): Reading {
    this.#captureUntil(Number.POSITIVE_INFINITY)
    const { identities } = this.#book
    const keys = new Map(
      this.#rendered.declares.carried.map(one => [identities.canonical(one.name), one] as const),
    )
    const changes = new Map<string, readonly Change[]>()
    for (const [place, list] of this.#changes) {
      const [name = '', price = ''] = place.split(' ')
      const one = keys.get(identities.canonical(name))
      const delay = (one?.delay ?? 0) * 1_000_000
      if (one !== undefined) {
        changes.set(
          `${one.market} ${price}`,
          list.map(({ at, text }) => ({ at: at - delay, text })),
        )
      }
    }
    const pointValues = [...this.#facts].flatMap(([name, { pointValue }]) => {
      const market = keys.get(identities.canonical(name))?.market
      return pointValue === undefined || market === undefined
        ? []
        : [[market, decimalText(pointValue)] as const]
    })
    return {
      feed,
      moments: this.#moments,
      changes,
      pointValues: new Map(pointValues),
      fills: this.#fills,
      observed: this.#observed,
      signals: this.#signals,
      tally,
      rolls: identities.rolls().map(({ from, to, word }) => `${word}: ${from} to ${to}`),
    }
  }

  #changed(place: string, at: EpochMicros, text: string): void {
    const list = this.#changes.get(place) ?? []
    if (list.at(-1)?.text !== text) list.push({ at, text })
    this.#changes.set(place, list)
  }

  /** How things stand when nothing has come any more by then. */
  #captureUntil(at: EpochMicros): void {
    for (
      let one = this.#captures[this.#captured];
      one !== undefined && one.at < at;
      one = this.#captures[this.#captured]
    ) {
      const moments = this.#moments.get(one.market) ?? []
      moments.push(fieldsOf(this.#book.quotes.quote(one.name)))
      this.#moments.set(one.market, moments)
      this.#captured += 1
    }
  }
}

/** The times of bid and ask stand with their groups. */
function fieldsOf(quote: InstrumentQuote | undefined): QuoteFields {
  if (quote === undefined) return {}
  const bidTime = quote.group('bid')?.time
  const askTime = quote.group('ask')?.time
  const { bid, ask } = quote.fields
  return {
    ...quote.fields,
    ...(bid === null ? { bidTime: null } : bidTime === undefined ? {} : { bidTime }),
    ...(ask === null ? { askTime: null } : askTime === undefined ? {} : { askTime }),
  }
}
