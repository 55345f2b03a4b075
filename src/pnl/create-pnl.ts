import { InstrumentBook, readConfig } from '../instruments/index.ts'
import { type Decimal, decimalFromText } from '../model/decimal.ts'
import { FeedtapeError } from '../model/errors.ts'
import {
  type EpochMicros,
  epochMicrosFromIso,
  isoFromEpochMicros,
  microsFromDuration,
} from '../model/time.ts'
import { MarketBook } from '../normalize/index.ts'
import { severalMeanings, twoPositions } from './ambiguous.ts'
import type { TotalReport } from './currency-total.ts'
import { parseFeeRule } from './fee-rule.ts'
import {
  checkName,
  checkOptions,
  checkPositionOf,
  checkQuote,
  contentOf,
  foundText,
  givenTwice,
  jsonOf,
} from './hand-fed.ts'
import type { PositionReport } from './holding.ts'
import { labelOf } from './label.ts'
import { Ledger } from './ledger.ts'
import { parseMarkChain } from './mark.ts'
import { parseMatching } from './matching.ts'
import { onePosition, type PositionOf } from './one-position.ts'
import { type Fill, readPositions } from './sources/positions-file.ts'

/** The rules as they stand on the command line; what is left out is as there. */
export interface CreatePnlOptions {
  /** As in a config file: decimals as strings. Known futures need nothing. */
  readonly instruments?: Readonly<
    Record<
      string,
      {
        readonly pointValue?: string
        readonly tickSize?: string
        readonly currency?: string
        /** `linear` takes back what is taken for an inverse contract. */
        readonly kind?: 'linear' | 'inverse'
      }
    >
  >
  /** `last`, `exit-side`, `mid`, or several: `exit-side,last`. */
  readonly mark?: string
  readonly matching?: string
  readonly fees?: string
  /** `60s`: a price that is older marks nothing. */
  readonly staleAfter?: string
  /** ISO 8601: when its time begins. */
  readonly start?: string
}

/** A line of a positions file; without `at` it is done now. The same id again is the same fill, and counts once. */
export interface HandFill {
  readonly id?: string
  readonly at?: string
  readonly instrument: string
  readonly side: 'buy' | 'sell'
  /** Decimals as strings. */
  readonly quantity: string
  readonly price: string
  readonly fee?: string
  /** What is named is a position of its own. */
  readonly account?: string
  readonly strategy?: string
}

/** Absent is unchanged, `null` is "has no price now". */
export interface HandQuote {
  readonly last?: string | null
  readonly bid?: string | null
  readonly ask?: string | null
  /** Seconds that the prices are declared to be late. */
  readonly delay?: number
  readonly at?: string
}

/** A ledger that is fed by hand. Its time stands still but for what it is told: `at`, and `advance`. */
export interface Pnl {
  fill(fill: HandFill): void
  quote(instrument: string, quote: HandQuote): void
  /** To a time in ISO 8601, or for a duration such as `61s`: marks grow stale. */
  advance(to: string): void
  /**
   * `undefined` where nothing of it was ever held. Throws `ambiguous` where several accounts or strategies hold it and
   * `of` leaves that open.
   */
  position(instrument: string, of?: PositionOf): PositionReport | undefined
  positions(): readonly PositionReport[]
  /** Of one currency, `USD`. */
  total(currency: string): TotalReport | undefined
  totals(): readonly TotalReport[]
}

const START = '2000-01-01T00:00:00Z'
/** What errors name. */
const HERE = 'createPnl'

/**
 * P&L without a tape, by the rules of `replay`: for tests that feed quotes and fills by hand.
 * Throws `usage`, `bad-config`, `bad-positions` and `ambiguous`, as the command line does.
 */
export function createPnl(options: CreatePnlOptions = {}): Pnl {
  checkOptions(options, HERE)
  return new HandFedPnl(options)
}

class HandFedPnl implements Pnl {
  readonly #market: MarketBook
  readonly #instruments: InstrumentBook
  readonly #ledger: Ledger
  readonly #names = new Set<string>()
  /** What was said of each fill, by its id. */
  readonly #fills = new Map<string, string>()
  #now: EpochMicros
  #seq = 0

  constructor({
    instruments = {},
    mark = 'last',
    matching,
    fees,
    staleAfter = '60s',
    start = START,
  }: CreatePnlOptions) {
    this.#now = timeOf(start, `${HERE} start`)
    const { instruments: config } = readConfig(jsonOf({ instruments }, `${HERE} instruments`), HERE)
    this.#market = new MarketBook([], {
      config,
      moved: (from, to) => this.#move(from, to),
      rolled: (from, to) => this.#instruments.roll(from, to),
    })
    this.#instruments = new InstrumentBook(config, name => this.#market.identities.canonical(name))
    this.#ledger = new Ledger({
      chain: parseMarkChain(mark),
      staleAfter: durationOf(staleAfter, `${HERE} staleAfter`),
      ...(matching === undefined ? {} : { matching: parseMatching(matching) }),
      ...(fees === undefined ? {} : { fees: parseFeeRule(fees) }),
      instruments: this.#instruments,
      quoteOf: name => this.#market.quotes.quote(name),
    })
  }

  fill(written: HandFill): void {
    const [fill] = readPositions(jsonOf(written, 'fill'), 'fill').fills
    if (fill === undefined || this.#isKnown(fill)) return
    if (fill.at !== undefined) this.#advanceTo(fill.at, 'fill at')
    this.#names.add(fill.instrument)
    const instrument = this.#market.identities.canonical(fill.instrument)
    const { account, strategy } = fill
    this.#ledger.fill({ ...fill, instrument }, this.#now, labelOf({ account, strategy }))
    if (fill.id !== undefined) this.#fills.set(fill.id, contentOf(fill))
  }

  quote(name: string, quoted: HandQuote): void {
    checkName(name, 'quote instrument')
    checkQuote(quoted)
    const { at, delay, ...prices } = quoted
    const fields = { ...pricesOf(prices), ...(delay === undefined ? {} : { delay }) }
    if (at !== undefined) this.#advanceTo(timeOf(at, 'quote at'), 'quote at')
    this.#seq += 1
    const receipt = { at: this.#now, seq: this.#seq, packet: 0 }
    const quote = this.#market.quotes.apply({ kind: 'quote', session: '', name, fields }, receipt, 1)
    this.#ledger.quote(quote.name, quote, this.#now)
  }

  advance(to: string): void {
    const micros = typeof to === 'string' ? microsFromDuration(to) : undefined
    this.#advanceTo(micros === undefined ? timeOf(to, 'advance') : this.#now + micros, 'advance')
  }

  position(name: string, of: PositionOf = {}): PositionReport | undefined {
    checkName(name, 'position')
    checkPositionOf(of)
    this.#refuseAmbiguous()
    return onePosition(this.#ledger.positions(), this.#market.identities.canonical(name), of)
  }

  positions(): readonly PositionReport[] {
    this.#refuseAmbiguous()
    return this.#ledger.positions()
  }

  total(currency: string): TotalReport | undefined {
    checkName(currency, 'total')
    return this.totals().find(total => total.currency === currency)
  }

  totals(): readonly TotalReport[] {
    this.#refuseAmbiguous()
    return this.#ledger.totals()
  }

  /** Throws `bad-positions` where its id was another's. */
  #isKnown(fill: Fill): boolean {
    const first = fill.id === undefined ? undefined : this.#fills.get(fill.id)
    if (fill.id === undefined || first === undefined) return false
    const again = contentOf(fill)
    if (again !== first) throw givenTwice(fill.id, first, again)
    return true
  }

  #advanceTo(at: EpochMicros, where: string): void {
    if (at < this.#now) throw backwards(at, this.#now, where)
    this.#now = at
    this.#ledger.advance(at)
  }

  #move(from: string, to: string): void {
    if (this.#ledger.has(from) && this.#ledger.has(to)) throw twoPositions(from, to, HERE)
    this.#instruments.move(from, to)
    this.#ledger.move(from, to)
  }

  #refuseAmbiguous(): void {
    for (const name of this.#names) {
      const candidates = name.includes(':') ? [] : this.#market.identities.candidates(name)
      if (candidates.length > 0) throw severalMeanings(name, candidates, HERE)
    }
  }
}

function pricesOf(prices: Pick<HandQuote, 'last' | 'bid' | 'ask'>) {
  const fields: { last?: Decimal | null; bid?: Decimal | null; ask?: Decimal | null } = {}
  for (const side of ['last', 'bid', 'ask'] as const) {
    const text = prices[side]
    if (text !== undefined) fields[side] = text === null ? null : decimalOf(text, side)
  }
  return fields
}

function decimalOf(text: string, side: string): Decimal {
  const value = typeof text === 'string' ? decimalFromText(text) : undefined
  if (value !== undefined) return value
  throw new FeedtapeError('usage', 'a price cannot be read', {
    where: `quote ${side}`,
    expected: 'a decimal as a string, such as "25650.25", or null for none',
    found: foundText(text),
    next: 'put it in quotes: as a JavaScript number it may be another value',
  })
}

function timeOf(text: string, where: string): EpochMicros {
  const at = typeof text === 'string' ? epochMicrosFromIso(text) : undefined
  if (at !== undefined) return at
  throw notATime(text, where, 'a time in ISO 8601 with its offset, such as "2026-03-02T15:00:00Z"')
}

function durationOf(text: string, where: string): number {
  const micros = typeof text === 'string' ? microsFromDuration(text) : undefined
  if (micros !== undefined) return micros
  throw notATime(text, where, 'a duration such as "60s"')
}

function notATime(text: string, where: string, expected: string): FeedtapeError {
  return new FeedtapeError('usage', 'a time cannot be read', { where, expected, found: foundText(text) })
}

function backwards(at: EpochMicros, now: EpochMicros, where: string): FeedtapeError {
  return new FeedtapeError('usage', 'time does not go back', {
    where,
    expected: `a time not before ${isoFromEpochMicros(now)}`,
    found: isoFromEpochMicros(at),
    next: 'feed quotes and fills in the order of their times, or begin earlier with start',
  })
}
