import { Buffer } from 'node:buffer'
import type { EntryDraft, HeaderList } from '../../tape/entry.ts'
import type { FeedSecrets, Secret } from '../feed.ts'

interface Place {
  readonly place: string
  readonly pattern: RegExp
}

/** Longer than any credential; a run without a bound would overflow the stack of a regular expression at 16 MiB. */
const MOST = 8192
/** Quotes may be escaped (`\"accessToken\":\"…\"`) where a JSON stands in a string. */
const Q = String.raw`\\{0,8}"`
/** Up to the quote that ends it, or as far as a cut frame goes. */
const VALUE = String.raw`((?:[^"\\\r\n]|\\{1,8}[^"\\\r\n]){1,${MOST}})`
const JSON_NAMES = '(?:md)?access_?token|refresh_?token|p-ticket|password|sec|secret|token'
const FORM_NAMES = `(?:${JSON_NAMES}|authorization)`

const IN_TEXT: readonly Place[] = [
  {
    // {"accessToken":"…","mdAccessToken":"…"}, {"name":"…","password":"…","sec":"…","p-ticket":"…"}
    place: 'json',
    pattern: new RegExp(String.raw`"(?:${JSON_NAMES})${Q}\s{0,8}:\s{0,8}${Q}${VALUE}`, 'gi'),
  },
  {
    place: 'form',
    pattern: new RegExp(String.raw`(?:^|[&?;\s"'])${FORM_NAMES}=([^&;\s"'\\]{1,${MOST}})`, 'gi'),
  },
  { place: 'bearer', pattern: new RegExp(String.raw`\bBearer\s{1,8}([^\s\"'\\]{6,${MOST}})`, 'gi') },
  // A token may be a JWT, and a JWT is a credential wherever it stands: in an error that quotes it, say.
  {
    place: 'jwt',
    pattern: new RegExp(
      String.raw`(?<![\w-])(eyJ[\w-]{4,${MOST}}\.[\w-]{4,${MOST}}(?:\.[\w-]{0,${MOST}})?)`,
      'g',
    ),
  },
]

/** What stands behind `authorize`: its id, its query line and its body, of which a malformed frame may lack one. */
const AUTHORIZE = /(?:^|[^\w/])\/?authorize(?:\r?\n|\\{1,8}n)([\s\S]{0,9000})/gi
const LINE_END = /\r?\n|\\{1,8}n/
const LINES = 3
/** The token stands raw; or quoted, or in an object as JT's notes have it. */
const RAW = /^[^\s"'\\{}[\]][^\s"'\\]{5,8191}/
const RUN = /[^\s"'{}:,\\[\]]{6,8192}/g
const NO_TOKENS = /^(?:token|accessToken|mdAccessToken)$/i

const NO_ASCII = /[\u0080-\u00ff]/g

const WORTH_A_LOOK = /token|ticket|password|sec|authorize|authorization|bearer|eyJ/i

const IN_URL: readonly Place[] = [
  { place: 'url', pattern: new RegExp(`[?&#;]${FORM_NAMES}=([^&#;]{1,${MOST}})`, 'gi') },
  { place: 'url-user', pattern: /^[a-z]{2,20}:\/\/([^/?#@:]{1,200})(?::[^/?#@]{0,200})?@/gi },
  { place: 'url-user', pattern: /^[a-z]{2,20}:\/\/[^/?#@:]{0,200}:([^/?#@]{1,200})@/gi },
]

/** `synthetic` is what samples and fixtures say in a credential’s place. */
const PUBLIC: ReadonlySet<string> = new Set(['', 'null', 'undefined', 'synthetic'])

/** Both sockets': they sign in alike, and a login's bodies may come with a foreign capture. */
export const secrets: FeedSecrets = { find: findSecrets, harmless: [] }

/** Each value once, with the first place that names it. */
function findSecrets(draft: EntryDraft): readonly Secret[] {
  const places = new Map<string, Secret>()
  for (const one of allSecrets(draft)) {
    if (!PUBLIC.has(one.value) && !places.has(one.value)) places.set(one.value, one)
  }
  return [...places.values()]
}

function allSecrets(draft: EntryDraft): readonly Secret[] {
  switch (draft.kind) {
    case 'frame':
      return bodySecrets(draft)
    case 'open':
      return urlSecrets(draft.url)
    case 'fail':
      return [...urlSecrets(draft.url), ...textSecrets(draft.reason)]
    case 'request':
      return [...urlSecrets(draft.url), ...headerSecrets(draft.headers), ...bodySecrets(draft)]
    case 'response':
      return [...headerSecrets(draft.headers), ...bodySecrets(draft)]
    case 'mark':
      return textSecrets(draft.note)
    case 'close':
      return textSecrets(draft.reason ?? '')
    case 'pause':
    case 'resume':
    case 'clock':
    case 'lost':
      return []
    default:
      return draft satisfies never
  }
}

function bodySecrets(body: object): readonly Secret[] {
  if ('text' in body && typeof body.text === 'string') return textSecrets(body.text)
  // Credentials are ASCII: a byte that is not ends one, as the end of a line does.
  if ('base64' in body && typeof body.base64 === 'string') {
    return textSecrets(Buffer.from(body.base64, 'base64').toString('latin1').replace(NO_ASCII, '\n'))
  }
  return []
}

function textSecrets(text: string): readonly Secret[] {
  if (!WORTH_A_LOOK.test(text)) return []
  return [...matches(text, IN_TEXT), ...authorizeSecrets(text)]
}

function authorizeSecrets(text: string): readonly Secret[] {
  return [...text.matchAll(AUTHORIZE)].flatMap(([, behind = '']) =>
    behind.split(LINE_END, LINES).flatMap(tokenIn),
  )
}

/** An id of digits is none; a ticket stands on the query line. */
function tokenIn(line: string): readonly Secret[] {
  const [raw] = RAW.exec(line) ?? []
  const run = raw ?? (line.match(RUN) ?? []).find(one => !NO_TOKENS.test(one))
  const value = (run ?? '').replace(/^p-ticket=/, '')
  return value === '' || /^\d{1,15}$/.test(value) ? [] : [{ value, place: 'authorize' }]
}

function urlSecrets(url: string): readonly Secret[] {
  return [...matches(url, IN_URL), ...matches(url, IN_TEXT.slice(-1))]
}

function matches(text: string, places: readonly Place[]): readonly Secret[] {
  return places.flatMap(({ place, pattern }) =>
    [...text.matchAll(pattern)].map(([, value = '']) => ({ value, place })),
  )
}

function headerSecrets(headers: HeaderList): readonly Secret[] {
  return headers.flatMap(([name, value]): readonly Secret[] => {
    const lower = name.toLowerCase()
    if (/^(?:proxy-)?authorization$|token|api-?key|csrf/.test(lower)) {
      return [{ value: value.replace(/^(?:Bearer|Basic|Token)\s+/i, ''), place: lower }]
    }
    if (lower === 'cookie') return value.split(/;\s{0,8}/).flatMap(cookieSecret)
    // Only the first pair is the cookie; Path, Expires and the like follow.
    if (lower === 'set-cookie') return cookieSecret(value.split(';', 1)[0] ?? '')
    return [...matches(value, IN_URL), ...textSecrets(value)]
  })
}

/** A value is replaced wherever it stands: `dark` or `en` would be struck out of ordinary text. */
function cookieSecret(pair: string): readonly Secret[] {
  const equals = pair.indexOf('=')
  const value = pair
    .slice(equals + 1)
    .trim()
    .replace(/^"(.*)"$/, '$1')
  if (equals < 0 || value.length < 8) return []
  return [{ value, place: `cookie ${pair.slice(0, equals).trim()}` }]
}
