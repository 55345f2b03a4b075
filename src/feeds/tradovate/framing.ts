/**
 * What a server sends: the first character says what it is (tradovate-and-trade-manager.md 2).
 * `o` open, `h` heartbeat, `c[3000,"Go away!"]` close, and `a[{…},{…}]`: replies and events, mixed, each an object
 * of its own. SockJS proper has strings in the array; Tradovate has objects.
 */
export type ServerFrame =
  | { readonly kind: 'open' }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'items'; readonly items: readonly FrameItem[] }
  | { readonly kind: 'broken'; readonly reason: string }

/** One element of `a[…]`. The units before it, and behind the last, are its framing: `a[`, `,`, `]`. */
export interface FrameItem {
  readonly start: number
  readonly end: number
  readonly framing: number
  /** By JSON.parse. */
  readonly value: unknown
}

const OPEN = { kind: 'open' } as const
const HEARTBEAT = { kind: 'heartbeat' } as const

export function readServerFrame(text: string): ServerFrame {
  if (text === 'o') return OPEN
  if (text === 'h') return HEARTBEAT
  const first = text.charAt(0)
  if (first === 'a') return readItems(text)
  if (first === 'c') return readClose(text)
  return { kind: 'broken', reason: 'neither o, h, a[…] nor c[…]' }
}

/** The frame that carries these: objects in an array, anything else (`o`, `h`, `c[…]`, a client's request) as it is. */
export function frameOf(payloads: readonly string[]): string {
  const [only] = payloads
  if (payloads.length === 1 && only !== undefined && !only.startsWith('{')) return only
  return `a[${payloads.join(',')}]`
}

/** The objects of an `a[…]` frame; none of any other. */
export function itemsOf(text: string): readonly unknown[] {
  const frame = readServerFrame(text)
  return frame.kind === 'items' ? frame.items.map(({ value }) => value) : []
}

function readClose(text: string): ServerFrame {
  const [code, reason = ''] = parsedArray(text) ?? []
  if (typeof code !== 'number' || typeof reason !== 'string') {
    return { kind: 'broken', reason: 'c, but not c[code,"reason"]' }
  }
  return { kind: 'close', code, reason }
}

function readItems(text: string): ServerFrame {
  const values = parsedArray(text)
  if (values === undefined) return { kind: 'broken', reason: 'a, but no JSON array behind it' }
  const borders = bordersOf(text, values.length)
  const items = values.map((value, index): FrameItem => {
    const { start, end } = borders[index] ?? { start: text.length, end: text.length }
    const before = borders[index - 1]?.end ?? 0
    const behind = index === values.length - 1 ? text.length - end : 0
    return { start, end, framing: start - before + behind, value }
  })
  return { kind: 'items', items }
}

function parsedArray(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text.slice(1))
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

interface Border {
  readonly start: number
  readonly end: number
}

/** Where each element stands, in text that JSON.parse has taken: brackets balance and strings end. */
function bordersOf(text: string, count: number): readonly Border[] {
  if (count === 0) return []
  const open = text.indexOf('[') + 1
  const close = text.lastIndexOf(']')
  if (count === 1) return [trimmed(text, open, close)]
  const borders: Border[] = []
  let start = open
  let depth = 0
  for (let at = open; at < close; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) at = endOfString(text, at)
    else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) depth += 1
    else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) depth -= 1
    else if (unit === COMMA && depth === 0) {
      borders.push(trimmed(text, start, at))
      start = at + 1
    }
  }
  borders.push(trimmed(text, start, close))
  return borders
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** The place of the quote that ends the string which begins at `at`. */
function endOfString(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end += 1) {
    const unit = text.charCodeAt(end)
    if (unit === QUOTE) return end
    if (unit === BACKSLASH) end += 1
  }
  return text.length
}

/** Without JSON's white space at both ends. */
function trimmed(text: string, from: number, to: number): Border {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return { start, end }
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09
}
