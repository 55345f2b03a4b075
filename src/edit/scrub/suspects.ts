import { credentialKind, isTelling } from '../../feeds/credential-names.ts'
import { namedValues } from '../../feeds/named-values.ts'
import { decoded } from '../../tape/spellings.ts'

export type SuspectKind = 'jwt' | 'bearer' | 'basic' | 'credential' | 'cookie' | 'e-mail' | 'url user'

export interface Suspect {
  readonly kind: SuspectKind
  readonly value: string
  /** In UTF-16 units. */
  readonly offset: number
}

interface Pattern {
  readonly kind: SuspectKind
  /** Its first group is the value. */
  readonly pattern: RegExp
  isMeant?(value: string): boolean
}

/** Longer than any credential; a run without a bound would overflow the stack of a regular expression at 16 MiB. */
const MOST = 8192

/** Credentials as HTTP, JSON and forms write them on any site. */
const PATTERNS: readonly Pattern[] = [
  // Its head is the base64 of {" and so always begins with eyJ.
  {
    kind: 'jwt',
    pattern: new RegExp(
      String.raw`(?<![\w-])(eyJ[\w-]{4,${MOST}}\.[\w-]{4,${MOST}}(?:\.[\w-]{0,${MOST}})?)`,
      'dg',
    ),
  },
  { kind: 'url user', pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/([^/?#@\s"'\\<>]{1,200})@/dgi },
  { kind: 'bearer', pattern: /\bbearer(?:\s|\+|%20){1,4}([\w.~+/%=-]{8,8192})/dgi, isMeant: isTelling },
  {
    kind: 'basic',
    pattern: /\bbasic(?:\s|\+|%20){1,4}([A-Za-z0-9+/=_-]{8,8192})/dgi,
    isMeant: isUserAndPassword,
  },
  {
    kind: 'e-mail',
    pattern:
      /(?<![\w.+-])([\w.+-]{1,64}(?:@|%40|\\{1,4}u0040)(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?![\w-])/dgi,
    isMeant: isSomeonesAddress,
  },
]

const IN_FORM = new RegExp(`(?<![\\w-])([\\w-]{2,80})=\\\\{0,8}["']?([^&#;,\\s"'\\\\<>]{1,${MOST}})`, 'dg')

/** All that stands out in a text by its form alone. */
export function suspectsIn(text: string): readonly Suspect[] {
  const byForm = PATTERNS.flatMap(({ kind, pattern, isMeant }) =>
    [...text.matchAll(pattern)].flatMap((match): readonly Suspect[] => {
      const [, value = ''] = match
      if (isMeant !== undefined && !isMeant(value)) return []
      return [{ kind, value, offset: match.indices?.[1]?.[0] ?? match.index }]
    }),
  )
  return [...byForm, ...namedSuspects(text)]
}

/** The names are those by which an import of a foreign wire learns: what one knows, the other does. */
function namedSuspects(text: string): readonly Suspect[] {
  const inForms = [...text.matchAll(IN_FORM)].map(match => {
    const [, name = '', value = ''] = match
    return { name, value, offset: match.indices?.[2]?.[0] ?? match.index }
  })
  return [...namedValues(text, isCredential), ...inForms].flatMap(({ name, value, offset }) => {
    // A sentence below `password` is a label.
    const [word = ''] = value.split(/\s/, 1)
    return isCredential(name) && isTelling(word) ? [{ kind: 'credential' as const, value: word, offset }] : []
  })
}

function isCredential(name: string): boolean {
  const kind = credentialKind(name)
  return kind === 'secret' || kind === 'token'
}

/** What only a header's name gives away. */
export function headerSuspects(name: string, value: string): readonly Suspect[] {
  const lower = name.toLowerCase()
  if (lower === 'cookie') return cookieSuspects(value.split(';'))
  // Only the first pair is the cookie; Path, Expires and the like follow.
  if (lower === 'set-cookie') return cookieSuspects(value.split(';', 1))
  if (!/^(?:proxy-)?authorization$|token|api-?key|csrf|secret/.test(lower)) return []
  const offset = /^(?:[A-Za-z]+\s+)?/.exec(value)?.[0].length ?? 0
  const bare = value.slice(offset).trim()
  return isTelling(bare) ? [{ kind: 'credential', value: bare, offset }] : []
}

function cookieSuspects(pairs: readonly string[]): readonly Suspect[] {
  let start = 0
  return pairs.flatMap((pair): readonly Suspect[] => {
    const equals = pair.indexOf('=')
    const value = unquoted(pair.slice(equals + 1).trim())
    const offset = start + Math.max(0, pair.indexOf(value, equals + 1))
    start += pair.length + 1
    return equals >= 0 && isTelling(value) ? [{ kind: 'cookie', value, offset }] : []
  })
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
}

function isUserAndPassword(value: string): boolean {
  return /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(value, 'base64').toString('latin1'))
}

/** Not one of the names that RFC 2606 keeps for examples, nor a picture (`logo@2x.png`). */
function isSomeonesAddress(value: string): boolean {
  const domain = decoded(value).split('@').at(-1)?.toLowerCase() ?? ''
  return !/(?:^|\.)(?:example|test|invalid|localhost|example\.(?:com|net|org))$|\.(?:png|jpe?g|gif|svg|webp)$/.test(
    domain,
  )
}

/** More than one secret may stand in a value: each is to be known by itself. */
export function partsOf({ kind, value }: Omit<Suspect, 'offset'>): readonly string[] {
  if (kind === 'url user') return value.split(':')
  if (kind !== 'basic') return [value]
  const plain = Buffer.from(value, 'base64').toString('latin1')
  return [value, plain.slice(0, plain.indexOf(':')), plain.slice(plain.indexOf(':') + 1)]
}
