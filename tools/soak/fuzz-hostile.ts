import { type Random, randomInteger } from '../../src/model/random.ts'

/** One of them. Throws a plain Error on an empty list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  const one = list[randomInteger(random, 0, list.length - 1)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}

export const NINES = '9'.repeat(400)

const NUMBERS = [
  ...['0', '-0', '1', '25650.25', '1e+100', '1e999', '-1e999', '1e-999', '5e-324', '1.7976931348623157e308'],
  ...['9007199254740993', '2647.1000000000004', NINES, `0.${NINES}`, `${NINES}e${NINES}`, '1e400', '1e-400'],
  ...['1766031047', '-1', '253402300800', '8640000000000001', '0.1e1', '1E5'],
]
const KEYS = [
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'toJSON',
    'hasOwnProperty',
    'length',
    'then',
  ],
  ...[
    'm',
    'p',
    'n',
    's',
    'v',
    'lp',
    'lp_time',
    'bid',
    'ask',
    'volume',
    'update_mode',
    'pointvalue',
    'pricescale',
  ],
  ...['minmov', 'trade', 'minute-bar', 'daily-bar', 'price', 'time', 'open', 'pro_name', 'errmsg', '', '0'],
]
export const NAMES = [
  ...[
    'CME_MINI:NQ1!',
    'NQ1!',
    'X:NQ1!',
    '={"symbol":"CME_MINI:NQ1!"}',
    '={"symbol":"X:Y","currency-id":"USD"}',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '=',
    '={',
    '=[]',
    '=null',
    ':',
    '',
    'X:',
    ':Y',
    '\u0000',
    '\ud800',
  ],
  ...[
    '={"__proto__":{"symbol":"X:Y"}}',
    '={"symbol":{"toString":1}}',
    `={"symbol":"X:Y","a":${'['.repeat(40)}${']'.repeat(40)}}`,
  ],
]
const STRINGS = [
  ...NAMES,
  ...NUMBERS,
  'ok',
  'error',
  'streaming',
  'delayed_streaming_600',
  '2026-03-02T15:00:00Z',
  '𝛑',
]

/** JSON text that no venue writes: the text, since JSON.stringify would not write such numbers and keys. */
export function hostileJson(random: Random, depth = 4): string {
  const draw = random.next()
  if (draw < 0.002) return nested(pick(random, [30, 1_000, 20_000]), pick(random, ['[', '{"a":']))
  if (depth === 0 || draw < 0.45) return scalar(random)
  const items = Array.from({ length: randomInteger(random, 0, 4) }, () => hostileJson(random, depth - 1))
  if (draw < 0.65) return `[${items.join(',')}]`
  return `{${items.map(item => `${JSON.stringify(pick(random, KEYS))}:${item}`).join(',')}}`
}

function scalar(random: Random): string {
  const draw = random.next()
  if (draw < 0.45) return pick(random, NUMBERS)
  if (draw < 0.8) return JSON.stringify(pick(random, STRINGS))
  return pick(random, ['null', 'true', 'false', '{}', '[]', '{"toString":1,"valueOf":1}', '[[[]]]'])
}

/** A value inside so many arrays or objects. */
export function nested(depth: number, opening: string): string {
  return `${opening.repeat(depth)}1${(opening === '[' ? ']' : '}').repeat(depth)}`
}

/** A key or value of JSON text, with what stands before it. */
const TOKEN = /([[{,:]\s*)("(?:[^"\\]|\\.){0,400}"|-?\d[\d.eE+-]*|true|false|null|\{\}|\[\])/g

/**
 * The same message with some of its values or keys replaced, doubled or taken out: still JSON where it was, so that
 * it comes as far as the fields.
 */
export function retoldJson(random: Random, text: string): string {
  let told = text
  for (let count = pick(random, [1, 1, 2, 4]); count > 0; count--) {
    const tokens = [...told.matchAll(TOKEN)]
    if (tokens.length === 0) return told
    const { index = 0, 0: whole, 1: before = '', 2: token = '' } = pick(random, tokens)
    const isKey = /^\s*:/.test(told.slice(index + whole.length, index + whole.length + 4))
    const other = pick(random, tokens)[2] ?? ''
    const value = random.next() < 0.3 ? other : valueFor(random, token)
    const key = random.next() < 0.3 && other.startsWith('"') ? other : JSON.stringify(pick(random, KEYS))
    const put = isKey ? key : value
    told = told.slice(0, index) + before + put + told.slice(index + whole.length)
  }
  return told
}

/** Often of the type that it was: a wrong type is the first thing that a reader looks at. */
function valueFor(random: Random, token: string): string {
  const draw = random.next()
  if (draw < 0.4) return hostileJson(random, 2)
  if (draw < 0.5) return JSON.stringify(hostileJson(random, 2))
  if (token.startsWith('"')) return JSON.stringify(pick(random, STRINGS))
  return pick(random, NUMBERS)
}

const SNIPPETS = [
  ...[
    '~',
    '"',
    '}',
    '{',
    '[',
    '9',
    '\\',
    '\u0000',
    '\ud800',
    '𝛑',
    '~m~',
    '~m~-6~m~',
    '~h~',
    '~m~999999999~m~',
  ],
  ...['__proto__', '1e999', NINES, '{"kind":"', '","crc":"', '\n', '\r', ',', ':', ''],
]

/** A text with a few wounds. */
export function woundedText(random: Random, text: string, other: string): string {
  let wounded = text
  for (let count = randomInteger(random, 1, 3); count > 0; count--) {
    const at = randomInteger(random, 0, wounded.length)
    const end = Math.min(wounded.length, at + randomInteger(random, 0, pick(random, [1, 4, 40])))
    const put = random.next() < 0.7 ? pick(random, SNIPPETS) : hostileJson(random, 2)
    const draw = random.next()
    if (draw < 0.6) wounded = wounded.slice(0, at) + put + wounded.slice(end)
    else if (draw < 0.75) wounded = wounded.slice(0, at)
    else if (draw < 0.9) wounded = wounded.slice(0, at) + other.slice(randomInteger(random, 0, other.length))
    else wounded = wounded.slice(0, end) + wounded.slice(at)
  }
  return wounded
}

/** Addresses that no venue has, some of them next to one that it has. */
export function woundedUrl(random: Random, url: string): string {
  const draw = random.next()
  if (draw < 0.2)
    return pick(random, ['', '/', '?', '://', 'x', 'wss://', 'https://[', 'http://a:99999/', '\ud800'])
  if (draw < 0.5)
    return `${url}${url.includes('?') ? '&' : '?'}${pick(random, KEYS)}=${pick(random, STRINGS)}`
  if (draw < 0.8)
    return url.replace(/=[^&#]*/, () => `=${encodeURIComponent(JSON.stringify(pick(random, NUMBERS)))}`)
  return woundedText(random, url, url)
}

/** The same for bytes: flips, cuts, splices, doubled and removed pieces, rubbish. */
export function woundedBytes(random: Random, bytes: Buffer, other: Buffer): Buffer {
  let wounded = Buffer.from(bytes)
  for (let count = randomInteger(random, 1, 3); count > 0; count--) {
    const at = randomInteger(random, 0, wounded.length)
    const end = Math.min(wounded.length, at + randomInteger(random, 0, pick(random, [1, 10, 200])))
    const draw = random.next()
    if (draw < 0.35 && at < wounded.length) {
      wounded[at] = (wounded[at] ?? 0) ^ (1 << randomInteger(random, 0, 7))
    } else if (draw < 0.5) wounded = Buffer.from(wounded.subarray(0, at))
    else if (draw < 0.65) {
      const from = randomInteger(random, 0, other.length)
      wounded = Buffer.concat([wounded.subarray(0, at), other.subarray(from)])
    } else if (draw < 0.8) {
      wounded = Buffer.concat([wounded.subarray(0, end), wounded.subarray(at)])
    } else {
      const put = Array.from({ length: end - at }, () => randomInteger(random, 0, 255))
      wounded = Buffer.concat([wounded.subarray(0, at), Buffer.from(put), wounded.subarray(end)])
    }
  }
  return wounded
}

/** A hit anywhere: nothing of it is known to be whole. */
export function hitBytes(random: Random, text: string): string {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > 0) bytes[randomInteger(random, 0, bytes.length - 1)] = randomInteger(random, 0, 255)
  return bytes.toString('base64')
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
