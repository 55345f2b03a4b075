import {
  add,
  type Decimal,
  decimalFromBigInt,
  decimalSign,
  maximum,
  minimum,
  multiplyDivide,
  negate,
  ONE,
  ZERO,
} from '../model/decimal.ts'
import type { Micros } from '../model/time.ts'
import type { TradeReport } from './trip.ts'

/** What trades of one currency came to. A trade counts as won by its gross; what fees make of that stands beside it. */
export interface Statistics {
  readonly closed: number
  readonly open: number
  /** Of the closed ones; `undefined` while money is not known. */
  readonly gross: Outcomes | undefined
  readonly net: Outcomes | undefined
  /** Closed, in part or whole, by somebody's word without a price: neither won nor lost. */
  readonly untold: number
  /** Of the winners and of the losers together: ≥ 0 and ≤ 0. */
  readonly profit: Decimal | undefined
  readonly loss: Decimal | undefined
  /** Least and most open P&L of any trade. */
  readonly worst: Decimal | undefined
  readonly best: Decimal | undefined
  /** Of all trades together, the open ones until now. */
  readonly time: Micros
}

export interface Outcomes {
  readonly winners: number
  readonly losers: number
  /** Neither. */
  readonly scratches: number
}

export function statisticsOf(trades: readonly TradeReport[]): Statistics {
  const closed = trades.filter(trade => trade.closed !== undefined)
  const told = closed.filter(({ units }) => units !== undefined)
  const gross = told.map(trade => trade.gross)
  return {
    closed: closed.length,
    open: trades.length - closed.length,
    gross: outcomesOf(gross),
    net: outcomesOf(told.map(trade => trade.net)),
    untold: closed.length - told.length,
    profit: foldOf(gross, (sum, money) => (decimalSign(money) > 0 ? add(sum, money) : sum)),
    loss: foldOf(gross, (sum, money) => (decimalSign(money) < 0 ? add(sum, money) : sum)),
    worst: foldOf(
      trades.map(trade => trade.worst),
      minimum,
    ),
    best: foldOf(
      trades.map(trade => trade.best),
      maximum,
    ),
    time: trades.reduce((sum, { time }) => sum + time, 0),
  }
}

/** Trades whose money can be added. Those of which nobody has said the currency are in no group. */
export function tradesByCurrency(
  trades: readonly TradeReport[],
): ReadonlyMap<string, readonly TradeReport[]> {
  const groups = new Map<string, TradeReport[]>()
  for (const trade of trades) {
    const currency = trade.currency?.value
    if (currency === undefined) continue
    const group = groups.get(currency)
    if (group === undefined) groups.set(currency, [trade])
    else group.push(trade)
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** For display, half to even: the exact figure is the fraction. `undefined` before anything was closed. */
export function winRatePercent({ winners, losers, scratches }: Outcomes): Decimal | undefined {
  const closed = winners + losers + scratches
  return closed === 0 ? undefined : multiplyDivide(count(winners), count(100), count(closed), 2)
}

const MONEY_DIGITS = 10

/** For display, at 10 digits. */
export function averageOf(money: Decimal | undefined, trades: number | undefined): Decimal | undefined {
  if (money === undefined || trades === undefined || trades === 0) return undefined
  return multiplyDivide(money, ONE, count(trades), MONEY_DIGITS)
}

/** What was won for each unit that was lost, for display, at 4 digits; `undefined` where nothing was lost. */
export function profitFactor({ profit, loss }: Statistics): Decimal | undefined {
  if (profit === undefined || loss === undefined || decimalSign(loss) === 0) return undefined
  return multiplyDivide(profit, ONE, negate(loss), 4)
}

function outcomesOf(money: readonly (Decimal | undefined)[]): Outcomes | undefined {
  const signs = money.map(value => (value === undefined ? undefined : decimalSign(value)))
  if (signs.includes(undefined)) return undefined
  const of = (sign: number): number => signs.filter(one => one === sign).length
  return { winners: of(1), losers: of(-1), scratches: of(0) }
}

function foldOf(
  money: readonly (Decimal | undefined)[],
  step: (sum: Decimal, value: Decimal) => Decimal,
): Decimal | undefined {
  let sum = ZERO
  for (const value of money) {
    if (value === undefined) return undefined
    sum = step(sum, value)
  }
  return sum
}

function count(value: number): Decimal {
  return decimalFromBigInt(BigInt(value), 0)
}
