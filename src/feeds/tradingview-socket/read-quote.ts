import type { Decimal } from '../../model/decimal.ts'
import { decimalFromText } from '../../model/decimal.ts'
import type {
  BarObservation,
  InstrumentFacts,
  Observation,
  TradeObservation,
} from '../../model/observation.ts'
import type { QuoteField, QuoteFields } from '../../model/quote.ts'
import { BAR_WIRE, type BarWireField, delayOfMode, FACT_WIRE, type FactField, QUOTE_WIRE } from './fields.ts'
import { epochMicrosFromSeconds, epochMicrosFromSecondsText, type NumberReader } from './numbers.ts'

export type WireFields = Readonly<Record<string, unknown>>

/** What the `v` of a qsd says. A field of the wrong type is left out and named in `problems`; the rest is read. */
export interface ReadFields {
  readonly observations: Observation[]
  readonly problems: string[]
}

type Place = 'quote' | 'fact' | 'trade' | 'bar'
interface Known {
  readonly place: Place
  readonly type: 'decimal' | 'seconds' | 'text' | 'boolean' | 'object'
  readonly field: string
  readonly bar?: BarWireField
}

const KNOWN: ReadonlyMap<string, Known> = new Map<string, Known>([
  ...QUOTE_WIRE.map((f): [string, Known] => [f.wire, { place: 'quote', type: f.type, field: f.field }]),
  ...FACT_WIRE.map((f): [string, Known] => [f.wire, { place: 'fact', type: f.type, field: f.field }]),
  ...BAR_WIRE.map((bar): [string, Known] => [
    bar.wire,
    { place: 'bar', type: 'object', field: bar.wire, bar },
  ]),
  ['trade', { place: 'trade', type: 'object', field: 'trade' }],
])

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type MutableQuote = Mutable<{ [F in QuoteField]?: unknown }>

export function readQuote(session: string, name: string, v: WireFields, numbers: NumberReader): ReadFields {
  const problems: string[] = []
  const others: Observation[] = []
  let quote: MutableQuote | undefined
  let facts: Record<string, unknown> | undefined
  for (const key in v) {
    const known = KNOWN.get(key)
    if (known === undefined) continue
    const raw = v[key]
    if (known.place === 'quote' || known.place === 'fact') {
      const value = readScalar(known.type, raw, numbers)
      if (value === undefined) problems.push(`${key}: ${expectation(known.type)}, found ${describe(raw)}`)
      else if (known.place === 'quote') {
        quote ??= {}
        quote[known.field as QuoteField] = value
        if (known.field === 'mode')
          quote.delay = typeof value === 'string' ? (delayOfMode(value) ?? null) : null
      } else if (value !== null) {
        facts ??= { kind: 'instrument', session, name }
        facts[known.field] = value
      }
    } else if (raw !== null) {
      const other = readStringObject(session, name, known, raw)
      if (other === undefined) problems.push(`${key}: an object of decimal strings, found ${describe(raw)}`)
      else others.push(other)
    }
  }
  const observations: Observation[] = []
  // Facts first: a price may need the point value that came with it.
  if (facts !== undefined) observations.push(facts as unknown as InstrumentFacts)
  if (quote !== undefined) observations.push({ kind: 'quote', session, name, fields: quote as QuoteFields })
  for (const other of others) observations.push(other)
  return { observations, problems }
}

/** The facts of symbol_resolved's answer, under the venue's own name for the instrument. */
export function readResolved(
  session: string,
  info: WireFields,
  numbers: NumberReader,
): InstrumentFacts | undefined {
  const name = info['pro_name'] ?? info['full_name']
  if (typeof name !== 'string') return undefined
  const facts: Record<string, unknown> = { kind: 'instrument', session, name }
  for (const { wire, field, type } of FACT_WIRE) {
    const value = readScalar(type, info[wire], numbers)
    if (value !== undefined && value !== null && isWorthKeeping(field, value)) facts[field] = value
  }
  return facts as unknown as InstrumentFacts
}

/** symbol_resolved writes an empty variable_tick_size where a qsd leaves the key out. */
function isWorthKeeping(field: FactField, value: unknown): boolean {
  return !(field === 'variableTickSize' && value === '')
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
  return typeof value === 'string' ? decimalFromText(value) : undefined
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
