const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/**
 * Whether a page of this origin may listen. A browser names the page's origin with every socket and lets no page change
 * it, so that a foreign page cannot read figures from this machine. What names none is no browser.
 */
export function mayListen(origin: string | undefined, allowed: ReadonlySet<string>): boolean {
  if (origin === undefined || allowed.has(origin.toLowerCase())) return true
  const url = URL.parse(origin)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return url.origin === origin.toLowerCase() && LOOPBACK.includes(url.hostname)
}
