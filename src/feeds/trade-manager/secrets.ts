import { createFind } from '../entry-secrets.ts'
import type { FeedSecrets, Secret } from '../feed.ts'
import { jwtUpTo, type SecretPlace, secretsAt, URL_USER } from '../secret-places.ts'

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

const JWT = jwtUpTo(MOST)
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

const IN_TEXT: readonly SecretPlace[] = [{ place: 'form', pattern: FORM }, JWT]

const IN_URL: readonly SecretPlace[] = [{ place: 'url', pattern: FORM }, ...URL_USER, JWT]

/** One look at a message that holds none of these is all that nearly every message costs. */
const WORTH_A_LOOK = /token|user|account|nickname|accid|ACCSETUP|AUTH|password|email|eyJ/i

/** What says nothing of anybody, in a credential's place. */
const PUBLIC_WORDS: ReadonlySet<string> = new Set([
  ...['', 'null', 'true', 'false', 'undefined', 'None', 'True', 'False', '0', '{', '['],
  // `synthetic` is what samples and fixtures say there.
  ...['<user>', '<redacted>', 'Unknown', 'Success', 'synthetic'],
])

export const secrets: FeedSecrets = {
  find: createFind({
    url: url => secretsAt(IN_URL, url),
    cookie: cookieSecrets,
    otherHeader: value => [...secretsAt(IN_URL, value), ...textSecrets(value)],
    text: textSecrets,
    publicWords: PUBLIC_WORDS,
  }),
  harmless: [
    {
      pattern: /"(?:tradeid|StratID)"\s{0,8}:\s{0,8}"?\d{1,20}/,
      why: 'the number of a trade or a strategy opens nothing',
    },
  ],
}

function textSecrets(text: string): readonly Secret[] {
  if (!WORTH_A_LOOK.test(text)) return []
  return [
    ...keyedSecrets(text, NAMED),
    ...(text.includes('ACCSETUP') ? keyedSecrets(text, ACCOUNT_SETUP) : []),
    ...(text.includes('AUTHID') ? keyedSecrets(text, AUTH_ID) : []),
    ...secretsAt(IN_TEXT, text),
  ]
}

function keyedSecrets(text: string, pattern: RegExp): readonly Secret[] {
  return [...text.matchAll(pattern)].map(([, key = '', ...values]) => {
    return { value: values.find(value => value !== undefined) ?? '', place: key.toLowerCase() }
  })
}

/** The page's cookies are not known: what is long enough to be hidden is taken for one that signs in. */
function cookieSecrets(name: string, value: string): readonly Secret[] {
  return value.length < 8 ? [] : [{ value, place: `cookie ${name}` }]
}
