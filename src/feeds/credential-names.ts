/** What a name promises: each kind has its own way of being nothing but an ordinary word. */
export type CredentialKind = 'secret' | 'token' | 'authorization' | 'cookie' | 'e-mail' | 'phone' | 'user'

/** Against names in small letters without `_`, `-`, `.` and blanks; the first that fits counts. */
const KINDS: readonly (readonly [CredentialKind, RegExp])[] = [
  ['cookie', /^(?:set)?cookies?$|cookieheader$/],
  ['authorization', /auth(?:orization)?(?:header)?$/],
  ['secret', /(?:password|passwd|pwd|passphrase|passcode|secret(?:key)?|api(?:access)?key(?:id)?)$/],
  ['secret', /(?:privatekey|accesskey(?:id)?|signingkey|jwt)$/],
  ['secret', /(?:access|refresh|auth|api|login|user|bearer|csrf|xsrf|session)token$/],
  ['token', /(?:token|session(?:id|key)(?:sign)?|signature|[cx]srf)$|^sid$|^sign?$|^sig$/],
  ['e-mail', /e?mail(?:address)?$/],
  ['phone', /(?:phone|mobile|telephone)(?:number|no)?$/],
  ['user', /user(?:name|login)$|login(?:name|id)$|^login$/],
]

/** Longer than any name of a credential. */
const LONGEST_NAME = 80

export function credentialKind(name: string): CredentialKind | undefined {
  if (name.length > LONGEST_NAME) return undefined
  // Not the end of `newsId`.
  if (/[_.-]sid$/i.test(name)) return 'token'
  const bare = name.toLowerCase().replace(/[_.\s-]/g, '')
  return KINDS.find(([, pattern]) => pattern.test(bare))?.[0]
}

/** What says nothing of anybody, in a credential's place; `synthetic` is what samples and fixtures say there. */
const PUBLIC: ReadonlySet<string> = new Set([
  ...[
    '',
    'null',
    'none',
    'nil',
    'undefined',
    'true',
    'false',
    'unknown',
    'synthetic',
    'redacted',
    '<redacted>',
  ],
  ...['basic', 'bearer', 'digest', 'token', 'guest', 'anonymous', 'public', 'private', 'default', 'system'],
  ...[
    'success',
    'succeeded',
    'failed',
    'failure',
    'error',
    'invalid',
    'missing',
    'expired',
    'pending',
    'active',
  ],
  ...['required', 'optional', 'enabled', 'disabled', 'accepted', 'rejected', 'granted', 'denied', 'welcome'],
  ...['authenticated', 'unauthenticated', 'authorized', 'unauthorized', 'password', 'username', 'string'],
])

/** Whether a value is what its name promises. It will be replaced wherever it stands: a price must not be. */
export function isMeant(kind: CredentialKind, value: string): boolean {
  const digits = value.replace(/\D/g, '').length
  if (PUBLIC.has(value.toLowerCase()) || (digits < 6 && !/[^\d.,+-]/.test(value))) return false
  switch (kind) {
    case 'secret':
    case 'user':
      return true
    case 'token':
    case 'authorization':
    case 'cookie':
      return isTelling(value)
    case 'e-mail':
      return /@|%40|u0040/i.test(value)
    case 'phone':
      return digits >= 6
    default:
      return kind satisfies never
  }
}

/** `dark`, `true`, `ETHEREUM` or an epoch second in a credential's place is no credential. */
export function isTelling(value: string): boolean {
  // `${…}` is a program's text and `<token>` a form's, with a value still to come; `<0.12.3>_x` is a server's process.
  if (value.length < 8 || value.includes('${') || value.startsWith('<')) return false
  return (/\d/.test(value) && /[a-z]/i.test(value)) || (value.length >= 16 && /[a-z]/i.test(value))
}

/** `Bearer abc`, `Basic+abc`, `Token%20abc`: how long what stands before the credential is. */
export function schemeLength(value: string): number {
  return (
    /^(?:bearer|basic|token|digest|negotiate|apikey|jwt|hmac)(?:\s|\+|%20){1,8}/i.exec(value)?.[0].length ?? 0
  )
}
