import type { PositionObservation } from '../../model/account.ts'
import { absolute, type Decimal, decimalSign, decimalText } from '../../model/decimal.ts'
import type { Observation } from '../../model/observation.ts'
import { listText, numberText, objectText, stringText } from './python-json.ts'
import { NO_ACCOUNT } from './read-trades.ts'

/** Rows as the page's list of open trades has them, with the keys that a position can fill. */
export function writeTrades(observations: readonly Observation[]): string | undefined {
  const rows: string[] = []
  for (const observation of observations) {
    const row = observation.kind === 'position' ? rowText(observation) : undefined
    if (row === undefined) return undefined
    rows.push(row)
  }
  return objectText([
    ['type', '"TRADES"'],
    ['data', listText(rows)],
  ])
}

function rowText(position: PositionObservation): string | undefined {
  const { id, name, strategy, timeframe, quantity, averagePrice, account } = position
  const size = numberText(absolute(quantity))
  const isFlat = decimalSign(quantity) === 0
  if (!isOfRow(position) || size === undefined || isFlat !== (averagePrice === undefined)) return undefined
  return objectText([
    ['id', id],
    ...(strategy === undefined ? [] : [['Strat_Name', stringText(strategy)] as const]),
    ['Ticker', stringText(name)],
    ...(timeframe === undefined ? [] : [['TimeFrame', stringText(timeframe)] as const]),
    ['Direction', decimalSign(quantity) < 0 ? '"SELL"' : '"BUY"'],
    ...(averagePrice === undefined ? [] : [['Open_Price', stringText(priceText(averagePrice))] as const]),
    ['Running_Pos', size],
    ['Account', stringText(account ?? NO_ACCOUNT)],
  ])
}

function isOfRow(position: PositionObservation): boolean {
  const { session, change, id, name, account, time, tradeDate, openPnl, realizedPnl, day } = position
  const isSilent = [time, tradeDate, openPnl, realizedPnl, day].every(value => value === undefined)
  const isWhole = /^(?:0|-?[1-9]\d{0,90})$/.test(id)
  const price = position.averagePrice
  // As text, 1e+100 is "none" too.
  const isPriced = price === undefined || Number(decimalText(price)) !== 1e100
  return (
    session === '' &&
    change === 'snapshot' &&
    isSilent &&
    isWhole &&
    name !== '' &&
    isPriced &&
    account !== '' &&
    account !== NO_ACCOUNT
  )
}

/** `6856.50`: two digits at least, as the page's lists have them. */
function priceText(price: Decimal): string {
  const text = decimalText(price)
  const digits = price.scale === 0 ? 0 : price.scale
  if (digits >= 2) return text
  return digits === 0 ? `${text}.00` : `${text}0`
}
