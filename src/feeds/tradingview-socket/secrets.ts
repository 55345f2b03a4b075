import type { EntryDraft, HeaderList } from '../../tape/entry.ts'
import type { FeedSecrets, Secret } from '../feed.ts'
import { GUEST_TOKEN, WIDGET_TOKEN } from './auth.ts'

/** What each of these draws out is found wherever it stands, well framed or not. */
interface Place {
  readonly place: string
  readonly pattern: RegExp
}

/** Longer than any credential; a run without a bound would overflow the stack of a regular expression at 16 MiB. */
const MOST = 8192
/** Quotes may be escaped (`\"auth_token\":\"…\"`) where a JSON stands in a string. */
const Q = String.raw`\\{0,8}"`
const OPENING_Q = String.raw`(?<!\\)${Q}`
/** Up to the quote that ends it, or as far as a cut frame goes; `\/` and `\u002f` are parts of it. */
const VALUE = String.raw`((?:[^"\\\s]|\\{1,8}[^"\\\s]){1,${MOST}})`
const JWT = new RegExp(
  String.raw`(?<![\w-])(eyJ[\w-]{4,${MOST}}\.[\w-]{4,${MOST}}(?:\.[\w-]{0,${MOST}})?)`,
  'g',
)
const NAMES = `(?:auth_?token|access_?token|token|sessionid|sessionid_sign)`
const FORM_NAMES = `(?:auth|auth_token|token|sessionid|sessionid_sign)`

const IN_TEXT: readonly Place[] = [
  {
    // ~m~…~m~{"m":"set_auth_token","p":["eyJ…"]}
    place: 'set_auth_token',
    pattern: new RegExp(
      String.raw`set_auth_token${Q}\s{0,8},\s{0,8}${Q}p${Q}\s{0,8}:\s{0,8}\[\s{0,8}${Q}${VALUE}`,
      'g',
    ),
  },
  {
    // {"p":["eyJ…"],"m":"set_auth_token"}: keys in the other order.
    place: 'set_auth_token',
    pattern: new RegExp(
      String.raw`${OPENING_Q}p${Q}\s{0,8}:\s{0,8}\[\s{0,8}${Q}${VALUE}${Q}\s{0,8}\]\s{0,8},\s{0,8}${Q}m${Q}\s{0,8}:\s{0,8}${Q}set_auth_token`,
      'g',
    ),
  },
  {
    place: 'json',
    pattern: new RegExp(String.raw`${OPENING_Q}${NAMES}${Q}\s{0,8}:\s{0,8}\[?\s{0,8}${Q}${VALUE}`, 'gi'),
  },
  {
    place: 'form',
    pattern: new RegExp(String.raw`(?:^|[&?;\s"'])${FORM_NAMES}=([^&;\s"']{1,${MOST}})`, 'gi'),
  },
  // The socket's token is a JWT, and a JWT is a credential wherever it stands: in an error that quotes it, say.
  { place: 'jwt', pattern: JWT },
  // {"channel":"private_…"}: the channel id alone lets anyone listen.
  { place: 'private-channel', pattern: /private_([A-Za-z0-9_-]{8,200})/g },
]

/** `"via":"109.61.45.186:443"`, the hello's server address. */
const VIA = new RegExp(String.raw`${OPENING_Q}via${Q}\s{0,8}:\s{0,8}${Q}([0-9a-fA-F.:[\]]{7,64})`, 'g')

const NO_ASCII = /[\u0080-\u00ff]/g

/** One look at a frame that holds none of these is all that nearly every frame costs. */
const WORTH_A_LOOK = /via\\{0,8}"|[Aa]uth|AUTH|[Tt]oken|TOKEN|[Ss]ession[Ii]d|SESSIONID|private_|eyJ/

const IN_URL: readonly Place[] = [
  { place: 'url', pattern: new RegExp(`[?&#;]${FORM_NAMES}=([^&#;]{1,${MOST}})`, 'gi') },
  { place: 'url-user', pattern: /^[a-z]{2,20}:\/\/([^/?#@:]{1,200})(?::[^/?#@]{0,200})?@/gi },
  { place: 'url-user', pattern: /^[a-z]{2,20}:\/\/[^/?#@:]{0,200}:([^/?#@]{1,200})@/gi },
  { place: 'jwt', pattern: JWT },
  { place: 'private-channel', pattern: /\/private_([^/?#]{1,200})/g },
]

/** Words that the wire itself says in a credential's place. */
const PUBLIC: ReadonlySet<string> = new Set([GUEST_TOKEN, WIDGET_TOKEN, 'null', 'undefined', 'feed', ''])

export const secrets: FeedSecrets = {
  find: findSecrets,
  harmless: [
    {
      pattern: /\b(?:qs|cs|ds|xs)_(?:[a-z-]{1,30}_){0,4}[A-Za-z0-9]{12}\b/,
      why: 'session ids are drawn by the client',
    },
    {
      pattern: /studies_metadata_hash\\{0,8}":\\{0,8}"[0-9a-f]{40}/,
      why: 'a hash of the public catalogue of studies',
    },
    {
      pattern: /"session_id":"0\.[0-9.]{1,40}_[a-z0-9-]{1,80}"/,
      why: 'the hello’s session id names a server and a counter',
    },
    {
      pattern: /\b(?:unauthorized|widget)_user_token\b/,
      why: 'what guests and widgets say instead of a token',
    },
    {
      pattern: /\bbmI9Ks46_[A-Za-z0-9+/=_-]{1,65536}/,
      why: 'the script of a study, which the page itself only has encrypted (S01)',
    },
    {
      pattern: /\b(?:USER|PUB|STD);[0-9a-f]{32}\b/,
      why: 'the id of a script; a private one opens only to its owner’s session (S01)',
    },
  ],
}

/** Each value once, with the first place that names it. */
function findSecrets(draft: EntryDraft): readonly Secret[] {
  const found = allSecrets(draft)
  if (found.length < 2) return found
  const places = new Map<string, Secret>()
  for (const one of found) if (!places.has(one.value)) places.set(one.value, one)
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
  return [...matches(text, IN_TEXT), ...addresses(text)]
}

function addresses(text: string): readonly Secret[] {
  const found = [...text.matchAll(VIA)].map(([, address = '']) => hostOf(address))
  // A loopback address is no one's; it also stands in the url of every local recording.
  return found
    .filter(address => !address.startsWith('127.') && address !== '::1')
    .map(value => ({ value, place: 'hello-via' }))
}

/** Without port and brackets: `109.61.45.186:443`, `[2001:db8::1]:443`; a bare IPv6 address has no port. */
function hostOf(address: string): string {
  const [, inBrackets] = /^\[([^\]]*)/.exec(address) ?? []
  return inBrackets ?? address.replace(/^([0-9.]+):.*$/, '$1')
}

function matches(text: string, places: readonly Place[]): readonly Secret[] {
  return places.flatMap(({ place, pattern }) =>
    [...text.matchAll(pattern)].flatMap(([, value = '']) => (PUBLIC.has(value) ? [] : [{ value, place }])),
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
