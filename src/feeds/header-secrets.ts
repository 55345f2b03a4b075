import type { HeaderList } from '../tape/entry.ts'
import type { Secret } from './feed.ts'

export interface HeaderSearches {
  /** Whether a cookie signs somebody in; its value may stand in quotes. */
  cookie(name: string, value: string): readonly Secret[]
  /** The value of a header that is neither a cookie nor by its name a credential. */
  otherHeader(value: string): readonly Secret[]
}

/** What stands in the headers that carry credentials on any wire, and what a feed finds in the others. */
export function headerSecrets(headers: HeaderList, searches: HeaderSearches): readonly Secret[] {
  return headers.flatMap(([name, value]): readonly Secret[] => {
    const lower = name.toLowerCase()
    if (/^(?:proxy-)?authorization$|token|api-?key|csrf/.test(lower)) {
      return [{ value: value.replace(/^(?:Bearer|Basic|Token)\s+/i, ''), place: lower }]
    }
    if (lower === 'cookie') return value.split(/;\s{0,8}/).flatMap(pair => inCookie(pair, searches))
    // Only the first pair is the cookie; Path, Expires and the like follow.
    if (lower === 'set-cookie') return inCookie(value.split(';', 1)[0] ?? '', searches)
    return searches.otherHeader(value)
  })
}

function inCookie(pair: string, { cookie }: HeaderSearches): readonly Secret[] {
  const equals = pair.indexOf('=')
  return equals < 0 ? [] : cookie(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim())
}
