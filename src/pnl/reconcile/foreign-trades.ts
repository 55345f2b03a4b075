import { absolute, type Decimal, decimalFromNumber, decimalFromText } from '../../model/decimal.ts'
import { excerpt, FeedtapeError, reasonOf } from '../../model/errors.ts'

/** A row of Trade Manager's lists, as its page fetches them. */
export interface ForeignTrade {
  readonly id: string
  readonly ticker: string
  readonly strategy: string | undefined
  readonly timeframe: string | undefined
  readonly side: 'long' | 'short'
  /** Above zero, but for a trade that is open with 0. */
  readonly quantity: Decimal
  readonly openPrice: Decimal
  /** Of a closed one. */
  readonly closedPrice: Decimal | undefined
  readonly profit: Decimal | undefined
  readonly place: string
}

/** Throws `bad-foreign`. */
export function readTrades(text: string, file: string): readonly ForeignTrade[] {
  let rows: unknown
  try {
    rows = JSON.parse(text)
  } catch (cause) {
    throw new FeedtapeError('bad-foreign', 'the file is not JSON', {
      where: file,
      expected: 'a list of trades, as Trade Manager’s page fetches it',
      found: reasonOf(cause),
      cause,
    })
  }
  const trades = (Array.isArray(rows) ? rows : []).map((row, index) => tradeOf(row, `${file} [${index}]`))
  if (trades.length > 0) return trades
  throw new FeedtapeError('bad-foreign', 'the list has no trades', {
    where: file,
    expected: 'at least one trade',
    found: 'none',
    next: 'leave the file out, or fetch it again',
  })
}

function tradeOf(row: unknown, where: string): ForeignTrade {
  const said: Readonly<Record<string, unknown>> = typeof row === 'object' && row !== null ? { ...row } : {}
  const decimal = (name: string): Decimal | undefined => decimalOf(said[name])
  const needed = (name: string): Decimal => {
    const value = decimal(name)
    if (value === undefined) throw notATrade(where, `${name} as a number`, said[name])
    return value
  }
  const direction = said['Direction']
  if (direction !== 'BUY' && direction !== 'SELL') throw notATrade(where, 'Direction BUY or SELL', direction)
  if (typeof said['Ticker'] !== 'string') throw notATrade(where, 'a Ticker', said['Ticker'])
  // An open one has none, or null.
  const isClosed = said['Closed_Price'] !== undefined && said['Closed_Price'] !== null
  const id = said['id']
  if (typeof id !== 'number' && (typeof id !== 'string' || id === '')) throw notATrade(where, 'an id', id)
  const size = needed(isClosed ? 'Position_Size' : 'Running_Pos')
  return {
    id: String(id),
    ticker: said['Ticker'],
    strategy: wordIn(said, 'Strat_Name'),
    timeframe: wordIn(said, 'TimeFrame'),
    side: direction === 'BUY' ? 'long' : 'short',
    quantity: absolute(size),
    openPrice: needed('Open_Price'),
    closedPrice: isClosed ? needed('Closed_Price') : undefined,
    profit: decimal('Profit'),
    place: where,
  }
}

function decimalOf(value: unknown): Decimal | undefined {
  if (typeof value === 'string') return decimalFromText(value)
  return typeof value === 'number' ? decimalFromNumber(value) : undefined
}

function wordIn(said: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = said[name]
  return typeof value === 'string' ? value : undefined
}

function notATrade(where: string, expected: string, found: unknown): FeedtapeError {
  return new FeedtapeError('bad-foreign', 'a row is no trade', {
    where,
    expected,
    found: excerpt(JSON.stringify(found) ?? 'nothing'),
    next: 'give the list as Trade Manager’s page fetches it',
  })
}
