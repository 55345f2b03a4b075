import { excerpt, jsonText } from '../../model/errors.ts'

/** What one object of `a[…]` is by its keys. */
export type Item = Reply | WireEvent | CompactQuotes | OtherItem

/** `{"s":200,"i":3,"d":{…}}`: the answer to the request with that id. `d` may be missing, also on success. */
export interface Reply {
  readonly kind: 'reply'
  readonly status: number
  /** As the request wrote it; `''` where the answer names none. One doc shows it as a string. */
  readonly id: string
  /** `undefined` where there is none. */
  readonly data: unknown
}

/** `{"e":"md","d":{…}}`. */
export interface WireEvent {
  readonly kind: 'event'
  readonly event: string
  readonly data: unknown
}

/** `{"d":{"q":[…]}}`, the web trader's own (seen in other clients' tests only). */
export interface CompactQuotes {
  readonly kind: 'compact'
  readonly quotes: readonly unknown[]
}

export interface OtherItem {
  readonly kind: 'unknown' | 'malformed'
  readonly reason: string
}

export function readItem(value: unknown): Item {
  if (!isRecord(value)) return { kind: 'unknown', reason: 'JSON, but no object' }
  const { e: event, s: status, i: id, d: data } = value
  if (event !== undefined) {
    if (event === '') return { kind: 'malformed', reason: 'e is empty' }
    return typeof event === 'string'
      ? { kind: 'event', event, data }
      : { kind: 'malformed', reason: 'e is no string' }
  }
  if (status !== undefined) {
    if (typeof status !== 'number') return { kind: 'malformed', reason: 's is no number' }
    if (id !== undefined && typeof id !== 'number' && typeof id !== 'string') {
      return { kind: 'malformed', reason: 'i is neither a number nor a string' }
    }
    return { kind: 'reply', status, id: id === undefined ? '' : String(id), data }
  }
  if (isRecord(data) && Array.isArray(data['q'])) return { kind: 'compact', quotes: data['q'] }
  return { kind: 'unknown', reason: 'neither e nor s: no event and no reply' }
}

/** A penalty ticket: status 200, and yet the request was not served (issue #56). */
export interface Penalty {
  readonly ticket: string
  /** To be waited out before the same request goes again, with the ticket. */
  readonly seconds: number
  /** Only the official app can answer it. */
  readonly isCaptcha: boolean
}

/** Seconds: an hour is the longest that anybody tells of, and 1e300 must not become a timer. */
const LONGEST_PENALTY = 86_400

/** `{"p-ticket":"…","p-time":15,"p-captcha":false}`, of a socket's `d` or a login's body. */
export function penaltyOf(data: unknown): Penalty | undefined {
  const said = dataOf(data)
  if (!isRecord(said)) return undefined
  const { 'p-ticket': ticket, 'p-time': time, 'p-captcha': captcha } = said
  if (typeof ticket !== 'string' && captcha !== true) return undefined
  const isTime = typeof time === 'number' && Number.isFinite(time) && time >= 0
  return {
    ticket: typeof ticket === 'string' ? ticket : '',
    seconds: isTime ? Math.min(time, LONGEST_PENALTY) : 0,
    isCaptcha: captcha === true,
  }
}

/** The venue's words where a reply is a refusal: a status that is none of 2xx, or an error inside `s:200`. */
export function errorOfReply({ status, data }: Pick<Reply, 'status' | 'data'>): string | undefined {
  if (status >= 200 && status < 300) return errorInside(dataOf(data))
  const words = data === undefined ? '' : wordsOf(data)
  return words === '' ? `${status} without words` : `${status}: ${words}`
}

/** Business failures come as success: `errorText`, `failureReason` with `failureText`, `violations` (2). */
export function errorInside(data: unknown): string | undefined {
  if (!isRecord(data)) return undefined
  const { errorText, failureReason, failureText, violations } = data
  if (typeof errorText === 'string' && errorText !== '') return errorText
  // `Success` is one of the official list of reasons.
  const hasFailed = typeof failureReason === 'string' && failureReason !== '' && failureReason !== 'Success'
  const told = typeof failureText === 'string' ? failureText : ''
  if (hasFailed) return told === '' ? failureReason : `${failureReason}: ${told}`
  if (told !== '' && failureReason === undefined) return told
  if (Array.isArray(violations) && violations.length > 0) return `violations: ${jsonText(violations)}`
  return undefined
}

/** A refusal's `d`: a string, sometimes JSON-encoded twice (`"\"Not found: quote/subscribe\""`), or `""`. */
export function wordsOf(data: unknown): string {
  if (typeof data !== 'string') return errorInside(data) ?? jsonText(data)
  return unwrapped(data)
}

function unwrapped(text: string): string {
  if (!text.startsWith('"')) return text
  try {
    const inner: unknown = JSON.parse(text)
    return typeof inner === 'string' ? inner : text
  } catch {
    return text
  }
}

/** `d` of a `clock` event is a string of JSON; any other event may have been encoded twice as well. */
export function dataOf(data: unknown): unknown {
  if (typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a person is shown of a text of the venue's. */
export function shownWords(words: string): string {
  return excerpt(words, 200)
}
