import { InstrumentBook } from '../../instruments/index.ts'
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimalSign,
  decimalText,
  multiply,
  subtract,
  ZERO,
} from '../../model/decimal.ts'
import { FeedtapeError } from '../../model/errors.ts'
import type { EngineOptions } from '../replay-options.ts'
import type { Check, CheckDifference } from './check.ts'
import type { ForeignTrade } from './foreign-trades.ts'
import type { EmptyTrade } from './tape-words.ts'

/** Profits are told in cents, or exactly: how a half of one is rounded differs. */
const HALF_A_CENT: Decimal = { mantissa: 5, scale: 3 }

/**
 * The profit of closed trades from direction, size, prices and contract values, against what the list says. Throws
 * `bad-foreign` where there is nothing to say of any trade.
 */
export function checkTrades(
  { file, trades }: { readonly file: string; readonly trades: readonly ForeignTrade[] },
  { config }: EngineOptions,
): Check {
  const instruments = new InstrumentBook(config)
  const closed = trades.filter(trade => trade.closedPrice !== undefined)
  if (closed.length === 0 && !trades.some(isEmpty)) throw noneClosed(file)
  const unknown = new Set<string>()
  let sum = ZERO
  const differences = closed.flatMap((trade): CheckDifference[] => {
    const { pointValue } = instruments.resolve(trade.ticker)
    if (pointValue === undefined) unknown.add(trade.ticker)
    const ours = pointValue === undefined ? undefined : profitOf(trade, pointValue.value)
    if (ours !== undefined) sum = add(sum, ours)
    const { profit } = trade
    if (ours !== undefined && profit !== undefined && isSameToTheCent(ours, profit)) return []
    return [
      {
        what: `trade ${trade.id}, ${trade.ticker}`,
        ours: { text: ours === undefined ? 'point value unknown' : decimalText(ours) },
        theirs: { text: profit === undefined ? 'no profit' : decimalText(profit), place: trade.place },
        ...(ours === undefined || profit === undefined ? {} : { difference: subtract(profit, ours) }),
      },
    ]
  })
  const theirs = closed.reduce((total, { profit }) => add(total, profit ?? ZERO), ZERO)
  return {
    name: `${file} against its own prices`,
    compared: closed.length,
    differences,
    notes: [
      `profit ${decimalText(sum)} from prices, ${decimalText(theirs)} in the list`,
      ...[...unknown].map(ticker => `the point value of ${ticker} is not known: --config says it`),
      ...trades.filter(isEmpty).map(({ ticker, place }) => emptyNote(ticker, place)),
    ],
  }
}

/** Equality is a difference of nothing. */
function isSameToTheCent(one: Decimal, other: Decimal): boolean {
  return compare(absolute(subtract(one, other)), HALF_A_CENT) <= 0
}

function noneClosed(file: string): FeedtapeError {
  return new FeedtapeError('bad-foreign', 'no trade of the list is closed', {
    where: file,
    expected: 'trades with a Closed_Price: what an open one is worth its list does not say',
    found: 'open trades only',
    next: 'give Trade Manager’s list of closed trades',
  })
}

/** (closed − open) × size × point value; the other way round for a short one. */
function profitOf(
  { side, quantity, openPrice, closedPrice = openPrice }: ForeignTrade,
  pointValue: Decimal,
): Decimal {
  const gain = side === 'long' ? subtract(closedPrice, openPrice) : subtract(openPrice, closedPrice)
  return multiply(multiply(gain, quantity), pointValue)
}

function isEmpty({ closedPrice, quantity }: ForeignTrade): boolean {
  return closedPrice === undefined && decimalSign(quantity) === 0
}

/** Rows on the tapes that hold nothing: Trade Manager's page shows P&L on them all the same. */
export function emptyTradeNotes(empty: readonly EmptyTrade[]): readonly string[] {
  return empty.map(({ instrument, place }) => emptyNote(instrument, place))
}

/** `(|Running_Pos| || 1)` in its bundle main.ee199c5c.js. */
function emptyNote(instrument: string, place: string): string {
  return `${instrument}: Trade Manager counts a Running_Pos of 0 as 1 and shows P&L on it; here it is flat (${place})`
}
