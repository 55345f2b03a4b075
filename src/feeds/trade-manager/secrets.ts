import type { EntryDraft, HeaderList } from '../../tape/entry.ts'
import type { FeedSecrets, Secret } from '../feed.ts'

/** What each of these draws out is found wherever it stands, well formed or not. */
interface Place {
  readonly place: string
  readonly pattern: RegExp
}

/** Longer than any credential; a run without a bound would overflow the stack of a regular expression at 16 MiB. */
const MOST = 4096
/** Quotes may be escaped where a JSON stands in a string, and single where Python has printed a dict. */
const Q = String.raw`\\{0,8}["']`
/** Up to the quote that ends it, or as far as a cut message goes; behind an escaped quote, up to the next one. */
const valueIn = (quote: string): readonly string[] => [
  String.raw`${quote}((?:[^${quote}\\\r\n]|\\[^\r\n]){1,${MOST}})`,
  String.raw`\\{1,8}${quote}((?:[^${quote}\\\r\n]|\\{1,8}[^${quote}\\\r\n]){1,${MOST}})`,
]
/** A number, or a word that has lost its quotes. */
const BARE = String.raw`([^\s"'\\,{}[\]:]{1,${MOST}})`

/** Key and value, in one look: the key is the first group, and one of the others has the value. */
const keyed = (names: string): RegExp => {
  const value = [...valueIn('"'), ...valueIn("'"), BARE].join('|')
  return new RegExp(String.raw`(?<!\\)${Q}(${names})${Q}\s{0,8}:\s{0,8}(?:${value})`, 'gi')
}

const JWT = new RegExp(
  String.raw`(?<![\w-])(eyJ[\w-]{4,${MOST}}\.[\w-]{4,${MOST}}(?:\.[\w-]{0,${MOST}})?)`,
  'g',
)
const FORM = new RegExp(String.raw`(?:^|[&?#;\s])(?:token|user|auth_?id)=([^&#;\s"']{1,${MOST}})`, 'gi')

/**
 * {"type":"AUTH","user":"…","token":"…"}; CLOSE_TRADE has both too. "Account" and "Nickname" of a row of TRADES say
 * whose account it is.
 */
const NAMED = keyed(
  '(?:access_?|auth_?)?token|password|user|user_?name|email|account|nickname|accountid|account_id|accid',
)
/** {"type":"ACCSETUP","id":1491,"user":"…"}: elsewhere `id` is a trade's. */
const ACCOUNT_SETUP = keyed('id')
/** What an AUTHID holds is not public: all of it may let somebody in. */
const AUTH_ID = keyed(String.raw`(?!type${Q})[\w-]{1,40}`)

const IN_TEXT: readonly Place[] = [
  { place: 'form', pattern: FORM },
  { place: 'jwt', pattern: JWT },
]

const IN_URL: readonly Place[] = [
  { place: 'url', pattern: FORM },
  { place: 'url-user', pattern: /^[a-z]{2,20}:\/\/([^/?#@:]{1,200})(?::[^/?#@]{0,200})?@/gi },
  { place: 'url-user', pattern: /^[a-z]{2,20}:\/\/[^/?#@:]{0,200}:([^/?#@]{1,200})@/gi },
  { place: 'jwt', pattern: JWT },
]

const NO_ASCII = /[\u0080-\u00ff]/g

/** One look at a message that holds none of these is all that nearly every message costs. */
const WORTH_A_LOOK = /token|user|account|nickname|accid|ACCSETUP|AUTH|password|email|eyJ/i

/** What says nothing of anybody, in a credential's place. */
const PUBLIC: ReadonlySet<string> = new Set([
  ...['', 'null', 'true', 'false', 'undefined', 'None', 'True', 'False', '0', '{', '['],
  // `synthetic` is what samples and fixtures say there.
  ...['<user>', '<redacted>', 'Unknown', 'Success', 'synthetic'],
])

export const secrets: FeedSecrets = {
  find: findSecrets,
  harmless: [
    {
      pattern: /"(?:tradeid|StratID)"\s{0,8}:\s{0,8}"?\d{1,20}/,
      why: 'the number of a trade or a strategy opens nothing',
    },
  ],
}

/** Each value once, with the first place that names it. */
function findSecrets(draft: EntryDraft): readonly Secret[] {
  const places = new Map<string, Secret>()
  for (const one of allSecrets(draft)) if (!places.has(one.value)) places.set(one.value, one)
  return [...places.values()]
}

function allSecrets(draft: EntryDraft): readonly Secret[] {
  switch (draft.kind) {
    case 'frame':
      return bodySecrets(draft)
    case 'open':
      return matches(draft.url, IN_URL)
    case 'fail':
      return [...matches(draft.url, IN_URL), ...textSecrets(draft.reason)]
    case 'request':
      return [...matches(draft.url, IN_URL), ...headerSecrets(draft.headers), ...bodySecrets(draft)]
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
  return [
    ...keyedSecrets(text, NAMED),
    ...(text.includes('ACCSETUP') ? keyedSecrets(text, ACCOUNT_SETUP) : []),
    ...(text.includes('AUTHID') ? keyedSecrets(text, AUTH_ID) : []),
    ...matches(text, IN_TEXT),
  ]
}

function keyedSecrets(text: string, pattern: RegExp): readonly Secret[] {
  return [...text.matchAll(pattern)].flatMap(([, key = '', ...values]) => {
    return secret(values.find(value => value !== undefined) ?? '', key.toLowerCase())
  })
}

function matches(text: string, places: readonly Place[]): readonly Secret[] {
  return places.flatMap(({ place, pattern }) =>
    [...text.matchAll(pattern)].flatMap(([, value = '']) => secret(value, place)),
  )
}

function headerSecrets(headers: HeaderList): readonly Secret[] {
  return headers.flatMap(([name, value]): readonly Secret[] => {
    const lower = name.toLowerCase()
    if (/^(?:proxy-)?authorization$|token|api-?key|csrf/.test(lower)) {
      return secret(value.replace(/^(?:Bearer|Basic|Token)\s+/i, ''), lower)
    }
    if (lower === 'cookie') return value.split(/;\s{0,8}/).flatMap(cookieSecret)
    // Only the first pair is the cookie; Path, Expires and the like follow.
    if (lower === 'set-cookie') return cookieSecret(value.split(';', 1)[0] ?? '')
    return [...matches(value, IN_URL), ...textSecrets(value)]
  })
}

/** The page's cookies are not known: what is long enough to be hidden is taken for one that signs in. */
function cookieSecret(pair: string): readonly Secret[] {
  const equals = pair.indexOf('=')
  const value = pair.slice(equals + 1).trim()
  return equals < 0 || value.length < 8 ? [] : secret(value, `cookie ${pair.slice(0, equals).trim()}`)
}

function secret(value: string, place: string): readonly Secret[] {
  return PUBLIC.has(value) ? [] : [{ value, place }]
}
