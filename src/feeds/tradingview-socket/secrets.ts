import { createFind } from '../entry-secrets.ts'
import type { FeedSecrets, Secret } from '../feed.ts'
import { jwtUpTo, LONGEST, type SecretPlace, secretsAt, URL_USER } from '../secret-places.ts'
import { tellingCookie } from '../tradingview/telling-cookie.ts'
import { GUEST_TOKEN, WIDGET_TOKEN } from './auth.ts'

/** Quotes may be escaped (`\"auth_token\":\"…\"`) where a JSON stands in a string. */
const Q = String.raw`\\{0,8}"`
const OPENING_Q = String.raw`(?<!\\)${Q}`
/** Up to the quote that ends it, or as far as a cut frame goes; `\/` and `\u002f` are parts of it. */
const VALUE = String.raw`((?:[^"\\\s]|\\{1,8}[^"\\\s]){1,${LONGEST}})`
const JWT = jwtUpTo(LONGEST)
const NAMES = `(?:auth_?token|access_?token|token|sessionid|sessionid_sign)`
const FORM_NAMES = `(?:auth|auth_token|token|sessionid|sessionid_sign)`

const IN_TEXT: readonly SecretPlace[] = [
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
    pattern: new RegExp(String.raw`(?:^|[&?;\s"'])${FORM_NAMES}=([^&;\s"']{1,${LONGEST}})`, 'gi'),
  },
  // The socket's token is a JWT, and a JWT is a credential wherever it stands: in an error that quotes it, say.
  JWT,
  // {"channel":"private_…"}: the channel id alone lets anyone listen.
  { place: 'private-channel', pattern: /private_([A-Za-z0-9_-]{8,200})/g },
]

/** `"via":"109.61.45.186:443"`, the hello's server address. */
const VIA = new RegExp(String.raw`${OPENING_Q}via${Q}\s{0,8}:\s{0,8}${Q}([0-9a-fA-F.:[\]]{7,64})`, 'g')

/** One look at a frame that holds none of these is all that nearly every frame costs. */
const WORTH_A_LOOK = /via\\{0,8}"|[Aa]uth|AUTH|[Tt]oken|TOKEN|[Ss]ession[Ii]d|SESSIONID|private_|eyJ/

const IN_URL: readonly SecretPlace[] = [
  { place: 'url', pattern: new RegExp(`[?&#;]${FORM_NAMES}=([^&#;]{1,${LONGEST}})`, 'gi') },
  ...URL_USER,
  JWT,
  { place: 'private-channel', pattern: /\/private_([^/?#]{1,200})/g },
]

/** Words that the wire itself says in a credential's place. */
const PUBLIC_WORDS: ReadonlySet<string> = new Set([
  GUEST_TOKEN,
  WIDGET_TOKEN,
  'null',
  'undefined',
  'feed',
  '',
])

export const secrets: FeedSecrets = {
  find: createFind({
    url: url => secretsAt(IN_URL, url),
    cookie: tellingCookie,
    otherHeader: value => [...secretsAt(IN_URL, value), ...textSecrets(value)],
    text: textSecrets,
    publicWords: PUBLIC_WORDS,
  }),
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

function textSecrets(text: string): readonly Secret[] {
  if (!WORTH_A_LOOK.test(text)) return []
  return [...secretsAt(IN_TEXT, text), ...addresses(text)]
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
