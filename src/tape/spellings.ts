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

const ENCODINGS: readonly Encoding[] = [
  value => value,
  json,
  value => json(json(value)),
  slashes,
  ascii,
  url,
  value => smallCodes(url(value)),
  form,
  value => smallCodes(form(value)),
  hex,
  value => hex(value).toUpperCase(),
  ...[0, 1, 2].flatMap(before => [base64To('end', before), base64To('inside', before)]).flatMap(both),
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

function both(encode: Encoding): readonly Encoding[] {
  return [encode, value => encode(value).replaceAll('+', '-').replaceAll('/', '_')]
}
