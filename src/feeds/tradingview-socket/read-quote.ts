import type { Decimal } from '../../model/decimal.ts'
import type {
  BarObservation,
  InstrumentFacts,
  Observation,
  TradeObservation,
} from '../../model/observation.ts'
import type { QuoteField, QuoteFields } from '../../model/quote.ts'
import {
  epochMicrosFromSeconds,
  epochMicrosFromSecondsText,
  type NumberReader,
  priceFromText,
} from '../numbers.ts'
import { BAR_WIRE, type BarWireField, delayOfMode, FACT_WIRE, QUOTE_WIRE } from './fields.ts'

export type WireFields = Readonly<Record<string, unknown>>

/** What the `v` of a qsd says. A field of the wrong type is left out and named in `problems`; the rest is read. */
export interface ReadFields {
  readonly observations: readonly Observation[]
  readonly problems: readonly string[]
}

type Place = 'quote' | 'fact' | 'trade' | 'bar'
interface Known {
  readonly wire: string
  readonly place: Place
  readonly type: 'decimal' | 'seconds' | 'text' | 'boolean' | 'object'
  readonly field: string
  readonly bar?: BarWireField
}

const KNOWN_FIELDS: readonly Known[] = [
  ...QUOTE_WIRE.map((f): Known => ({ ...f, place: 'quote' })),
  ...FACT_WIRE.map((f): Known => ({ ...f, place: 'fact' })),
  ...BAR_WIRE.map((bar): Known => ({ wire: bar.wire, place: 'bar', type: 'object', field: bar.wire, bar })),
  { wire: 'trade', place: 'trade', type: 'object', field: 'trade' },
]
const FACT_FIELDS = KNOWN_FIELDS.filter(known => known.place === 'fact')
const KNOWN: ReadonlyMap<string, Known> = new Map(KNOWN_FIELDS.map(known => [known.wire, known]))

/**
 * From a packet of this many units on, the known fields are asked for, in the table's order, instead of looking
 * through all that came. Fundamentals have 1,140 keys, four of them known (S01): V8 gave up the compiled loop at each
 * such packet (1,418 times in a profiled run of bench's chart page, now never), and a message took 17.4 µs to
 * become quotes; asked for, it takes 11.5 µs.
 */
export const MANY_UNITS = 2_000

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
export type MutableQuote = Mutable<{ [F in QuoteField]?: unknown }>

/** What has been read of one packet so far. */
interface Reading {
  readonly session: string
  readonly name: string
  readonly numbers: NumberReader
  quote: MutableQuote | undefined
  facts: Record<string, unknown> | undefined
  others: Observation[] | undefined
  problems: string[] | undefined
}

const NO_PROBLEMS: readonly string[] = []

/** `units` is the length of the packet that `v` came in. */
export function readQuote(
  session: string,
  name: string,
  v: WireFields,
  units: number,
  numbers: NumberReader,
): ReadFields {
  const reading = emptyReading(session, name, numbers)
  if (units < MANY_UNITS) readEach(reading, v)
  else readKnown(reading, v)
  const { quote, facts, others, problems = NO_PROBLEMS } = reading
  const observations: Observation[] = []
  // Facts first: a price may need the point value that came with it.
  if (facts !== undefined) observations.push(facts as unknown as InstrumentFacts)
  if (quote !== undefined) observations.push({ kind: 'quote', session, name, fields: quote as QuoteFields })
  if (others !== undefined) observations.push(...others)
  return { observations, problems }
}

/** Every key from the beginning: objects that gain keys later were slower. */
function emptyReading(session: string, name: string, numbers: NumberReader): Reading {
  const nothing = undefined
  return { session, name, numbers, quote: nothing, facts: nothing, others: nothing, problems: nothing }
}

function readEach(reading: Reading, v: WireFields): void {
  for (const key in v) {
    const known = KNOWN.get(key)
    if (known !== undefined) readField(reading, known, v[key])
  }
}

function readKnown(reading: Reading, v: WireFields): void {
  for (const known of KNOWN_FIELDS) {
    const raw = v[known.wire]
    if (raw !== undefined) readField(reading, known, raw)
  }
}

function readField(reading: Reading, known: Known, raw: unknown): void {
  const { wire, place, type, field } = known
  if (place === 'quote' || place === 'fact') {
    const value = readScalar(type, raw, reading.numbers)
    if (value === undefined) addProblem(reading, `${wire}: ${expectation(type)}, found ${describe(raw)}`)
    else if (place === 'quote') setQuote(reading, field as QuoteField, value)
    else if (value !== null) setFact(reading, field, value)
  } else if (raw !== null) {
    const other = readStringObject(reading.session, reading.name, known, raw)
    if (other === undefined)
      addProblem(reading, `${wire}: an object of decimal strings, found ${describe(raw)}`)
    else reading.others = [...(reading.others ?? []), other]
  }
}

function setQuote(reading: Reading, field: QuoteField, value: unknown): void {
  reading.quote ??= {}
  putField(reading.quote, field, value)
}

/** The mode's word declares the delay. */
export function putField(quote: MutableQuote, field: QuoteField, value: unknown): void {
  quote[field] = value
  if (field === 'mode') quote.delay = typeof value === 'string' ? (delayOfMode(value) ?? null) : null
}

function setFact(reading: Reading, field: string, value: unknown): void {
  const { session, name } = reading
  reading.facts ??= { kind: 'instrument', session, name }
  reading.facts[field] = value
}

function addProblem(reading: Reading, problem: string): void {
  reading.problems = [...(reading.problems ?? []), problem]
}

/** The facts of symbol_resolved's answer, for the instrument of this name. */
export function readResolved(
  session: string,
  name: string,
  info: WireFields,
  numbers: NumberReader,
): ReadFields {
  const reading: Reading = emptyReading(session, name, numbers)
  for (const known of FACT_FIELDS) {
    const raw = info[known.wire]
    // An empty variable_tick_size stands where a qsd leaves the key out.
    if (raw !== undefined && raw !== '') readField(reading, known, raw)
  }
  const { facts, problems = NO_PROBLEMS } = reading
  return { observations: facts === undefined ? [] : [facts as unknown as InstrumentFacts], problems }
}

function readScalar(type: Known['type'], raw: unknown, numbers: NumberReader): unknown {
  if (type === 'decimal') return numbers.decimal(raw)
  if (raw === null) return null
  switch (type) {
    case 'seconds':
      return epochMicrosFromSeconds(raw)
    case 'text':
      return typeof raw === 'string' ? raw : undefined
    case 'boolean':
      return typeof raw === 'boolean' ? raw : undefined
    case 'object':
      return undefined
  }
}

function readStringObject(
  session: string,
  name: string,
  known: Known,
  raw: unknown,
): Observation | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined
  const values = raw as WireFields
  return known.bar === undefined
    ? readTrade(session, name, values)
    : readBar(session, name, known.bar, values)
}

function readTrade(session: string, name: string, values: WireFields): TradeObservation | undefined {
  const price = decimalOf(values['price'])
  const size = decimalOf(values['size'])
  const time = epochMicrosFromSecondsText(values['time'])
  const updateTime = epochMicrosFromSecondsText(values['data-update-time'])
  if (price === undefined) return undefined
  return {
    kind: 'trade',
    session,
    name,
    price,
    ...(size === undefined ? {} : { size }),
    ...(time === undefined ? {} : { time }),
    ...(updateTime === undefined ? {} : { updateTime }),
  }
}

function readBar(
  session: string,
  name: string,
  { interval, which }: BarWireField,
  values: WireFields,
): BarObservation | undefined {
  const time = epochMicrosFromSecondsText(values['time'])
  const open = decimalOf(values['open'])
  const high = decimalOf(values['high'])
  const low = decimalOf(values['low'])
  const close = decimalOf(values['close'])
  const volume = decimalOf(values['volume'])
  const updateTime = epochMicrosFromSecondsText(values['update-time'])
  if (time === undefined || open === undefined || high === undefined) return undefined
  if (low === undefined || close === undefined) return undefined
  return {
    kind: 'bar',
    session,
    name,
    interval,
    which,
    time,
    open,
    high,
    low,
    close,
    ...(volume === undefined ? {} : { volume }),
    ...(updateTime === undefined ? {} : { updateTime }),
  }
}

function decimalOf(value: unknown): Decimal | undefined {
  return typeof value === 'string' ? priceFromText(value) : undefined
}

function expectation(type: Known['type']): string {
  switch (type) {
    case 'decimal':
      return 'a number or null'
    case 'seconds':
      return 'whole epoch seconds or null'
    case 'text':
      return 'a string or null'
    case 'boolean':
      return 'true, false or null'
    case 'object':
      return 'an object of decimal strings'
  }
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`
  return typeof value === 'object' ? 'an object' : String(value)
}
