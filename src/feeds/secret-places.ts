import type { Secret } from './feed.ts'

/** What the first group of `pattern` draws out is a secret wherever it stands, well formed or not. */
export interface SecretPlace {
  readonly place: string
  readonly pattern: RegExp
}

/** Longer than any credential; a run without a bound would overflow the stack of a regular expression at 16 MiB. */
export const LONGEST = 8192

/** `wss://user:password@host/`: each of the two, also without the other. */
export const URL_USER: readonly SecretPlace[] = [
  { place: 'url-user', pattern: /^[a-z]{2,20}:\/\/([^/?#@:]{1,200})(?::[^/?#@]{0,200})?@/gi },
  { place: 'url-user', pattern: /^[a-z]{2,20}:\/\/[^/?#@:]{0,200}:([^/?#@]{1,200})@/gi },
]

/** A JSON Web Token, a credential wherever it stands: its head is the base64 of {" and so always begins with eyJ. */
export function jwtUpTo(longest: number): SecretPlace {
  const pattern = String.raw`(?<![\w-])(eyJ[\w-]{4,${longest}}\.[\w-]{4,${longest}}(?:\.[\w-]{0,${longest}})?)`
  return { place: 'jwt', pattern: new RegExp(pattern, 'g') }
}

export function secretsAt(places: readonly SecretPlace[], text: string): readonly Secret[] {
  return places.flatMap(({ place, pattern }) =>
    [...text.matchAll(pattern)].map(([, value = '']) => ({ value, place })),
  )
}
