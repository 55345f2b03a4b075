import type { Market } from '../market.ts'
import { columnNamed } from './columns.ts'
import { hasNoBook } from './markets.ts'
import { sayRow } from './write-row.ts'

/** Columns that the real one lists (metainfo of futures, the official field list) and that mean nothing to a quote. */
const OTHERS: ReadonlySet<string> = new Set([
  'name', 'typespecs', 'minmove2', 'market_cap_basic', 'open_interest', 'expiration', 'active_symbol', 'root',
  'product', 'update-time', 'update_time', 'time', 'last_bar_update_time', 'kind-delay', 'sector', 'country_code',
  'fundamental_currency_code', 'all_time_high', 'all_time_low', 'all_time_open', 'popularity_rank', 'RSI',
  'Recommend.All', 'premarket_close', 'postmarket_close', 'price_earnings_ttm',
]) // biome-ignore format: a list

/** `close|5`. `|1D` is known too, and gives null (tradingview.md 2). */
const TIMEFRAME = /\|(?:1|5|15|30|60|120|240|1D|1W|1M)$/

/** The first column that this market does not have. */
export function unknownColumn(columns: readonly string[], market: string): string | undefined {
  return columns.find(column => !isKnown(column, market))
}

function isKnown(column: string, market: string): boolean {
  const bare = column.replace(TIMEFRAME, '')
  if ((bare === 'bid' || bare === 'ask') && hasNoBook(market)) return false
  // Listed by no market (tradingview.md 2), though it is read where it comes.
  if (bare === 'pointvalue') return false
  return columnNamed(bare) !== undefined || OTHERS.has(bare)
}

/** Each column's value as JSON text; null is what it does not know. */
export function valuesOf(name: string, columns: readonly string[], market: Market): readonly string[] {
  const said = sayRow(market.quote(name) ?? {}, market.facts(name))
  return columns.map(column => {
    if (column === 'name') return JSON.stringify(name.slice(name.indexOf(':') + 1))
    return said.get(column) ?? 'null'
  })
}
