import { decimalSign } from '../model/decimal.ts'
import type { Observation } from '../model/observation.ts'
import type { QuoteField } from '../model/quote.ts'
import type { Expectation, PriceAnswer, WrappingAnswer } from './answers-report.ts'
import { TYPE_DATA } from './wrapping.ts'

const OTHER_FORMAT = 'another format than Trade Manager’s'
const STRUCTURED = 'structured, with price fields'
const ENTRY_PRICES = 'positions with entry prices'
const REAL_TIME = 'real-time quotes'

const PRICE_FIELDS: readonly QuoteField[] = ['bid', 'ask', 'last', 'open', 'high', 'low']

interface Pushes {
  /** Messages that quoted a name, and the second of them: what comes again unasked is pushed. */
  readonly first: number
  second?: number
}

/** Whether the four that the seed notes expect of Tradovate hold, from what came alone. */
export class Expectations {
  readonly #events = { count: 0, seq: 0 }
  readonly #names = new Map<string, Pushes>()
  #entry: number | undefined
  #entryMissing: number | undefined
  #flat: number | undefined
  #pricedFill: number | undefined
  #delayed: { readonly seq: number; readonly delay: number } | undefined

  /** Its messages are lists of `{"e","d"}` events and `{"s","i","d"}` answers, whatever the tape calls the feed. */
  message(values: readonly unknown[], seq: number): void {
    const items = values.flatMap(value => (Array.isArray(value) ? value : []))
    if (!items.some(isItem)) return
    if (this.#events.count === 0) this.#events.seq = seq
    this.#events.count += 1
  }

  observe(observation: Observation, seq: number): void {
    if (observation.kind === 'position') {
      if (observation.averagePrice !== undefined) this.#entry ??= seq
      else if (decimalSign(observation.quantity) === 0) this.#flat ??= seq
      else this.#entryMissing ??= seq
    } else if (observation.kind === 'fill') this.#pricedFill ??= seq
    else if (observation.kind === 'quote') {
      const { bid, ask, last, delay } = observation.fields
      if (typeof delay === 'number' && delay > 0) this.#delayed ??= { seq, delay }
      if (bid === undefined && ask === undefined && last === undefined) return
      const known = this.#names.get(observation.name)
      if (known === undefined) {
        if (this.#names.size < 10_000) this.#names.set(observation.name, { first: seq })
      } else if (known.first !== seq) known.second ??= seq
    }
  }

  result(
    wrapping: WrappingAnswer,
    prices: ReadonlyMap<QuoteField, PriceAnswer>,
  ): readonly Expectation[] | undefined {
    if (this.#events.count === 0) return undefined
    return [this.#format(wrapping), this.#structured(prices), this.#entryPrices(), this.#realTime()]
  }

  #format({ forms }: WrappingAnswer): Expectation {
    const wrapped = forms.find(({ form }) => form === TYPE_DATA)
    if (wrapped !== undefined) {
      return {
        expects: OTHER_FORMAT,
        holds: 'no',
        why: 'it is wrapped in type and data too',
        seq: wrapped.seq,
      }
    }
    const [first] = forms
    const why = `arrays of objects, of ${first?.form ?? 'e and d'}; nothing is wrapped in type and data`
    return { expects: OTHER_FORMAT, holds: 'yes', why, seq: this.#events.seq }
  }

  #structured(prices: ReadonlyMap<QuoteField, PriceAnswer>): Expectation {
    const found = PRICE_FIELDS.flatMap(field => prices.get(field) ?? [])
    const [first] = found
    if (first !== undefined) {
      const words = found.map(({ field }) => field).join(', ')
      return { expects: STRUCTURED, holds: 'yes', why: `quotes have ${words}`, seq: first.seq }
    }
    if (this.#pricedFill !== undefined) {
      return {
        expects: STRUCTURED,
        holds: 'yes',
        why: 'no quote came; fills have a price',
        seq: this.#pricedFill,
      }
    }
    return { expects: STRUCTURED, holds: 'unseen', why: 'neither a quote nor a fill came' }
  }

  #entryPrices(): Expectation {
    const expects = ENTRY_PRICES
    if (this.#entry !== undefined) {
      return { expects, holds: 'yes', why: 'a position came with its average price', seq: this.#entry }
    }
    if (this.#entryMissing !== undefined) {
      return {
        expects,
        holds: 'no',
        why: 'a position that is not flat came without a price',
        seq: this.#entryMissing,
      }
    }
    if (this.#flat !== undefined) {
      const why = 'only flat positions came, which have none'
      return { expects, holds: 'unseen', why, seq: this.#flat }
    }
    return { expects, holds: 'unseen', why: 'no position came' }
  }

  #realTime(): Expectation {
    const expects = REAL_TIME
    if (this.#delayed !== undefined) {
      const { delay, seq } = this.#delayed
      return { expects, holds: 'no', why: `they say themselves that they are ${delay} s late`, seq }
    }
    const pushed = [...this.#names.values()].find(({ second }) => second !== undefined)
    if (pushed?.second !== undefined) {
      return {
        expects,
        holds: 'yes',
        why: 'quotes of one name kept coming, and none is said to be late',
        seq: pushed.second,
      }
    }
    const [one] = this.#names.values()
    if (one === undefined) return { expects, holds: 'unseen', why: 'no quote came' }
    return { expects, holds: 'unseen', why: 'each name was quoted once only', seq: one.first }
  }
}

function isItem(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return ('e' in value && 'd' in value) || ('s' in value && 'i' in value)
}
