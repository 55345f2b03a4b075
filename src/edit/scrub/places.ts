import type { Feed } from '../../feeds/index.ts'
import type { Header, Line } from '../../tape/index.ts'

/** A piece of foreign text on a tape's line. */
export interface Piece {
  /** `text`, `url`, `headers.3`. */
  readonly place: string
  readonly text: string
  /** Of a header's value. */
  readonly header?: string
}

/** All on a line that somebody else may have written; numbers, ids and hashes of our own are not. */
export function piecesOf(line: Line): readonly Piece[] {
  const pieces: Piece[] = line.kind === 'header' ? [...headPieces(line)] : []
  for (const key of ['feed', 'method', 'url', 'decoded', 'reason', 'note', 'omitted', 'text']) {
    const value: unknown = Reflect.get(line, key)
    if (typeof value === 'string' && value !== '') pieces.push({ place: key, text: value })
  }
  // latin1 keeps every byte, and credentials are ASCII.
  if ('base64' in line) {
    pieces.push({ place: 'base64', text: Buffer.from(line.base64, 'base64').toString('latin1') })
  }
  if ('headers' in line) {
    for (const [index, [name, value]] of line.headers.entries()) {
      pieces.push({ place: `headers.${index}.name`, text: name })
      pieces.push({ place: `headers.${index}`, text: value, header: name.toLowerCase() })
    }
  }
  if ('redacted' in line) {
    for (const [, , place] of line.redacted ?? []) pieces.push({ place: 'redacted', text: place })
  }
  return pieces
}

function headPieces({ platform, generator, source, derived, feeds }: Header): readonly Piece[] {
  const texts = [platform, generator.name, generator.version, source?.format, source?.name, derived, ...feeds]
  return texts.flatMap(text => (text === undefined ? [] : [{ place: 'header', text }]))
}

/** On any wire: what looks drawn by chance and opens nothing. */
const HARMLESS: readonly RegExp[] = [
  // Tapes' ids in golden twins, and what our own files call a hash.
  /"tapes?":\[?"[0-9a-f]{32}"(?:,"[0-9a-f]{32}"){0,100}/g,
  /"(?:hash|previousHash|sha256)":"[0-9a-f]{64}"/g,
  // Subresource integrity, as in a package-lock.json.
  /\bsha(?:1|256|384|512)-[A-Za-z0-9+/]{20,100}={0,2}/g,
]

/** Drawn anew for each handshake or answer; they say which message it was, not who asked. */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set([
  'sec-websocket-key',
  'sec-websocket-accept',
  'etag',
  'if-none-match',
  'cf-ray',
  'x-amz-cf-id',
  'x-request-id',
])

export type Blanking = (text: string) => string

/** Gives the text with blanks for what these feeds, or all of HTTP, know to be harmless. */
export function harmlessBlanking(feeds: readonly Feed[]): Blanking {
  const known = feeds.flatMap(({ secrets }) =>
    secrets.harmless.map(
      ({ pattern: { source, flags } }) => new RegExp(source, `${flags.replace('g', '')}g`),
    ),
  )
  const patterns = [...HARMLESS, ...known]
  return text => patterns.reduce((left, pattern) => left.replace(pattern, blank), text)
}

export function isHarmlessHeader(name: string): boolean {
  return HARMLESS_HEADERS.has(name)
}

export function blank(text: string): string {
  return ' '.repeat(text.length)
}
