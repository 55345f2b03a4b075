import type { InstrumentFacts, Observation } from '../../model/observation.ts'
import type { QuoteFields, WireFields } from '../../model/quote.ts'
import type { NumberReader } from '../numbers.ts'
import { delayOfMode } from '../tradingview/update-mode.ts'
import type { Column } from './columns.ts'
import { columnNamed } from './columns.ts'

/** A row as the wire has it: whose it is, and the values in the order of its columns. */
export interface Row {
  readonly name: string
  readonly columns: readonly string[]
  readonly values: readonly unknown[]
}

export interface ReadRow {
  readonly observations: readonly Observation[]
  /** Values of the wrong type: left out and named, while the rest is read. */
  readonly problems: readonly string[]
}

/** Facts first: a price may need what came with it. The session is `''`: this wire has none. */
export function readRow({ name, columns, values }: Row, numbers: NumberReader): ReadRow {
  const quote: Record<string, unknown> = {}
  const facts: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [index, wire] of columns.entries()) {
    const column = columnNamed(wire)
    if (column === undefined) continue
    const raw = values[index]
    const value = readValue(column, raw, numbers)
    if (value === undefined) {
      problems.push(`${name}: ${wire} is ${EXPECTED[column.type]}, found ${described(raw)}`)
    } else if (column.place === 'quote') {
      quote[column.field] = value
      if (column.field === 'mode') quote['delay'] = declaredDelay(value)
    } else if (value !== null) {
      facts[column.field] = value
    }
  }
  const observations: Observation[] = []
  // Each value was read by its column's type, which is its field's.
  if (!isEmpty(facts))
    observations.push({ kind: 'instrument', session: '', name, ...facts } as InstrumentFacts)
  if (!isEmpty(quote)) observations.push({ kind: 'quote', session: '', name, fields: quote as QuoteFields })
  return { observations, problems }
}

/** The same observations, the quote with all that its row had: also where no quote field was in it. */
export function withWire(
  observations: readonly Observation[],
  { name, columns, values }: Row,
): Observation[] {
  const wire: WireFields = Object.fromEntries(columns.map((column, index) => [column, values[index]]))
  const isQuoted = observations.some(({ kind }) => kind === 'quote')
  const all: readonly Observation[] = isQuoted
    ? observations
    : [...observations, { kind: 'quote', session: '', name, fields: {} }]
  return all.map(one => (one.kind === 'quote' ? { ...one, wire } : one))
}

function declaredDelay(mode: unknown): number | null {
  return typeof mode === 'string' ? (delayOfMode(mode) ?? null) : null
}

function readValue({ type }: Column, raw: unknown, numbers: NumberReader): unknown {
  if (type === 'decimal') return numbers.decimal(raw)
  if (raw === null) return null
  switch (type) {
    case 'text':
      return typeof raw === 'string' ? raw : undefined
    case 'boolean':
      return typeof raw === 'boolean' ? raw : BOOLEANS.get(raw)
    default:
      return type satisfies never
  }
}

const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['false', false],
])

const EXPECTED: Readonly<Record<Column['type'], string>> = {
  decimal: 'a number or null',
  text: 'a string or null',
  boolean: 'true, false or null',
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0
}

function described(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`
  if (typeof value !== 'object' || value === null) return String(value)
  // A number that was kept as its text: 1e999.
  return Object.getPrototypeOf(value) === Object.prototype ? 'an object' : 'a number beyond all reading'
}
