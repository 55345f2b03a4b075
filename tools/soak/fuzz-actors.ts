import type { ConversationOptions, Feed, Market, SessionOptions } from '../../src/feeds/index.ts'
import { type Random, seededRandom } from '../../src/model/random.ts'
import { NAMES, pick } from './fuzz-hostile.ts'

export const LAST = { mantissa: 2565025, scale: 2 }
const QUOTED: ReadonlySet<string> = new Set(['X:Y', 'CME_MINI:NQ1!', '3267315'])

/** Knows three instruments, whatever it is asked for. */
const MARKET: Market = {
  names: [...QUOTED],
  quote: name =>
    QUOTED.has(name) ? { last: LAST, bid: LAST, bidSize: { mantissa: 3, scale: 0 } } : undefined,
  facts: name => (QUOTED.has(name) ? { kind: 'instrument', session: '', name, type: 'futures' } : undefined),
}

/** What a session is started with: everything that can be given, or nothing. */
export function sessionOptions(random: Random, { session, url }: Feed): SessionOptions {
  const isGuest = random.next() < 0.3
  const credentials = Object.fromEntries(session.credentials.map(({ key }) => [key, credentialOf(key)]))
  return {
    symbols: ['X:Y', 'NO:PE', pick(random, NAMES)],
    credentials: isGuest ? {} : credentials,
    options: Object.fromEntries((session.options ?? []).map(({ name, value }) => [name, value])),
    random: seededRandom(1),
    url: url === '' ? 'wss://127.0.0.1/' : url,
  }
}

/** Long enough that it stands nowhere by chance; an id is a number. */
export function credentialOf(key: string): string {
  return /Id$/.test(key) ? '71360943' : `eyJhbGciOiJub25l.${key}Secret0123456789.c2ln`
}

/** Anew for each: what a venue draws is its own. */
export function venueOptions(): ConversationOptions {
  return { market: MARKET, random: seededRandom(2), now: () => NOW }
}

/** 2025-12-18. */
export const NOW = 1_766_031_047_000_000
