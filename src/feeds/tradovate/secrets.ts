import { createFind } from '../entry-secrets.ts'
import type { FeedSecrets, Secret } from '../feed.ts'
import { jwtUpTo, LONGEST, type SecretPlace, secretsAt, URL_USER } from '../secret-places.ts'

/** Quotes may be escaped (`\"accessToken\":\"…\"`) where a JSON stands in a string. */
const Q = String.raw`\\{0,8}"`
/** Up to the quote that ends it, or as far as a cut frame goes. */
const VALUE = String.raw`((?:[^"\\\r\n]|\\{1,8}[^"\\\r\n]){1,${LONGEST}})`
const JSON_NAMES = '(?:md)?access_?token|refresh_?token|p-ticket|password|sec|secret|token'
const FORM_NAMES = `(?:${JSON_NAMES}|authorization)`

const JWT = jwtUpTo(LONGEST)

const IN_TEXT: readonly SecretPlace[] = [
  {
    // {"accessToken":"…","mdAccessToken":"…"}, {"name":"…","password":"…","sec":"…","p-ticket":"…"}
    place: 'json',
    pattern: new RegExp(String.raw`"(?:${JSON_NAMES})${Q}\s{0,8}:\s{0,8}${Q}${VALUE}`, 'gi'),
  },
  {
    place: 'form',
    pattern: new RegExp(String.raw`(?:^|[&?;\s"'])${FORM_NAMES}=([^&;\s"'\\]{1,${LONGEST}})`, 'gi'),
  },
  { place: 'bearer', pattern: new RegExp(String.raw`\bBearer\s{1,8}([^\s\"'\\]{6,${LONGEST}})`, 'gi') },
  // A token may be a JWT, and a JWT is a credential wherever it stands: in an error that quotes it, say.
  JWT,
]

/** What stands behind `authorize`: its id, its query line and its body, of which a malformed frame may lack one. */
const AUTHORIZE = /(?:^|[^\w/])\/?authorize(?:\r?\n|\\{1,8}n)([\s\S]{0,9000})/gi
const LINE_END = /\r?\n|\\{1,8}n/
const LINES = 3
/** The token stands raw; or quoted, or in an object as JT's notes have it. */
const RAW = /^[^\s"'\\{}[\]][^\s"'\\]{5,8191}/
const RUN = /[^\s"'{}:,\\[\]]{6,8192}/g
const NO_TOKENS = /^(?:token|accessToken|mdAccessToken)$/i

const WORTH_A_LOOK = /token|ticket|password|sec|authorize|authorization|bearer|eyJ/i

const IN_URL: readonly SecretPlace[] = [
  { place: 'url', pattern: new RegExp(`[?&#;]${FORM_NAMES}=([^&#;]{1,${LONGEST}})`, 'gi') },
  ...URL_USER,
]

/** `synthetic` is what samples and fixtures say in a credential’s place. */
const PUBLIC_WORDS: ReadonlySet<string> = new Set(['', 'null', 'undefined', 'synthetic'])

/** Both sockets': they sign in alike, and a login's bodies may come with a foreign capture. */
export const secrets: FeedSecrets = {
  find: createFind({
    url: url => secretsAt([...IN_URL, JWT], url),
    cookie: cookieSecrets,
    otherHeader: value => [...secretsAt(IN_URL, value), ...textSecrets(value)],
    text: textSecrets,
    publicWords: PUBLIC_WORDS,
  }),
  harmless: [],
}

function textSecrets(text: string): readonly Secret[] {
  if (!WORTH_A_LOOK.test(text)) return []
  return [...secretsAt(IN_TEXT, text), ...authorizeSecrets(text)]
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

/** A value is replaced wherever it stands: `dark` or `en` would be struck out of ordinary text. */
function cookieSecrets(name: string, whole: string): readonly Secret[] {
  const value = whole.replace(/^"(.*)"$/, '$1')
  return value.length < 8 ? [] : [{ value, place: `cookie ${name}` }]
}
