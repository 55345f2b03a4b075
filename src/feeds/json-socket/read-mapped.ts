import { decimalText } from '../../model/decimal.ts'
import type { InstrumentFacts, Observation } from '../../model/observation.ts'
import type { QuoteFields, WireFields } from '../../model/quote.ts'
import { epochMicrosFromIso } from '../../model/time.ts'
import { type NumberReader, priceFromText } from '../numbers.ts'
import type { Mapping, Place } from './mapping.ts'
import { type Places, placesOf, valueAt } from './path.ts'
import { epochMicrosOfCount } from './time-unit.ts'

export interface MappedReading {
  readonly observations: readonly Observation[]
  /** What in it is not as the mapping says, each thing once. */
  readonly problems: ReadonlySet<string>
}

/** Whether a mapping is for this message. */
export function fits({ where, each, name }: Mapping, message: unknown): boolean {
  if (where.length > 0) return where.every(([path, value]) => valueAt(message, path) === value)
  if (!('steps' in name)) return true
  const rows = each === undefined ? [[]] : placesOf(message, each)
  return rows.some(places => isNamed(valueAt(message, name, places)))
}

/** What one mapping reads in a message that it fits. `wire` has the numbers' own text, where it is asked for. */
export function readMapped(
  mapping: Mapping,
  message: unknown,
  numbers: NumberReader,
  wire: unknown,
): MappedReading {
  const problems = new Set<string>()
  const rows = mapping.each === undefined ? [[]] : placesOf(message, mapping.each)
  if (mapping.each !== undefined && rows.length === 0 && valueAt(message, mapping.each) === undefined) {
    problems.add(`nothing at ${mapping.each.text}`)
  }
  const observations = rows.flatMap(places => readRow(mapping, { message, wire, places, numbers, problems }))
  return { observations, problems }
}

interface Row {
  readonly message: unknown
  readonly wire: unknown
  readonly places: Places
  readonly numbers: NumberReader
  readonly problems: Set<string>
}

function readRow({ name: said, fields: asked, facts, each }: Mapping, row: Row): readonly Observation[] {
  const { message, wire, places, numbers, problems } = row
  const name = 'steps' in said ? nameOf(valueAt(message, said, places), numbers) : said.text
  if (name === undefined) {
    problems.add(`no name at ${'steps' in said ? said.text : ''}`)
    return []
  }
  const observations: Observation[] = []
  const known = valuesAt(facts, row)
  for (const key in known) if (known[key] === null) delete known[key]
  // The types of the values follow from FACTS and QUOTE_FIELDS, by which valueOf has read them.
  if (Object.keys(known).length > 0) {
    observations.push({ kind: 'instrument', session: '', name, ...known } as InstrumentFacts)
  }
  const fields = valuesAt(asked, row) as QuoteFields
  if (Object.keys(fields).length > 0 || (wire !== undefined && asked.length > 0)) {
    const part =
      each === undefined
        ? wire
        : (valueAt(wire, { ...each, steps: [...each.steps, undefined] }, places) ?? wire)
    observations.push({
      kind: 'quote',
      session: '',
      name,
      fields,
      ...(wire === undefined ? {} : { wire: fieldsOf(part) }),
    })
  }
  return observations
}

function valuesAt(asked: readonly Place<string>[], { message, places, numbers, problems }: Row) {
  const values: Record<string, unknown> = {}
  for (const { key, path, value: type } of asked) {
    const raw = valueAt(message, path, places)
    if (raw === undefined) continue
    const value = raw === null ? null : readValue(raw, type, numbers)
    if (value === undefined) problems.add(`${path.text} is no ${WORDS[type.type]}`)
    else values[key] = value
  }
  return values
}

const WORDS = { decimal: 'number', text: 'text', seconds: 'number of seconds', time: 'time' } as const

function readValue(raw: unknown, type: Place<string>['value'], numbers: NumberReader): unknown {
  switch (type.type) {
    case 'text':
      return typeof raw === 'string' ? raw : undefined
    case 'seconds':
      return typeof raw === 'number' && raw >= 0 && Number.isFinite(raw) ? raw : undefined
    case 'decimal':
      return decimalOf(raw, numbers)
    case 'time': {
      if (type.unit === 'iso') return typeof raw === 'string' ? epochMicrosFromIso(raw) : undefined
      const count = decimalOf(raw, numbers)
      const micros = count === undefined || count === null ? count : epochMicrosOfCount(count, type.unit)
      // No quote is of 1970: a zero says that there is none.
      return micros === 0 ? null : micros
    }
    default:
      return type satisfies never
  }
}

/** As a number or in a string. */
function decimalOf(raw: unknown, numbers: NumberReader) {
  if (typeof raw !== 'string') return numbers.decimal(raw)
  return Number(raw) === 1e100 ? null : priceFromText(raw)
}

/** A contract's number is a name as well, exact beyond 2^53. */
/**
 * Bare digits are another wire's contract ids, and a number here is this socket's own: `json-socket:101` is nobody
 * else's 101, until the config says what it `is`.
 */
function nameOf(value: unknown, numbers: NumberReader): string | undefined {
  const name = textOf(value, numbers)
  return name !== undefined && /^\d+$/.test(name) ? `json-socket:${name}` : name
}

function textOf(value: unknown, numbers: NumberReader): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  const number = value === null ? undefined : numbers.decimal(value)
  return number?.scale === 0 ? decimalText(number) : undefined
}

/** Before any number's own text is looked at. */
function isNamed(value: unknown): boolean {
  return typeof value === 'string' ? value !== '' : Number.isInteger(value)
}

function fieldsOf(value: unknown): WireFields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : { value }
}
