import { Identities } from '../../instruments/index.ts'
import { type Decimal, decimalText } from '../../model/decimal.ts'
import type { Observation } from '../../model/observation.ts'
import { QUOTE_FIELDS, type QuoteField } from '../../model/quote.ts'
import { type EpochMicros, epochMicrosFromIso } from '../../model/time.ts'
import type { Header } from '../../tape/entry.ts'
import { leafPaths, stepsOf, valuesAt } from './field-paths.ts'
import { isRawNumber } from './packet-json.ts'
import type { ReadMessage } from './packet-reading.ts'

/** How one number of one instrument moved on one feed: its changes only. */
export interface Series {
  readonly feed: string
  /** The instrument, by one name on all feeds; `''` where the wire's message names none that is known. */
  readonly instrument: string
  /** A quote's field, or the wire's own path of a number that nobody reads. */
  readonly field: string
  readonly isRead: boolean
  readonly times: readonly EpochMicros[]
  readonly values: readonly number[]
}

type Growing = Omit<Series, 'times' | 'values' | 'instrument'> & {
  readonly name: string
  readonly times: EpochMicros[]
  readonly values: number[]
}

/** Kept of one series, and series of one feed: what is beyond adds nothing to a comparison. */
const MOST_POINTS = 5_000
const MOST_SERIES = 400

/** Gathers how prices moved, for the comparison of feeds. */
export class PriceSeries {
  readonly #series = new Map<string, Growing>()
  readonly #counts = new Map<string, number>()
  readonly #identities = new Identities()
  readonly #wantsUnread: boolean

  /** `wantsUnread`: also numbers that no decoder reads, for which every packet is walked through. */
  constructor(wantsUnread: boolean) {
    this.#wantsUnread = wantsUnread
  }

  look({ feed, message, packets }: ReadMessage, { start, clock, id }: Header): void {
    if (clock === 'none') return
    const at = (epochMicrosFromIso(start) ?? 0) + message.at
    for (const { packet, body, observations } of packets) {
      if (packet.dir !== 'in') continue
      for (const observation of observations) {
        if (observation.kind === 'instrument')
          this.#identities.learn(observation, { feed, tape: id, seq: message.seq })
        this.#observe(feed, at, observation)
      }
      if (this.#wantsUnread && body.value !== undefined) {
        const names = new Set(observations.map(({ name }) => name))
        const [name = ''] = names
        if (names.size <= 1) this.#unread(feed, packet.kind, at, name, body.value)
      }
    }
  }

  result(): readonly Series[] {
    return [...this.#series.values()]
      .filter(({ values }) => values.length > 1)
      .map(({ name, ...series }) => ({
        ...series,
        instrument: name === '' ? '' : this.#identities.canonical(name),
      }))
  }

  #observe(feed: string, at: EpochMicros, observation: Observation): void {
    if (observation.kind === 'trade')
      this.#add(feed, observation.name, 'last', true, at, numberOf(observation.price))
    if (observation.kind !== 'quote') return
    for (const [field, value] of Object.entries(observation.fields) as [QuoteField, unknown][]) {
      if (QUOTE_FIELDS[field].type !== 'decimal' || !isDecimal(value)) continue
      this.#add(feed, observation.name, field, true, at, numberOf(value))
    }
  }

  #unread(feed: string, kind: string, at: EpochMicros, name: string, value: unknown): void {
    for (const path of leafPaths(value)) {
      if (path.includes('*')) continue
      const [found] = valuesAt(value, stepsOf(path))
      const number = isRawNumber(found) ? Number(found.rawJSON) : found
      if (typeof number === 'number') this.#add(feed, name, `${kind} ${path}`, false, at, number)
    }
  }

  #add(feed: string, name: string, field: string, isRead: boolean, at: EpochMicros, value: number): void {
    const key = JSON.stringify([feed, name, field])
    let series = this.#series.get(key)
    if (series === undefined) {
      const count = this.#counts.get(feed) ?? 0
      if (count >= MOST_SERIES) return
      this.#counts.set(feed, count + 1)
      series = { feed, name, field, isRead, times: [], values: [] }
      this.#series.set(key, series)
    }
    if (series.values.at(-1) === value || series.values.length >= MOST_POINTS) return
    series.times.push(at)
    series.values.push(value)
  }
}

function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && 'mantissa' in value
}

function numberOf(value: Decimal): number {
  return Number(decimalText(value))
}
