import type { EntryDraft, HeaderList } from '../tape/entry.ts'
import type { Secret } from './feed.ts'

/**
 * Where HTTP and JSON carry credentials on any site: what stands between a wire that nobody knows and a tape that
 * is shared. A known feed names its own places (feeds/<feed>/secrets.ts) and is better at it.
 */
const NAME =
  '(?:[a-z]{1,30}[_-]){0,4}(?:[a-z]{0,30}token|session[_-]?id|sid|password|passwd|secret|signature|api[_-]?key|jwt|auth)'
/** Longer than any credential; a run without a bound would overflow the stack of a regular expression at 16 MiB. */
const MOST = 8192
const IN_URL = new RegExp(`[?&#;](${NAME})=([^&#;]{1,${MOST}})`, 'gi')
const IN_FORM = new RegExp(String.raw`(?:^|&)(${NAME})=([^&\s"]{1,${MOST}})`, 'gi')
const Q = String.raw`\\{0,8}"`
/** `\/` and `\u002f` are parts of a value. */
const IN_JSON = new RegExp(
  String.raw`(?<!\\)${Q}(${NAME})${Q}\s{0,8}:\s{0,8}${Q}((?:[^"\\\s]|\\{1,8}[^"\\\s]){1,${MOST}})`,
  'gi',
)
/** A JSON Web Token, wherever it stands: its head is the base64 of {" and so always begins with eyJ. */
const JWT = new RegExp(
  String.raw`(?<![\w-])eyJ[\w-]{4,${MOST}}\.[\w-]{4,${MOST}}(?:\.[\w-]{0,${MOST}})?`,
  'g',
)
/** Whoever logged in stands in the page that they opened. */
const E_MAIL = /(?<![\w.+-])[\w.+-]{1,64}(?:@|%40|\\{1,4}u0040)(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b/gi
const USER_INFO = /^[a-z]{2,20}:\/\/([^/?#@]{1,400})@/i
const HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'x-api-key'])

const NO_ASCII = /[\u0080-\u00ff]/g

export function findForeignSecrets(draft: EntryDraft): readonly Secret[] {
  return [
    ...('url' in draft ? urlSecrets(draft.url) : []),
    ...('headers' in draft ? headerSecrets(draft.headers) : []),
    ...textSecrets(textOf(draft)),
  ]
}

function urlSecrets(url: string): readonly Secret[] {
  const userInfo = USER_INFO.exec(url)?.[1]
  return [
    ...(userInfo === undefined ? [] : userInfo.split(':').map(value => ({ value, place: 'url user' }))),
    ...named(url, IN_URL, 'url'),
  ]
}

function headerSecrets(headers: HeaderList): readonly Secret[] {
  return headers.flatMap(([name, value]): readonly Secret[] => {
    const lower = name.toLowerCase()
    if (lower === 'cookie') return value.split(/;\s*/).flatMap(cookieSecret)
    if (lower === 'set-cookie') return cookieSecret(value.split(';', 1)[0] ?? '')
    if (HEADERS.has(lower)) return [{ value: value.replace(/^\w+\s+/, ''), place: lower }]
    if (lower === 'location' || lower === 'referer' || lower === ':path') return urlSecrets(value)
    return textSecrets(value)
  })
}

/** Whatever its name: on a site that nobody knows, nobody knows which cookie logs in. */
function cookieSecret(pair: string): readonly Secret[] {
  const equals = pair.indexOf('=')
  const value = pair.slice(equals + 1).trim()
  return equals >= 0 && isTelling(value) ? [{ value, place: `cookie ${pair.slice(0, equals).trim()}` }] : []
}

/** A value is replaced wherever it stands: `dark`, `ethereum` or an epoch second must not be. */
function isTelling(value: string): boolean {
  return value.length >= 8 && /\d/.test(value) && /\D/.test(value)
}

function textSecrets(text: string): readonly Secret[] {
  return [
    ...[...text.matchAll(JWT)].map(([value]) => ({ value, place: 'jwt' })),
    ...[...text.matchAll(E_MAIL)].map(([value]) => ({ value, place: 'e-mail' })),
    ...named(text, IN_JSON, 'json'),
    ...named(text, IN_FORM, 'form'),
  ]
}

function named(text: string, pattern: RegExp, where: string): readonly Secret[] {
  return [...text.matchAll(pattern)].map(([, name = '', value = '']) => ({
    value,
    place: `${where} ${name}`,
  }))
}

function textOf(draft: EntryDraft): string {
  if ('text' in draft) return draft.text
  // Credentials are ASCII: a byte that is not ends one, as the end of a line does.
  if ('base64' in draft) return Buffer.from(draft.base64, 'base64').toString('latin1').replace(NO_ASCII, '\n')
  if ('note' in draft) return draft.note
  return 'reason' in draft ? (draft.reason ?? '') : ''
}
