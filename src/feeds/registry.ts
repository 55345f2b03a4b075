import type { Feed } from './feed.ts'
import { tradingviewSocket } from './tradingview-socket/index.ts'

/** Every wire that is known. A new one is a folder and a line here (docs/ADDING_A_FEED.md). */
export const FEEDS: readonly Feed[] = [tradingviewSocket]

export function feedNamed(name: string): Feed | undefined {
  return FEEDS.find(feed => feed.name === name)
}

/** The wire that a connection of a foreign capture belongs to. */
export function feedOf(url: string): Feed | undefined {
  return FEEDS.find(feed => feed.matches(url))
}
