import type { ClientSession } from '../feeds/index.ts'

/** Who we are, unless the feed has reasons of its own. */
export function withUserAgent(
  headers: ClientSession['headers'],
  userAgent: string,
): Readonly<Record<string, string>> {
  const isGiven = Object.keys(headers).some(name => name.toLowerCase() === 'user-agent')
  return isGiven ? { ...headers } : { ...headers, 'User-Agent': userAgent }
}
