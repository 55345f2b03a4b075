import { createFind } from '../entry-secrets.ts'
import type { FeedSecrets, Secret } from '../feed.ts'
import { jwtUpTo, LONGEST, type SecretPlace, secretsAt, URL_USER } from '../secret-places.ts'
import { tellingCookie } from './telling-cookie.ts'

export interface HttpSecretNames {
  /** The names of credentials in JSON, in cookies' text and in queries, as alternatives of a regular expression. */
  readonly names: string
  /** One look at a body that holds none of these is all that nearly every body costs. */
  readonly worthALook: RegExp
}

const Q = String.raw`\\{0,8}"`
const JWT = jwtUpTo(LONGEST)

interface Places {
  readonly text: readonly SecretPlace[]
  readonly url: readonly SecretPlace[]
}

/** A credential travels in headers and addresses; everywhere else it stands where somebody repeats it. */
function placesOf(names: string): Places {
  const text = [
    {
      // {"sessionid":"…"}, also escaped in a string
      place: 'json',
      pattern: new RegExp(
        String.raw`(?<!\\)${Q}(?:${names})${Q}\s{0,8}:\s{0,8}${Q}((?:[^"\\\s]|\\{1,8}[^"\\\s]){1,${LONGEST}})`,
        'gi',
      ),
    },
    {
      // Cookie: sessionid=…; sessionid_sign=…
      place: 'form',
      pattern: new RegExp(String.raw`(?:^|[&?;,:\s"'])(?:auth|${names})=([^&;,\s"'\\<]{1,${LONGEST}})`, 'gi'),
    },
    {
      // Authorization: Bearer …, in a page that shows the request that it could not serve.
      place: 'bearer',
      pattern: new RegExp(String.raw`\bBearer\s{1,8}([^\s"'\\<]{6,${LONGEST}})`, 'gi'),
    },
    JWT,
  ]
  const url = [
    { place: 'url', pattern: new RegExp(`[?&#;](?:auth|${names})=([^&#;]{1,${LONGEST}})`, 'gi') },
    ...URL_USER,
    JWT,
  ]
  return { text, url }
}

/** Finds every credential of a wire over HTTP: in headers, cookies, addresses and bodies, of either direction. */
export function createHttpSecrets({ names, worthALook }: HttpSecretNames): FeedSecrets {
  const places = placesOf(names)
  const url = (address: string): readonly Secret[] => secretsAt(places.url, address)
  const text = (said: string): readonly Secret[] => {
    return worthALook.test(said) ? secretsAt(places.text, said) : []
  }
  const otherHeader = (value: string): readonly Secret[] => [...url(value), ...text(value)]
  const find = createFind({ url, cookie: tellingCookie, otherHeader, text, publicWords: PUBLIC_WORDS })
  return { find, harmless: [] }
}

/** Words that stand in a credential's place without being one. */
const PUBLIC_WORDS: ReadonlySet<string> = new Set(['', 'null', 'undefined'])
