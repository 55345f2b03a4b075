import { z } from 'zod'
import { refusalOf, writtenObject } from '../instruments/hand-written.ts'
import { decimalText } from '../model/decimal.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import type { Fill } from './sources/positions-file.ts'

/** What somebody's JavaScript gives to `createPnl`: the types say what it should be, and nobody holds it to them. */

const RULE = 'a rule as a string, as on the command line'

const OPTIONS = writtenObject({
  instruments: z.record(z.string(), z.unknown(), 'an object of instruments by name').optional(),
  mark: z.string(RULE).optional(),
  matching: z.string(RULE).optional(),
  fees: z.string(RULE).optional(),
  staleAfter: z.string('a duration such as "60s"').optional(),
  start: z.string('a time in ISO 8601, such as "2026-03-02T15:00:00Z"').optional(),
})

const NAME = 'a name as a string of at least one character'

const DELAY = 'seconds as a number of at least 0'

const POSITION_OF = writtenObject({
  account: z.string(NAME).min(1, NAME).optional(),
  strategy: z.string(NAME).min(1, NAME).optional(),
})

/** Prices are read, and refused, where they are taken. */
const QUOTE = writtenObject({
  last: z.unknown().optional(),
  bid: z.unknown().optional(),
  ask: z.unknown().optional(),
  delay: z.number(DELAY).min(0, DELAY).optional(),
  at: z.string('a time in ISO 8601, such as "2026-03-02T15:00:00Z"').optional(),
})

/** Throws `usage`. */
export function checkOptions(options: unknown, where: string): void {
  check(OPTIONS, options, where)
}

/** Throws `usage`. */
export function checkPositionOf(of: unknown): void {
  check(POSITION_OF, of, 'position of')
}

/** Throws `usage`. */
export function checkQuote(quote: unknown): void {
  check(QUOTE, quote, 'quote')
}

/** Throws `usage` where it is no name at all. */
export function checkName(name: unknown, where: string): void {
  if (typeof name === 'string' && name !== '') return
  throw refused(where, NAME, foundText(name))
}

/** As a line of a file. Throws `usage` where JSON cannot say it. */
export function jsonOf(value: unknown, where: string): string {
  const text = jsonText(value)
  if (text !== undefined) return text
  throw refused(where, 'an object of strings', foundText(value))
}

/** The same for fills that say the same, however they spell it. */
export function contentOf({ line: _, quantity, price, fee, ...fill }: Fill): string {
  const said = { quantity: decimalText(quantity), price: decimalText(price) }
  const words = { ...fill, ...said, ...(fee === undefined ? {} : { fee: decimalText(fee) }) }
  return JSON.stringify(Object.entries(words).sort(([a], [b]) => (a < b ? -1 : 1)))
}

export function givenTwice(id: string, first: string, again: string): FeedtapeError {
  return new FeedtapeError('bad-positions', `the fill ${excerpt(id)} is given twice, differently`, {
    where: 'fill id',
    expected: `what was said first: ${first}`,
    found: again,
    next: 'give each fill an id of its own',
  })
}

/** For an error: of what is no string its JSON, else its type. */
export function foundText(value: unknown): string {
  return excerpt(typeof value === 'string' ? value : (jsonText(value) ?? typeof value))
}

function check(schema: z.ZodType, value: unknown, where: string): void {
  const result = schema.safeParse(value)
  if (result.success) return
  const [issue] = result.error.issues
  const isJson = jsonText(value) !== undefined
  if (isJson) {
    const { path, ...detail } = refusalOf(result.error, value)
    throw new FeedtapeError('usage', 'what was given cannot be read', {
      where: whereOf(where, path),
      ...detail,
    })
  }
  throw refused(whereOf(where, (issue?.path ?? []).join('.')), issue?.message ?? '', foundText(value))
}

function whereOf(where: string, path: string): string {
  return path === '' ? where : `${where} ${path}`
}

function refused(where: string, expected: string, found: string): FeedtapeError {
  return new FeedtapeError('usage', 'what was given cannot be read', {
    where,
    expected,
    found,
    next: 'correct the value',
  })
}

/** `undefined` for what JSON does not have: a function, a BigInt, a circle. */
function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
