import type { Secret } from '../feeds/feed.ts'
import type { EntryDraft, HeaderList } from '../tape/entry.ts'

/**
 * Where HTTP and JSON carry credentials on any site: what stands between a wire that nobody knows and a tape that
 * is shared. A known feed names its own places (feeds/<feed>/secrets.ts) and is better at it.
 */
const NAME =
  '(?:[a-z]+[_-])*(?:[a-z]*token|session[_-]?id|sid|password|passwd|secret|signature|api[_-]?key|jwt|auth)'
const IN_URL = new RegExp(`[?&#;](${NAME})=([^&#;]+)`, 'gi')
const IN_FORM = new RegExp(String.raw`(?:^|&)(${NAME})=([^&\s"]+)`, 'gi')
const IN_JSON = new RegExp(String.raw`\\*"(${NAME})\\*"\s*:\s*\\*"([^"\\\s]+)`, 'gi')
/** A JSON Web Token, wherever it stands: its head is the base64 of {" and so always begins with eyJ. */
const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g
const USER_INFO = /^[a-z]+:\/\/([^/?#@]+)@/i
const HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'x-api-key'])

export function findGenericSecrets(draft: EntryDraft): readonly Secret[] {
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
  // latin1 keeps every byte, and credentials are ASCII.
  if ('base64' in draft) return Buffer.from(draft.base64, 'base64').toString('latin1')
  if ('note' in draft) return draft.note
  return 'reason' in draft ? (draft.reason ?? '') : ''
}
