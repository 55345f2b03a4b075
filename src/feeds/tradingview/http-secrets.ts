import { Buffer } from 'node:buffer'
import type { EntryDraft, HeaderList } from '../../tape/entry.ts'
import type { FeedSecrets, Secret } from '../feed.ts'

export interface HttpSecretNames {
  /** The names of credentials in JSON, in cookies' text and in queries, as alternatives of a regular expression. */
  readonly names: string
  /** One look at a body that holds none of these is all that nearly every body costs. */
  readonly worthALook: RegExp
}

interface Place {
  readonly place: string
  readonly pattern: RegExp
}

/** Longer than any credential; a run without a bound would overflow the stack of a regular expression. */
const MOST = 8192
const Q = String.raw`\\{0,8}"`
const JWT = new RegExp(
  String.raw`(?<![\w-])(eyJ[\w-]{4,${MOST}}\.[\w-]{4,${MOST}}(?:\.[\w-]{0,${MOST}})?)`,
  'g',
)

const NO_ASCII = /[\u0080-\u00ff]/g

interface Places {
  readonly text: readonly Place[]
  readonly url: readonly Place[]
  readonly worthALook: RegExp
}

/** A credential travels in headers and addresses; everywhere else it stands where somebody repeats it. */
function placesOf({ names, worthALook }: HttpSecretNames): Places {
  const text = [
    {
      // {"sessionid":"…"}, also escaped in a string
      place: 'json',
      pattern: new RegExp(
        String.raw`(?<!\\)${Q}(?:${names})${Q}\s{0,8}:\s{0,8}${Q}((?:[^"\\\s]|\\{1,8}[^"\\\s]){1,${MOST}})`,
        'gi',
      ),
    },
    {
      // Cookie: sessionid=…; sessionid_sign=…
      place: 'form',
      pattern: new RegExp(String.raw`(?:^|[&?;,:\s"'])(?:auth|${names})=([^&;,\s"'\\<]{1,${MOST}})`, 'gi'),
    },
    {
      // Authorization: Bearer …, in a page that shows the request that it could not serve.
      place: 'bearer',
      pattern: new RegExp(String.raw`\bBearer\s{1,8}([^\s"'\\<]{6,${MOST}})`, 'gi'),
    },
    { place: 'jwt', pattern: JWT },
  ]
  const url = [
    { place: 'url', pattern: new RegExp(`[?&#;](?:auth|${names})=([^&#;]{1,${MOST}})`, 'gi') },
    { place: 'url-user', pattern: /^[a-z]{2,20}:\/\/([^/?#@:]{1,200})(?::[^/?#@]{0,200})?@/gi },
    { place: 'url-user', pattern: /^[a-z]{2,20}:\/\/[^/?#@:]{0,200}:([^/?#@]{1,200})@/gi },
    { place: 'jwt', pattern: JWT },
  ]
  return { text, url, worthALook }
}

/** Finds every credential of a wire over HTTP: in headers, cookies, addresses and bodies, of either direction. */
export function createHttpSecrets(names: HttpSecretNames): FeedSecrets {
  const places = placesOf(names)
  return { find: draft => findSecrets(draft, places), harmless: [] }
}

/** Each value once, with the first place that names it. */
function findSecrets(draft: EntryDraft, places: Places): readonly Secret[] {
  const found = new Map<string, Secret>()
  for (const one of allSecrets(draft, places)) if (!found.has(one.value)) found.set(one.value, one)
  return [...found.values()]
}

function allSecrets(draft: EntryDraft, places: Places): readonly Secret[] {
  switch (draft.kind) {
    case 'request':
      return [
        ...matches(draft.url, places.url),
        ...headerSecrets(draft.headers, places),
        ...bodySecrets(draft, places),
      ]
    case 'response':
      return [...headerSecrets(draft.headers, places), ...bodySecrets(draft, places)]
    case 'frame':
      return bodySecrets(draft, places)
    case 'open':
      return matches(draft.url, places.url)
    case 'fail':
      return [...matches(draft.url, places.url), ...textSecrets(draft.reason, places)]
    case 'mark':
      return textSecrets(draft.note, places)
    case 'close':
      return textSecrets(draft.reason ?? '', places)
    case 'pause':
    case 'resume':
    case 'clock':
    case 'lost':
      return []
    default:
      return draft satisfies never
  }
}

function bodySecrets(body: object, places: Places): readonly Secret[] {
  if ('text' in body && typeof body.text === 'string') return textSecrets(body.text, places)
  // Credentials are ASCII: a byte that is not ends one, as the end of a line does.
  if ('base64' in body && typeof body.base64 === 'string') {
    return textSecrets(Buffer.from(body.base64, 'base64').toString('latin1').replace(NO_ASCII, '\n'), places)
  }
  return []
}

function textSecrets(text: string, { text: places, worthALook }: Places): readonly Secret[] {
  return worthALook.test(text) ? matches(text, places) : []
}

function matches(text: string, places: readonly Place[]): readonly Secret[] {
  return places.flatMap(({ place, pattern }) =>
    [...text.matchAll(pattern)].flatMap(([, value = '']) => secret(value, place)),
  )
}

function headerSecrets(headers: HeaderList, places: Places): readonly Secret[] {
  return headers.flatMap(([name, value]): readonly Secret[] => {
    const lower = name.toLowerCase()
    if (/^(?:proxy-)?authorization$|token|api-?key|csrf/.test(lower)) {
      return secret(value.replace(/^(?:Bearer|Basic|Token)\s+/i, ''), lower)
    }
    if (lower === 'cookie') return value.split(/;\s{0,8}/).flatMap(cookieSecret)
    // Only the first pair is the cookie; Path, Expires and the like follow.
    if (lower === 'set-cookie') return cookieSecret(value.split(';', 1)[0] ?? '')
    return [...matches(value, places.url), ...textSecrets(value, places)]
  })
}

function cookieSecret(pair: string): readonly Secret[] {
  const equals = pair.indexOf('=')
  if (equals < 0) return []
  const name = pair.slice(0, equals).trim()
  const whole = pair.slice(equals + 1).trim()
  const isQuoted = whole.length > 1 && whole.startsWith('"') && whole.endsWith('"')
  const value = isQuoted ? whole.slice(1, -1) : whole
  // A value is replaced wherever it stands: `dark`, `en` or an epoch second would be struck out of prices' text.
  const isNamed = /session|auth|token|sign|sid|device|csrf/i.test(name) && value.length >= 6
  const isTelling = value.length >= 8 && /\d/.test(value) && /\D/.test(value)
  return isNamed || isTelling ? secret(value, `cookie ${name}`) : []
}

function secret(value: string, place: string): readonly Secret[] {
  return PUBLIC.has(value) ? [] : [{ value, place }]
}

/** Words that stand in a credential's place without being one. */
const PUBLIC: ReadonlySet<string> = new Set(['', 'null', 'undefined'])
