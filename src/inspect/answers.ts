import { Sniffer } from '../feeds/index.ts'
import type { Decimal } from '../model/decimal.ts'
import type { Observation, QuoteUpdate } from '../model/observation.ts'
import { QUOTE_FIELDS, type QuoteField } from '../model/quote.ts'
import type { Message } from '../tape/entry.ts'
import type { FeedAnswers, NameAnswer, PositionAnswer, PriceAnswer } from './answers-report.ts'
import { Expectations } from './expectations.ts'
import { jsonIn } from './json-texts.ts'
import { placeOf } from './wire-places.ts'
import { Wrapping } from './wrapping.ts'

/** Of a field whose place in the message was not found, further messages are searched only so often. */
const MOST_SEARCHES = 20

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** One feed's answers, gathered entry by entry. Memory grows with kinds of things, not with messages. */
export class Answers {
  readonly #feed: string
  readonly #sniffer = new Sniffer()
  readonly #wrapping = new Wrapping()
  readonly #expectations = new Expectations()
  readonly #prices = new Map<QuoteField, Mutable<PriceAnswer> & { searches: number }>()
  readonly #names = new Map<
    NameAnswer['by'],
    { readonly names: Set<string>; readonly example: string; readonly seq: number }
  >()
  readonly #positions = new Map<string, Mutable<PositionAnswer>>()

  constructor(feed: string) {
    this.#feed = feed
  }

  /** A message of either side; `values` is the JSON in it. Addresses tell nothing here: an importer may have made one up. */
  message(text: string, values: readonly unknown[], framing: string, isIncoming: boolean, seq: number): void {
    this.#sniffer.text(text)
    if (!isIncoming) return
    for (const value of values) this.#wrapping.look(value, seq)
    if (values.length > 0) this.#wrapping.framing(framing)
    this.#expectations.message(values, seq)
  }

  observe(observation: Observation, message: Message): void {
    const { seq } = message
    if (observation.kind === 'quote') this.#quote(observation, message)
    else this.#count(positionWords(observation), seq)
    if (observation.name !== '') this.#name(observation.name, seq)
    this.#expectations.observe(observation, seq)
  }

  result(): FeedAnswers {
    const { matches, tie } = this.#sniffer.result()
    const wrapping = this.#wrapping.result()
    const expectations = this.#expectations.result(wrapping, this.#prices)
    return {
      feed: this.#feed,
      recognised: matches,
      tie,
      wrapping,
      prices: [...this.#prices.values()].map(({ searches: _, ...price }) => price),
      names: [...this.#names].map(([by, { names, example, seq }]) => ({
        by,
        names: names.size,
        example,
        seq,
      })),
      positions: [...this.#positions.values()],
      ...(expectations === undefined ? {} : { expectations }),
    }
  }

  #quote({ fields }: QuoteUpdate, message: Message): void {
    for (const [field, value] of Object.entries(fields) as [QuoteField, unknown][]) {
      if (QUOTE_FIELDS[field].type !== 'decimal' || value === undefined) continue
      let price = this.#prices.get(field)
      if (price === undefined) {
        price = { field, updates: 0, seq: message.seq, searches: 0 }
        this.#prices.set(field, price)
      }
      price.updates += 1
      if (price.path !== undefined || price.searches >= MOST_SEARCHES || value === null) continue
      price.searches += 1
      const number = fields[field]
      const path =
        isDecimal(number) && 'text' in message
          ? placeOf(number, jsonIn(message.text), HINTS[field] ?? field)
          : undefined
      if (path !== undefined) price.path = path
    }
  }

  #count(what: string | undefined, seq: number): void {
    if (what === undefined) return
    const known = this.#positions.get(what)
    if (known !== undefined) known.count += 1
    else this.#positions.set(what, { what, count: 1, seq })
  }

  #name(name: string, seq: number): void {
    const by = /^\d+$/.test(name) ? 'contract id' : 'ticker'
    const known = this.#names.get(by)
    if (known === undefined) this.#names.set(by, { names: new Set([name]), example: name, seq })
    else if (known.names.size < 10_000) known.names.add(name)
  }
}

/** What wires call a field, where that is not our own word. */
const HINTS: Readonly<Partial<Record<QuoteField, string>>> = {
  last: 'lp',
  bidSize: 'bid',
  askSize: 'ask',
  lastSize: 'size',
}

function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && 'mantissa' in value
}

/** What makes or moves a position, in words; `undefined` for the rest. */
function positionWords(observation: Observation): string | undefined {
  switch (observation.kind) {
    case 'position':
    case 'fill':
    case 'fill-pair':
    case 'order':
    case 'balance':
      return `${observation.kind}: ${observation.change}`
    case 'deletion':
      return `${observation.of}: ${observation.change}`
    case 'signal':
      return `signal: ${observation.action}`
    case 'fee':
    case 'listing':
    case 'quote':
    case 'trade':
    case 'bar':
    case 'depth':
    case 'instrument':
      return undefined
    default:
      return observation satisfies never
  }
}
