import { z } from 'zod'
import { decimalFromText, decimalSign } from '../model/decimal.ts'
import { excerpt, FeedtapeError, reasonOf } from '../model/errors.ts'

/**
 * Values in files that people write by hand (the config, a file of fills). A schema's message is what was
 * expected, in words, so that one function turns any refusal into an error that says what to do.
 */

/** A decimal as a string: `0.1` as a JSON number is already another value. */
export function writtenDecimal(expected = 'a decimal as a string, such as "0.05"') {
  return z.string(expected).transform((text, context) => {
    const value = decimalFromText(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: expected })
    return z.NEVER
  })
}

export function writtenPositiveDecimal() {
  const expected = 'a decimal above zero as a string, such as "0.05"'
  return writtenDecimal(expected).refine(value => decimalSign(value) > 0, expected)
}

/** An object that refuses keys it does not know: a slip in an optional key would otherwise be silence. */
export function writtenObject<Shape extends z.ZodRawShape>(shape: Shape) {
  const allowed = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: issue =>
      issue.code === 'unrecognized_keys' ? `only the keys ${allowed}` : `an object with the keys ${allowed}`,
  })
}

/** The JSON of a config; `file` and `example` are for its error. Throws `bad-config`. */
export function configJson(text: string, file: string, example: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new FeedtapeError('bad-config', 'the config is not JSON', {
      where: file,
      expected: `one JSON object, such as ${example}`,
      found: reasonOf(cause),
      next: 'correct the JSON',
      cause,
    })
  }
}

export interface Refusal {
  /** `instruments.NSE:CNX500.pointValue`, `''` for the whole. */
  readonly path: string
  readonly expected: string
  readonly found: string
  readonly next: string
}

/** The first thing that is wrong with `input`, in words. */
export function refusalOf(error: z.ZodError, input: unknown): Refusal {
  const [issue] = error.issues
  if (issue === undefined) throw new Error('a refusal without an issue')
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = [...issue.path, ...keys]
  const value = valueAt(input, issue.path)
  if (keys.length > 0) {
    return refusal(path, issue.message, `the key ${excerpt(String(keys[0]))}`, 'correct or remove the key')
  }
  if (value === undefined) return refusal(path, issue.message, 'nothing', 'add it')
  if (typeof value === 'number' && issue.message.includes('as a string')) {
    return refusal(path, issue.message, `the number ${value}`, `put it in quotes: "${value}"`)
  }
  return refusal(path, issue.message, excerpt(JSON.stringify(value)), 'correct the value')
}

function refusal(path: readonly PropertyKey[], expected: string, found: string, next: string): Refusal {
  return { path: path.map(String).join('.'), expected, found, next }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.entries(value).find(([name]) => name === String(key))?.[1]
  }
  return value
}
