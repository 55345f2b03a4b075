import { type Decimal, decimalEquals, decimalFromNumber, decimalFromText } from '../../model/decimal.ts'
import { excerpt, FeedtapeError, reasonOf } from '../../model/errors.ts'
import { QUOTE_FIELDS, type QuoteField } from '../../model/quote.ts'
import { type EpochMicros, epochMicrosFromIso } from '../../model/time.ts'

/** What a field can say, whoever says it. */
export type ParserValue = Decimal | EpochMicros | string | null

/** A quote update as a parser says it (docs/PARSERS.md). */
export interface ParserUpdate {
  /** The entry that it comes from. */
  readonly seq: number
  readonly name: string
  /** Where the parser says one: then updates of one name are told apart by it. */
  readonly session: string | undefined
  readonly fields: ReadonlyMap<QuoteField, ParserValue>
}

/**
 * Reads a line of a parser's output; `undefined` for what is no quote update: other observations, a tally, a blank line.
 * Throws `bad-parser`.
 */
export function readParserLine(text: string, where: string): ParserUpdate | undefined {
  if (text.trim() === '') return undefined
  const line = parsed(text, where)
  const { kind, seq, name, session, fields } = line
  if (kind !== 'quote') return undefined
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq))
    throw badLine(where, '"seq": the entry’s number', seq)
  if (typeof name !== 'string') throw badLine(where, '"name": the instrument as the wire names it', name)
  if (!isObject(fields)) throw badLine(where, '"fields": an object of quote fields', fields)
  const read = Object.entries(fields).map(([field, value]) => fieldOf(field, value, where))
  return { seq, name, session: typeof session === 'string' ? session : undefined, fields: new Map(read) }
}

export function isSameValue(a: ParserValue | undefined, b: ParserValue | undefined): boolean {
  if (isDecimal(a) && isDecimal(b)) return decimalEquals(a, b)
  return a === b
}

export function isDecimal(value: ParserValue | undefined): value is Decimal {
  return typeof value === 'object' && value !== null
}

/** The value of a field in its type. `undefined` where it is of another. */
export function readValue(field: QuoteField, value: unknown): ParserValue | undefined {
  if (value === null) return null
  switch (QUOTE_FIELDS[field].type) {
    case 'decimal':
      return typeof value === 'number' ? decimalOf(value) : decimalIn(value)
    case 'time':
      return typeof value === 'string' ? epochMicrosFromIso(value) : undefined
    case 'seconds':
      return typeof value === 'number' ? value : undefined
    case 'text':
      return typeof value === 'string' ? value : undefined
    default:
      return QUOTE_FIELDS[field] satisfies never
  }
}

/** A double of more than 15 digits or with an exponent is what JavaScript writes of it. */
function decimalOf(value: number): Decimal | undefined {
  return decimalFromNumber(value) ?? decimalFromText(String(value))
}

function decimalIn(value: unknown): Decimal | undefined {
  return typeof value === 'string' ? decimalFromText(value) : undefined
}

const EXPECTED = {
  decimal: 'a decimal as a string, "25650.25", or null',
  time: 'a time in ISO 8601, "2026-03-02T15:00:00Z", or null',
  seconds: 'a number of seconds, or null',
  text: 'a text, or null',
} as const

function fieldOf(name: string, said: unknown, where: string): readonly [QuoteField, ParserValue] {
  if (!isField(name)) throw badLine(`${where} fields`, `one of ${Object.keys(QUOTE_FIELDS).join(', ')}`, name)
  const value = readValue(name, said)
  if (value === undefined) throw badLine(`${where} fields.${name}`, EXPECTED[QUOTE_FIELDS[name].type], said)
  return [name, value]
}

function isField(name: string): name is QuoteField {
  return Object.hasOwn(QUOTE_FIELDS, name)
}

function parsed(text: string, where: string): Readonly<Record<string, unknown>> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw badLine(where, `a JSON object on each line; ${reasonOf(cause)}`, text)
  }
  if (isObject(json)) return json
  throw badLine(where, 'a JSON object on each line', text)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function badLine(where: string, expected: string, found: unknown): FeedtapeError {
  return new FeedtapeError('bad-parser', 'the parser’s line cannot be read', {
    where,
    expected,
    found: excerpt(typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing')),
    next: 'see docs/PARSERS.md; what is no answer belongs on standard error',
  })
}
