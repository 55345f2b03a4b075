import type { ChosenOptions, OptionSpec } from '../socket-plan.ts'
import { columnNamed } from './columns.ts'
import { columnsOf, hasNoBook, MARKETS, marketOf } from './markets.ts'

/** Left to the feed. */
const AUTO = 'auto'

/** `close`, `close|5`, `RSI[1]`, `Recommend.All`, `ADX+DI`, `last_bar_update_time`, `24h_vol|5`. */
const COLUMN = /^[A-Za-z0-9][\w.+\-[\]|]{0,63}$/
const MOST_COLUMNS = 100

export const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'market',
    meaning:
      'the market to ask: global, futures, crypto, forex, america, germany …; auto goes by the tickers',
    value: AUTO,
    refuse(value) {
      if (value === AUTO || MARKETS.has(value)) return undefined
      return `there is no such market; expected ${AUTO}, or one of ${[...MARKETS].join(', ')}`
    },
  },
  {
    name: 'columns',
    meaning:
      'what to ask of each ticker, by commas: close,volume,update_mode; auto is what is read of that market',
    value: AUTO,
    refuse: refuseColumns,
  },
]

function refuseColumns(value: string): string | undefined {
  if (value === AUTO) return undefined
  const columns = split(value)
  const wrong = columns.find(column => !COLUMN.test(column))
  if (wrong !== undefined) return `${JSON.stringify(wrong)} is no column: letters, digits and _ . + - [ ] |`
  if (new Set(columns).size < columns.length) return 'a column is named twice'
  return columns.length > MOST_COLUMNS ? `more than ${MOST_COLUMNS} columns` : undefined
}

function split(value: string): readonly string[] {
  return value.split(',').map(column => column.trim())
}

/** What is asked, of which market. */
export interface Choice {
  readonly market: string
  readonly columns: readonly string[]
}

/** `address` names a market itself where the user gave one with its path. */
export function choose(
  options: ChosenOptions | undefined,
  tickers: readonly string[],
  address: string | undefined,
): Choice {
  const chosen = options?.['market'] ?? AUTO
  const market = chosen === AUTO ? (marketIn(address) ?? marketOf(tickers)) : chosen
  const columns = options?.['columns'] ?? AUTO
  return { market, columns: columns === AUTO ? columnsOf(market) : split(columns) }
}

/** `global` in an address is the feed's own, and no choice. */
function marketIn(address: string | undefined): string | undefined {
  const [, market] = /^\/([a-z0-9_-]{1,40})\/scan$/.exec(URL.parse(address ?? '')?.pathname ?? '') ?? []
  return market === 'global' ? undefined : market
}

/** Why the choice will not give what one may expect of it, before it is asked. */
export function warningsOf({ market, columns }: Choice, tickers: readonly string[]): readonly string[] {
  const warnings: string[] = []
  const book = columns.filter(column => column === 'bid' || column === 'ask')
  if (hasNoBook(market) && book.length > 0) {
    warnings.push(`${NO_BOOK}: asked for ${book.join(' and ')} it answers nothing but an error`)
  }
  if (!columns.some(column => columnNamed(column)?.place === 'quote')) {
    warnings.push(
      `no quote will come of ${columns.join(', ')}: the last price is close, the day is open, high, low`,
    )
  }
  const bare = tickers.filter(ticker => !ticker.includes(':'))
  if (bare.length > 0) {
    warnings.push(`${bare.slice(0, 5).join(', ')}: the scanner knows EXCHANGE:NAME only`)
  }
  return warnings
}

export const NO_BOOK = 'there is no bid or ask in the futures market'
