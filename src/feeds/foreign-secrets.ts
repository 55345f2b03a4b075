import type { EntryDraft, HeaderList } from '../tape/entry.ts'
import { credentialKind, isMeant, isTelling, schemeLength } from './credential-names.ts'
import { asciiOf } from './entry-secrets.ts'
import type { Secret } from './feed.ts'
import { namedValues } from './named-values.ts'
import { jwtUpTo, LONGEST, secretsAt } from './secret-places.ts'

const IN_URL = new RegExp(`(?<![\\w-])([\\w-]{2,80})=([^&#;]{1,${LONGEST}})`, 'g')
/** Also of an address that stands in a JSON string, where `\u0026` may be its `&`. */
const IN_FORM = new RegExp(`(?<![\\w-])([\\w-]{2,80})=([^&#;,\\s"'\\\\<>]{1,${LONGEST}})`, 'g')
const BEARER = /\bbearer(?:\s|\+|%20){1,4}([\w.~+/%=-]{8,8192})/gi
const BASIC = /\bbasic(?:\s|\+|%20){1,4}([A-Za-z0-9+/=_-]{8,8192})/gi
/** What a market is made of. Whoever calls himself like a symbol stays as he is, and the symbol, too. */
const MARKET_NAME =
  /^(?:base|quote)?[_-]?(?:symbol|ticker|instrument|product|product_?id|pair|market|exchange|currency|coin|asset|channel|type|side)s?$/i
const JWT = [jwtUpTo(LONGEST)]
/** Whoever logged in stands in the page that they opened. */
const E_MAIL = /(?<![\w.+-])[\w.+-]{1,64}(?:@|%40|\\{1,4}u0040)(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b/gi
const USER_IN_TEXT = /\b[a-z][a-z0-9+.-]{1,20}:\/\/([^/?#@\s"'\\<>]{1,200})@/gi
const USER_INFO = /^[a-z]{2,20}:\/\/([^/?#@]{1,400})@/i
const HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'x-api-key'])

/**
 * Where HTTP and JSON carry credentials on any site: what stands between a wire that nobody knows and a tape that
 * is shared. A known feed names its own places (feeds/<feed>/secrets.ts) and is better at it.
 */
export function findForeignSecrets(draft: EntryDraft): readonly Secret[] {
  return [
    ...('url' in draft ? urlSecrets(draft.url) : []),
    ...('headers' in draft ? headerSecrets(draft.headers) : []),
    ...textSecrets(textOf(draft)),
  ]
}

function urlSecrets(url: string): readonly Secret[] {
  const userInfo = USER_INFO.exec(url)?.[1]
  return [...(userInfo === undefined ? [] : userSecrets(userInfo)), ...formSecrets(url, IN_URL, 'url')]
}

function userSecrets(userInfo: string): readonly Secret[] {
  return userInfo.split(':').map(value => ({ value, place: 'url user' }))
}

function headerSecrets(headers: HeaderList): readonly Secret[] {
  return headers.flatMap(([name, value]): readonly Secret[] => {
    const lower = name.toLowerCase()
    if (lower === 'cookie') return value.split(/;\s*/).flatMap(cookieSecret)
    if (lower === 'set-cookie') return cookieSecret(value.split(';', 1)[0] ?? '')
    if (HEADERS.has(lower)) return [...bare(value.replace(/^\w+\s+/, ''), lower), ...textSecrets(value)]
    if (/token|api-?key|csrf|secret/.test(lower)) {
      return [...(isTelling(value) ? bare(value, lower) : []), ...textSecrets(value)]
    }
    if (lower === 'location' || lower === 'referer' || lower === ':path') return urlSecrets(value)
    return textSecrets(value)
  })
}

/** Whatever its name: on a site that nobody knows, nobody knows which cookie logs in. */
function cookieSecret(pair: string): readonly Secret[] {
  const equals = pair.indexOf('=')
  const value = pair.slice(equals + 1).trim()
  return isCookie(value) ? [{ value, place: `cookie ${pair.slice(0, Math.max(0, equals)).trim()}` }] : []
}

/** A value is replaced wherever it stands: `dark`, `ethereum` or an epoch second must not be. */
function isCookie(value: string): boolean {
  return isTelling(value) || (value.length >= 8 && /\d/.test(value) && /\D/.test(value))
}

function textSecrets(text: string): readonly Secret[] {
  return [
    ...secretsAt(JWT, text),
    ...[...text.matchAll(E_MAIL)].map(([value]) => ({ value, place: 'e-mail' })),
    ...[...text.matchAll(USER_IN_TEXT)].flatMap(([, value = '']) => userSecrets(value)),
    ...[...text.matchAll(BEARER)].flatMap(([, value = '']) =>
      isTelling(value) ? bare(value, 'bearer') : [],
    ),
    ...[...text.matchAll(BASIC)].flatMap(([, value = '']) => basicSecrets(value)),
    ...jsonSecrets(text),
    ...formSecrets(text, IN_FORM, 'form'),
  ]
}

function jsonSecrets(text: string): readonly Secret[] {
  const found = namedValues(text, name => credentialKind(name) !== undefined).flatMap(({ name, value }) =>
    credential(name, value, `json ${name}`),
  )
  if (found.length === 0) return found
  const market = namedValues(text, name => MARKET_NAME.test(name) && credentialKind(name) === undefined)
  const words = new Set(market.map(({ value }) => value))
  return found.filter(({ value }) => !words.has(value))
}

function formSecrets(text: string, pattern: RegExp, where: string): readonly Secret[] {
  return [...text.matchAll(pattern)].flatMap(match => {
    const [, name = '', value = ''] = match
    // Elsewhere than in a form it may be a program's text: `password=null`, `login=e.login`.
    const isForm =
      match.index === 0 || /[?&#;]/.test(text[match.index - 1] ?? '') || /^u00(?:26|3f)/i.test(name)
    return isForm || isTelling(value) ? credential(name, value, `${where} ${name}`) : []
  })
}

/** What a name gives away of its value. */
function credential(name: string, value: string, place: string): readonly Secret[] {
  const kind = credentialKind(name)
  if (kind === undefined) return []
  if (kind === 'cookie') return value.split(/;\s*/).flatMap(cookieSecret)
  const left = value.slice(schemeLength(value))
  return isMeant(kind, left) ? bare(left, place) : []
}

/** `Basic` is the base64 of `user:password`, and each of the two may stand elsewhere by itself. */
function basicSecrets(value: string): readonly Secret[] {
  const plain = Buffer.from(value, 'base64').toString('latin1')
  if (!/^[\x20-\x7e]+:[\x20-\x7e]+$/.test(plain)) return []
  const colon = plain.indexOf(':')
  return [value, plain.slice(0, colon), plain.slice(colon + 1)].flatMap(part => bare(part, 'basic'))
}

function bare(value: string, place: string): readonly Secret[] {
  return [{ value, place }]
}

function textOf(draft: EntryDraft): string {
  if ('text' in draft) return draft.text
  if ('base64' in draft) return asciiOf(draft.base64)
  if ('note' in draft) return draft.note
  return 'reason' in draft ? (draft.reason ?? '') : ''
}
