import type { Decoder, Feed } from '../feeds/index.ts'
import type { Decimal } from '../model/decimal.ts'
import { reasonOf } from '../model/errors.ts'
import type { QuoteUpdate } from '../model/observation.ts'
import { QUOTE_FIELDS, type QuoteField } from '../model/quote.ts'
import { durationText, type Micros } from '../model/time.ts'
import type { Entry } from '../tape/index.ts'

export interface WatchedSymbol {
  readonly name: string
  /** The last trade's price, or none yet. */
  readonly last: Decimal | undefined
  /** When a price of any kind came. A re-broadcast of static fields is none. */
  readonly pricedAt: Micros | undefined
  readonly mode: string | undefined
  /** Declared, in seconds. */
  readonly delay: number | undefined
  readonly marketState: string | undefined
}

interface Watched {
  name: string
  last: Decimal | undefined
  pricedAt: Micros | undefined
  mode: string | undefined
  delay: number | undefined
  marketState: string | undefined
  saidMode: string | undefined
  isQuiet: boolean
}

/**
 * Decoding costs more than recording. In a flood so many frames, and so many UTF-16 units, are looked at in each
 * window; the tape has them all. The largest packet that was seen has 1.9 MB.
 */
const LOOKS = 200
const LOOKED_AT_UNITS = 4 * 1024 * 1024
const WINDOW: Micros = 100_000

/** Quotes that stop for so long in market hours are worth a word. */
export const QUIET: Micros = 60_000_000

/**
 * Looks over the recorder's shoulder with the feed's own decoder: freshness is judged on prices, never on
 * heartbeats, because an expired login can leave a socket that only beats (mnwato PR 58).
 */
export class QuoteWatch {
  quotes = 0
  /** Frames that were not looked at. */
  unwatched = 0
  /** Those of them that are never looked at. */
  oversized = 0
  readonly #feed: Feed
  readonly #settings: unknown
  readonly #symbols = new Map<string, Watched>()
  #decoder: Decoder | undefined
  #hasFailed = false
  #openedAt: Micros = 0
  #frameAt: Micros = 0
  #pricedAt: Micros = 0
  #window = { from: 0, looks: 0, units: 0 }
  /** Somebody seems to be quiet: then every frame is looked at before that is said. */
  #isDoubtful = false

  constructor(feed: Feed, settings?: unknown) {
    this.#feed = feed
    this.#settings = settings
  }

  get symbols(): readonly WatchedSymbol[] {
    return [...this.#symbols.values()]
  }

  /** A decoder's trouble never stops the recording: it is said once, and the tape has everything. */
  opened(at: Micros): string | undefined {
    this.#openedAt = at
    this.#pricedAt = at
    if (this.#hasFailed) return undefined
    try {
      this.#decoder = this.#feed.createDecoder(
        this.#settings === undefined ? {} : { settings: this.#settings },
      )
      return undefined
    } catch (thrown) {
      return this.#failed('at its start', thrown)
    }
  }

  /** As `opened`: says once that the decoder failed. */
  see(entry: Entry): string | undefined {
    this.#frameAt = entry.at
    if (!this.#mayLook(entry)) return undefined
    try {
      this.#decoder?.decode(entry, {
        observe: observation => {
          if (observation.kind === 'quote') this.#quoted(observation, entry.at)
        },
        packet: () => {},
      })
    } catch (thrown) {
      return this.#failed(`at entry ${entry.seq}`, thrown)
    }
    return undefined
  }

  #failed(where: string, thrown: unknown): string {
    this.#decoder = undefined
    this.#hasFailed = true
    return `the decoder failed ${where} (${reasonOf(thrown)}): quotes are watched no longer, recording goes on`
  }

  #mayLook(entry: Entry): boolean {
    const window = this.#window
    if (entry.at - window.from >= WINDOW) {
      window.from = entry.at
      window.looks = 0
      window.units = 0
    }
    const units = 'text' in entry ? entry.text.length : 0
    if ((window.looks < LOOKS || this.#isDoubtful) && window.units + units <= LOOKED_AT_UNITS) {
      window.looks += 1
      window.units += units
      return true
    }
    this.unwatched += 1
    if (units > LOOKED_AT_UNITS) this.oversized += 1
    return false
  }

  #quoted({ name, fields }: QuoteUpdate, at: Micros): void {
    this.quotes += 1
    const symbol = this.#symbols.get(name) ?? fresh(name)
    this.#symbols.set(name, symbol)
    if (fields.last !== undefined) symbol.last = fields.last ?? undefined
    if (fields.mode !== undefined) symbol.mode = fields.mode ?? undefined
    if (fields.delay !== undefined) symbol.delay = fields.delay ?? undefined
    if (fields.marketState !== undefined) symbol.marketState = fields.marketState ?? undefined
    if (!hasPrice(fields)) return
    symbol.pricedAt = at
    symbol.isQuiet = false
    this.#pricedAt = at
  }

  /** How long no symbol has had a price, on this connection. */
  quietFor(at: Micros): Micros {
    return at - this.#pricedAt
  }

  /** What has to be said now, once per episode. */
  look(at: Micros): readonly string[] {
    this.#isDoubtful = this.#quietSince(at, QUIET / 2).some(symbol => !symbol.isQuiet)
    return [...this.delays(), ...this.#quiet(at)]
  }

  /** How delayed the quotes are, for symbols where that is new. */
  delays(): readonly string[] {
    const changed = [...this.#symbols.values()].filter(s => s.mode !== undefined && s.mode !== s.saidMode)
    if (changed.length === 0) return []
    const byMode = Map.groupBy(changed, symbol => modeText(symbol))
    for (const symbol of changed) symbol.saidMode = symbol.mode
    return [...byMode].map(([mode, symbols]) => `quotes are ${mode}: ${symbols.map(s => s.name).join(', ')}`)
  }

  /** Where the wire does not say when its market is open, quiet symbols are nothing to speak of. */
  #isTrading(marketState: string | undefined): boolean {
    return marketState !== undefined && this.#feed.isTrading?.(marketState) === true
  }

  #quiet(at: Micros): readonly string[] {
    const quiet = this.#quietSince(at, QUIET)
    const news = quiet.filter(symbol => !symbol.isQuiet && symbol.mode !== 'endofday')
    if (news.length === 0) return []
    for (const symbol of news) symbol.isQuiet = true
    const others =
      this.#symbols.size > quiet.length ? 'other quotes go on' : 'the feed goes on without quotes'
    const names = news.map(symbol => symbol.name).join(', ')
    return [`no price for ${durationText(QUIET)} though the market is open (${others}): ${names}`]
  }

  /** Symbols without a price for so long in market hours, while frames came. */
  #quietSince(at: Micros, age: Micros): readonly Watched[] {
    return [...this.#symbols.values()].filter(symbol => {
      const since = Math.max(symbol.pricedAt ?? 0, this.#openedAt)
      // Without other frames the socket itself is silent, and that is said elsewhere.
      return at - since >= age && this.#frameAt > since && this.#isTrading(symbol.marketState)
    })
  }
}

function fresh(name: string): Watched {
  const nothing = undefined
  return {
    name,
    last: nothing,
    pricedAt: nothing,
    mode: nothing,
    delay: nothing,
    marketState: nothing,
    saidMode: nothing,
    isQuiet: false,
  }
}

const PRICED: ReadonlySet<string> = new Set(
  Object.entries(QUOTE_FIELDS).flatMap(([name, { group, type }]) =>
    type === 'decimal' && group !== 'day' ? [name] : [],
  ),
)

function hasPrice(fields: QuoteUpdate['fields']): boolean {
  for (const name in fields) if (PRICED.has(name) && fields[name as QuoteField] !== null) return true
  return false
}

function modeText({ mode = '', delay }: Watched): string {
  if (delay === undefined) return mode
  return delay === 0 ? `in real time (${mode})` : `${durationText(delay * 1_000_000)} late (${mode})`
}
