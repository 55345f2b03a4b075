import { epochMicrosOfCount, type TimeUnit } from '../../feeds/json-socket/index.ts'
import { NumberReader } from '../../feeds/numbers.ts'
import { type Decimal, decimalFromText, decimalSign, decimalText } from '../../model/decimal.ts'
import { FeedtapeError } from '../../model/errors.ts'
import { type EpochMicros, epochMicrosFromIso } from '../../model/time.ts'

/** One value of a body, and where it stands; absent, null and the empty text say nothing. */
export interface BodyValue {
  readonly value: unknown
  /** `FILE:LINE path`. */
  readonly where: string
}

export function decimalIn(body: BodyValue): Decimal | undefined {
  const { value } = body
  if (isNothing(value)) return undefined
  const number = typeof value === 'string' ? decimalFromText(value.trim()) : new NumberReader().decimal(value)
  if (number === undefined || number === null) throw notThat(body, 'a decimal, such as 24958.5 or "24958.5"')
  return number
}

export function positiveIn(body: BodyValue): Decimal | undefined {
  const number = decimalIn(body)
  if (number === undefined || decimalSign(number) > 0) return number
  throw notThat(body, 'a decimal above zero', { found: decimalText(number) })
}

/** A timeframe or an id may be a number there. */
export function textIn(body: BodyValue): string | undefined {
  const { value } = body
  if (isNothing(value)) return undefined
  if (typeof value === 'string') return value.trim()
  const number = new NumberReader().decimal(value)
  if (number === undefined || number === null) throw notThat(body, 'a text')
  return decimalText(number)
}

export function wordIn<Word extends string>(
  body: BodyValue,
  words: Readonly<Record<string, Word>>,
): Word | undefined {
  const text = textIn(body)?.toLowerCase()
  if (text === undefined) return undefined
  const word = Object.hasOwn(words, text) ? words[text] : undefined
  if (word === undefined) throw notThat(body, Object.keys(words).join(', '))
  return word
}

export function timeIn(body: BodyValue, unit: TimeUnit): EpochMicros | undefined {
  const { value } = body
  if (isNothing(value)) return undefined
  const at =
    unit === 'iso'
      ? epochMicrosFromIso(typeof value === 'string' ? value.trim() : '')
      : countedTime(decimalIn(body), unit)
  if (at !== undefined) return at
  const isCount = unit === 'iso' && isNumber(value)
  const iso = 'a time in ISO 8601 with its offset, such as "2025-12-18T09:30:00-05:00"'
  throw notThat(body, unit === 'iso' ? iso : `a time in ${unit} since 1970`, {
    ...(isCount ? { next: 'set "timeUnit" beside "at" in the config' } : {}),
  })
}

function countedTime(count: Decimal | undefined, unit: Exclude<TimeUnit, 'iso'>): EpochMicros | undefined {
  return count === undefined ? undefined : epochMicrosOfCount(count, unit)
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

interface Refused {
  readonly found?: string
  readonly next?: string
}

/** Says of what kind the value is, and never the value: where a path is a slip, it may be the body's passphrase. */
function notThat(
  { value, where }: BodyValue,
  expected: string,
  { found = kindOf(value), next = 'correct the value, or the path in the config’s "signals"' }: Refused = {},
): FeedtapeError {
  return new FeedtapeError('bad-positions', 'a signal does not say what it should', {
    where,
    expected,
    found,
    next,
  })
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return `a text of ${counted(value.length, 'character')}`
  if (typeof value === 'boolean') return 'true or false'
  if (Array.isArray(value)) return `a list of ${counted(value.length, 'value')}`
  if (isNumber(value) || typeof value !== 'object') return 'a number'
  return `an object of ${counted(Object.keys(value ?? {}).length, 'key')}`
}

function isNumber(value: unknown): boolean {
  return new NumberReader().decimal(value) !== undefined
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
