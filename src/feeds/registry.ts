import type { Feed, SocketFeed } from './feed.ts'
import { jsonSocket } from './json-socket/index.ts'
import { tradeManager } from './trade-manager/index.ts'
import { tradingviewBrokerRest } from './tradingview-broker-rest/index.ts'
import { tradingviewScanner } from './tradingview-scanner/index.ts'
import { tradingviewSocket } from './tradingview-socket/index.ts'
import { tradingviewSymbolSearch } from './tradingview-symbol-search/index.ts'
import { tradovateMarketData } from './tradovate-market-data/index.ts'
import { tradovateUserData } from './tradovate-user-data/index.ts'

/** Every wire that is known. A new one is a folder and a line here (docs/ADDING_A_FEED.md). */
export const FEEDS: readonly Feed[] = [
  tradingviewSocket,
  tradingviewScanner,
  tradingviewSymbolSearch,
  tradingviewBrokerRest,
  tradeManager,
  tradovateMarketData,
  tradovateUserData,
  jsonSocket,
]

export function feedNamed(name: string): Feed | undefined {
  return FEEDS.find(feed => feed.name === name)
}

export const SOCKET_FEEDS: readonly SocketFeed[] = FEEDS.filter(feed => feed.transport === 'websocket')

export function socketFeedNamed(name: string): SocketFeed | undefined {
  return SOCKET_FEEDS.find(feed => feed.name === name)
}

/** The wire that a connection of a foreign capture belongs to. */
export function feedOf(url: string): Feed | undefined {
  return FEEDS.find(feed => feed.matches(url))
}
