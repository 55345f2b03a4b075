/** A secret as some encoding writes it, and its stand-in in the same encoding: equally long. */
export interface Spelling {
  readonly secret: string
  readonly standIn: string
}

type Encoding = (value: string) => string

/**
 * Every way of writing a whole value that a wire or a header is known to use: as it is, in JSON (also in JSON in
 * JSON), in a URL or a form, in hex, and in base64 wherever in a longer base64 text it stands.
 */
export function spellingsOf(secret: string, standIn: string): readonly Spelling[] {
  const spellings = new Map<string, string>()
  for (const encode of ENCODINGS) {
    const from = encode(secret)
    const to = encode(standIn)
    if (from.length === to.length && from !== to) spellings.set(from, to)
  }
  return [...spellings].map(([from, to]) => ({ secret: from, standIn: to }))
}

const json: Encoding = value => JSON.stringify(value).slice(1, -1)
const slashes: Encoding = value => json(value).replaceAll('/', '\\/')
const ascii: Encoding = value => json(value).replace(/[\u0080-\uffff]/g, escaped)
const url: Encoding = value => encodeURIComponent(value.toWellFormed())
const form: Encoding = value => new URLSearchParams([['', value]]).toString().slice(1)
const smallCodes = (text: string) => text.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase())
const hex: Encoding = value => Buffer.from(value).toString('hex')
/** Every character as its code, which is legal though nobody needs it. */
const codes: Encoding = value => value.replace(/[\s\S]/g, escaped)
const percents: Encoding = value => hex(value).replace(/../g, '%$&')
const capitalCodes = (text: string) =>
  text.replace(/u[0-9a-f]{4}/g, code => `u${code.slice(1).toUpperCase()}`)

const ENCODINGS: readonly Encoding[] = [
  value => value,
  json,
  value => json(json(value)),
  slashes,
  ascii,
  value => json(ascii(value)),
  codes,
  value => capitalCodes(codes(value)),
  url,
  value => smallCodes(url(value)),
  form,
  value => smallCodes(form(value)),
  percents,
  value => percents(value).toUpperCase(),
  hex,
  value => hex(value).toUpperCase(),
  ...[0, 1, 2].flatMap(before => [base64To('end', before), base64To('inside', before)]).flatMap(both),
  // A JSON that is in base64.
  ...[0, 1, 2].flatMap(before => [json, slashes].map(within => inBase64(within, before))).flatMap(both),
]

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/**
 * The characters of a base64 text that a value alone decides, when `before` bytes (modulo 3) stand before it; at
 * the `end` of the text that takes in the last character, whose unused bits are zero.
 */
function base64To(where: 'end' | 'inside', before: number): Encoding {
  return value => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)])
    const first = Math.ceil((before * 8) / 6)
    const whole = Math.floor((bytes.length * 8) / 6)
    const text = bytes.toString('base64').replaceAll('=', '')
    return text.slice(first, where === 'end' ? undefined : whole)
  }
}

function inBase64(within: Encoding, before: number): Encoding {
  const encode = base64To('inside', before)
  return value => encode(within(value))
}

function both(encode: Encoding): readonly Encoding[] {
  return [encode, value => encode(value).replaceAll('+', '-').replaceAll('/', '_')]
}

/** What a value that was found in a URL or in a JSON string's text stands for. */
export function decoded(value: string): string {
  let plain = value
  for (let depth = 0; depth < 2 && plain.includes('\\'); depth++) plain = unescaped(plain)
  if (!/%[0-9a-f]{2}/i.test(plain)) return plain
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    return text
  }
}
