import { gunzipSync } from 'node:zlib'

/** Planted credentials, by what they are. All synthetic. */
export type Canaries = Readonly<Record<string, string>>

export interface Evidence {
  readonly name: string
  readonly bytes: Buffer
}

export interface Leak {
  readonly canary: string
  readonly spelling: string
  readonly where: string
}

type Write = (value: string) => string

const hex: Write = value => Buffer.from(value).toString('hex')
const json: Write = value => JSON.stringify(value).slice(1, -1)
const unicode: Write = value => hexed(value, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
const percent: Write = value => hex(value).replace(/../g, '%$&')

function hexed(value: string, write: Write): string {
  return [...Array(value.length).keys()].map(index => write(value.charAt(index))).join('')
}

/** What of a base64 text the value alone decides, `before` bytes (modulo 3) behind the text's start. */
function base64At(before: number): Write {
  return value => {
    const bytes = Buffer.concat([Buffer.alloc(before, 0x5a), Buffer.from(value)])
    const whole = Math.floor(bytes.length / 3) * 3
    return bytes
      .subarray(0, whole)
      .toString('base64')
      .slice(before === 0 ? 0 : 4)
  }
}

const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_')

/** Written down a second time, and not taken from src/tape/spellings.ts: what that forgets is to be found here. */
export const SPELLINGS: Readonly<Record<string, Write>> = {
  'as it is': value => value,
  'in JSON': json,
  'in JSON in JSON': value => json(json(value)),
  'in JSON with escaped slashes': value => json(value).replaceAll('/', '\\/'),
  'as \\uXXXX': unicode,
  'as \\uXXXX in capitals': value => hexed(value, unit => `\\u${unicode(unit).slice(2).toUpperCase()}`),
  'in a URL': encodeURIComponent,
  'in a URL in small letters': value => encodeURIComponent(value).replace(/%../g, code => code.toLowerCase()),
  'as %XX': percent,
  'as %XX in capitals': value => percent(value).toUpperCase(),
  'in hex': hex,
  'in capital hex': value => hex(value).toUpperCase(),
  ...Object.fromEntries(
    [0, 1, 2].flatMap(before => [
      [`in base64, ${before} behind`, base64At(before)] as const,
      [`in base64url, ${before} behind`, (value: string) => urlSafe(base64At(before)(value))] as const,
    ]),
  ),
}

/** Every canary in every spelling, in the bytes as they are and in all that can be unpacked from them. */
export function leaksIn(evidence: readonly Evidence[], canaries: Canaries): readonly Leak[] {
  const texts = evidence.flatMap(({ name, bytes }) =>
    layersOf(bytes).map((text, depth) => ({ where: `${name} (layer ${depth})`, text })),
  )
  return Object.entries(canaries).flatMap(([canary, value]) =>
    Object.entries(SPELLINGS).flatMap(([spelling, write]) => {
      const needle = Buffer.from(write(value)).toString('latin1')
      return texts
        .filter(({ text }) => text.includes(needle))
        .map(({ where }): Leak => ({ canary, spelling, where }))
    }),
  )
}

/** As latin1: the bytes; what gzip holds; each line's strings, unescaped; what base64 payloads hold. */
function layersOf(bytes: Buffer): readonly string[] {
  const plain = bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b])) ? gunzipSync(bytes) : bytes
  const strings = plain
    .toString('utf8')
    .split('\n')
    .flatMap(line => stringsOf(parsed(line)))
  const payloads = strings.filter(text => /^[A-Za-z0-9+/]{8,}={0,2}$/.test(text))
  return [
    bytes.toString('latin1'),
    plain.toString('latin1'),
    Buffer.from(strings.join('\n')).toString('latin1'),
    payloads.map(text => Buffer.from(text, 'base64').toString('latin1')).join('\n'),
  ]
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return line
  }
}

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsOf(inner)])
}
