import { type Decimal, decimalFromText } from '../../model/decimal.ts'
import { excerpt, FeedtapeError, reasonOf } from '../../model/errors.ts'

/** A line of a run as JSON. */
export type RunJson = Readonly<Record<string, unknown>>

/** Throws `bad-run`. */
export function parsedLine(text: string, where: string): RunJson {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw notARun(where, 'a JSON object on each line', reasonOf(cause))
  }
  if (isObject(json)) return json
  throw notARun(where, 'a JSON object on each line', excerpt(text))
}

export function isObject(json: unknown): json is RunJson {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

export function decimalIn(line: RunJson, name: string, where: string): Decimal | undefined {
  const value = line[name]
  if (value === null || value === undefined) return undefined
  const decimal = typeof value === 'string' ? decimalFromText(value) : undefined
  if (decimal !== undefined) return decimal
  throw notARun(`${where} ${name}`, 'a decimal as a string, or null', excerpt(String(value)))
}

export function textIn(line: RunJson, name: string): string | undefined {
  const value = line[name]
  return typeof value === 'string' ? value : undefined
}

export function numberIn(line: RunJson, name: string): number | undefined {
  const value = line[name]
  return typeof value === 'number' ? value : undefined
}

/** Where it is no list: nothing. */
export function listIn(line: RunJson, name: string): readonly unknown[] {
  const value = line[name]
  return Array.isArray(value) ? value : []
}

export function notARun(where: string, expected: string, found: string): FeedtapeError {
  return new FeedtapeError('bad-run', 'this is not a run', {
    where,
    expected,
    found,
    next: 'give two files that feedtape replay --json or feedtape watch --json wrote',
  })
}
