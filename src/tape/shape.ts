import { epochMicrosFromIso, isoFromEpochMicros } from '../model/time.ts'
import { FORMAT, type Line } from './entry.ts'

/** What a key's value may be, in words and as a test, and how it is written where JSON.stringify would not do. */
export interface ValueRule {
  readonly expects: string
  accepts(value: unknown): boolean
  write?(value: unknown): string
}

export interface KeyRule {
  readonly key: string
  readonly value: ValueRule
  /** `payload` keys exclude one another; `required payload` wants exactly one of them. */
  readonly presence: 'required' | 'optional' | 'payload' | 'required payload'
}

export type Kind = Line['kind']
type KeyOf<L> = L extends unknown ? Exclude<keyof L, 'kind'> : never
type Shape<K extends Kind> = readonly (KeyRule & { readonly key: KeyOf<Extract<Line, { kind: K }>> })[]

const text: ValueRule = { expects: 'a string', accepts: value => typeof value === 'string' }
const integer: ValueRule = { expects: 'a safe integer', accepts: Number.isSafeInteger }
const from0: ValueRule = { expects: 'a safe integer from 0', accepts: value => isFrom(value, 0) }
const from1: ValueRule = { expects: 'a safe integer from 1', accepts: value => isFrom(value, 1) }
const yes: ValueRule = { expects: 'true', accepts: value => value === true }
const texts = list('a list of strings', text)
const headers = list('a list of [name, value]', {
  expects: '[name, value]',
  accepts: value => isTuple(value, [text, text]),
})
const redactions = list('a list of [offset, length, place]', {
  expects: '[offset, length, place]',
  accepts: value => isTuple(value, [from0, from1, text]),
})
const base64: ValueRule = {
  expects: 'base64 with its padding',
  accepts: value => typeof value === 'string' && isBase64(value),
}
const start: ValueRule = {
  expects: 'ISO 8601 in UTC with six digits of a second',
  accepts: value => typeof value === 'string' && isStart(value),
}

const numbered = [required('seq', from1), required('at', from0)] as const
const connected = [...numbered, required('conn', from1)] as const
const redacted = optional('redacted', redactions)
const body = [payload('text', text), payload('base64', base64), payload('omitted', text)] as const
const standings = word('guest', 'widget', 'login')
const causes = word('dns', 'refused', 'tls', 'timeout', 'rejected', 'other')
const hash = matching('64 lowercase hex digits', /^[0-9a-f]{64}$/)
const counted = [required('at', from0), required('count', from0), required('hash', hash)] as const

/** The one table of what stands on a line, after `kind` and before `crc`, in the order of the line. */
export const SHAPES: { readonly [K in Kind]: Shape<K> } = {
  header: [
    required('format', word(FORMAT)),
    required('id', matching('32 lowercase hex digits', /^[0-9a-f]{32}$/)),
    required('start', start),
    required('feeds', texts),
    required('generator', record(['name', 'version'])),
    required('platform', text),
    required('clock', word('monotonic', 'imported', 'none')),
    required('redaction', word('hmac-sha256', 'none')),
    optional('synthetic', yes),
    optional('source', record(['format', 'name'])),
    optional('derived', text),
    optional('lead', from1),
    optional('part', { expects: 'a safe integer from 2', accepts: value => isFrom(value, 2) }),
    optional('previousHash', hash),
  ],
  open: [...connected, required('feed', text), required('url', text), optional('resumed', yes), redacted],
  frame: [
    ...connected,
    required('dir', word('in', 'out')),
    required('op', word('text', 'binary', 'ping', 'pong', 'chunk')),
    optional('original', integer),
    redacted,
    { key: 'text', value: text, presence: 'required payload' },
    { key: 'base64', value: base64, presence: 'required payload' },
  ],
  close: [
    ...connected,
    required('by', word('us', 'them', 'unknown')),
    optional('code', from0),
    optional('reason', text),
    redacted,
  ],
  fail: [
    ...connected,
    required('feed', text),
    required('url', text),
    required('cause', causes),
    required('reason', text),
    redacted,
  ],
  pause: [...connected, required('reason', text)],
  resume: [...connected],
  request: [
    ...connected,
    required('feed', text),
    required('exchange', from1),
    required('method', text),
    required('url', text),
    required('headers', headers),
    optional('original', integer),
    redacted,
    ...body,
  ],
  response: [
    ...connected,
    required('exchange', from1),
    required('status', from0),
    required('headers', headers),
    optional('decoded', text),
    optional('original', integer),
    redacted,
    ...body,
  ],
  clock: [...numbered, required('step', integer)],
  mark: [
    ...numbered,
    optional('conn', from1),
    optional('standing', standings),
    required('note', text),
    redacted,
  ],
  lost: [...numbered, required('from', from1), required('to', from1), required('reason', text)],
  checkpoint: counted,
  seal: counted,
}

export function isKind(value: unknown): value is Kind {
  return typeof value === 'string' && Object.hasOwn(SHAPES, value)
}

/** Standard alphabet, padded to a multiple of four. */
export function isBase64(value: string): boolean {
  return value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
}

function required<K extends string>(key: K, value: ValueRule) {
  return { key, value, presence: 'required' } as const
}

function optional<K extends string>(key: K, value: ValueRule) {
  return { key, value, presence: 'optional' } as const
}

function payload<K extends string>(key: K, value: ValueRule) {
  return { key, value, presence: 'payload' } as const
}

function word(...words: readonly string[]): ValueRule {
  return {
    expects: words.join(', '),
    accepts: value => typeof value === 'string' && words.includes(value),
  }
}

function matching(expects: string, pattern: RegExp): ValueRule {
  return { expects, accepts: value => typeof value === 'string' && pattern.test(value) }
}

function list(expects: string, item: ValueRule): ValueRule {
  return { expects, accepts: value => Array.isArray(value) && value.every(one => item.accepts(one)) }
}

/** An object of strings with exactly these keys, written in this order. */
function record(keys: readonly string[]): ValueRule {
  return {
    expects: `an object with ${keys.join(' and ')}`,
    accepts: value =>
      isRecord(value) &&
      Object.keys(value).length === keys.length &&
      keys.every(key => typeof value[key] === 'string'),
    write: value => {
      const fields = isRecord(value) ? keys.map(key => `"${key}":${JSON.stringify(value[key])}`) : []
      return `{${fields.join(',')}}`
    },
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTuple(value: unknown, rules: readonly ValueRule[]): boolean {
  return (
    Array.isArray(value) &&
    value.length === rules.length &&
    rules.every((rule, index) => rule.accepts(value[index]))
  )
}

function isFrom(value: unknown, low: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= low
}

function isStart(value: string): boolean {
  const micros = epochMicrosFromIso(value)
  return micros !== undefined && isoFromEpochMicros(micros) === value
}
