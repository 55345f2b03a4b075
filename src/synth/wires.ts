import type { Wire } from './wire.ts'
import { jsonSocketWire } from './wires/json-socket.ts'
import { tradeManagerWire } from './wires/trade-manager.ts'
import { tradingviewBrokerRestWire } from './wires/tradingview-broker-rest.ts'
import { tradingviewScannerWire } from './wires/tradingview-scanner.ts'
import { tradingviewSocketWire } from './wires/tradingview-socket.ts'
import { tradingviewSymbolSearchWire } from './wires/tradingview-symbol-search.ts'
import { tradovateMarketDataWire } from './wires/tradovate-market-data.ts'
import { tradovateUserDataWire } from './wires/tradovate-user-data.ts'

/** One for each feed of the registry. */
export const WIRES: readonly Wire[] = [
  tradingviewSocketWire,
  tradingviewScannerWire,
  tradingviewSymbolSearchWire,
  tradingviewBrokerRestWire,
  tradeManagerWire,
  tradovateMarketDataWire,
  tradovateUserDataWire,
  jsonSocketWire,
]

export function wireNamed(name: string): Wire | undefined {
  return WIRES.find(({ feed }) => feed.name === name)
}
