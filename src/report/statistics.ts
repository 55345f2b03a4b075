import { type Decimal, decimalText, roundSignificant } from '../model/decimal.ts'
import { durationText, type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import {
  averageOf,
  type Book,
  type BookReport,
  type ConvertedTotal,
  type DayReport,
  dayTotals,
  type Outcomes,
  statisticsOf,
  type TotalReport,
  type TradeReport,
  tradeDateText,
  tradesByCurrency,
  winRatePercent,
} from '../pnl/index.ts'
import { figureText, signedText } from './figures.ts'
import { tableLines } from './table.ts'

/** The trades of a book, its days where there are several or they were asked for, and where it fell deepest. */
export function statisticsSummary(
  { trades, days, totals }: Pick<BookReport, 'trades' | 'days' | 'totals'>,
  withDays: boolean,
  nameOf: (trade: TradeReport) => string,
): readonly string[] {
  if (trades.length === 0) return []
  const ofDays = dayTotals(days)
  const isOfSeveral = new Set(ofDays.map(({ date }) => date)).size > 1
  return [
    ...tradeTable(trades, nameOf),
    ...totals.flatMap(fallLine),
    ...(withDays || isOfSeveral ? ['', ...dayTable(ofDays)] : []),
  ]
}

function tradeTable(trades: readonly TradeReport[], nameOf: (trade: TradeReport) => string): string[] {
  const positions = new Map<string, TradeReport[]>()
  for (const trade of trades) {
    const name = nameOf(trade)
    const own = positions.get(name)
    if (own === undefined) positions.set(name, [trade])
    else own.push(trade)
  }
  const rows = [...positions].map(([name, own]) => rowOf(name, own))
  const ofCurrencies = [...tradesByCurrency(trades)].flatMap(([currency, own]) => {
    const isOfSeveral = new Set(own.map(nameOf)).size > 1
    return isOfSeveral ? [rowOf(`all in ${currency}`, own)] : []
  })
  const [left, right] = ['left', 'right'] as const
  return tableLines([...rows, ...ofCurrencies], {
    head: [
      'trades',
      'closed',
      'won',
      'won after fees',
      'average win',
      'average loss',
      'best open',
      'worst open',
      'in trade',
      '',
    ],
    align: [left, right, right, right, right, right, right, right, right, left],
  })
}

function rowOf(name: string, trades: readonly TradeReport[]): readonly string[] {
  const { closed, open, untold, gross, net, profit, loss, best, worst, time } = statisticsOf(trades)
  return [
    name,
    String(closed),
    rateText(gross),
    rateText(net),
    averageText(profit, gross?.winners),
    averageText(loss, gross?.losers),
    signedText(best),
    signedText(worst),
    durationText(time),
    [open > 0 ? 'one is open' : '', untold > 0 ? `${untold} closed without a price` : '']
      .filter(text => text !== '')
      .map(text => (open > 1 ? text.replace('one is', `${open} are`) : text))
      .join(', '),
  ]
}

/** Six digits tell a trader enough; `--stats` has ten behind the point. */
function averageText(money: Decimal | undefined, trades: number | undefined): string {
  const average = averageOf(money, trades)
  return signedText(average === undefined ? undefined : roundSignificant(average, 6))
}

/** `2 of 3, 66.67 %`. */
function rateText(outcomes: Outcomes | undefined): string {
  const percent = outcomes === undefined ? undefined : winRatePercent(outcomes)
  if (outcomes === undefined || percent === undefined) return '–'
  const { winners, losers, scratches } = outcomes
  return `${winners} of ${winners + losers + scratches}, ${decimalText(percent)} %`
}

function fallLine({ currency, best, peakToTrough, fall }: TotalReport): readonly string[] {
  if (fall === undefined || currency === undefined) return []
  const back = fall.recovered === undefined ? 'not recovered' : `recovered at ${clock(fall.recovered)}`
  const span = `from ${clock(fall.from)} to ${clock(fall.trough)}, ${back}`
  return [`net ${currency}: best ${signedText(best)} · deepest fall ${figureText(peakToTrough)}, ${span}`]
}

function dayTable(days: readonly DayReport[]): string[] {
  const rows = days.map(day => [
    day.date,
    signedText(day.realized),
    signedText(day.openChange),
    figureText(day.fees),
    signedText(day.net),
    day.currency ?? '?',
    day.by.map(tradeDateText).join('; '),
  ])
  const [left, right] = ['left', 'right'] as const
  return tableLines(rows, {
    head: ['day', 'realized', 'open P&L', 'fees', 'net', 'in', 'whose day'],
    align: [left, right, right, right, right, left, left],
  })
}

/** `converted to USD: net +12.5 (…) at EUR/USD 1.08`; where there is no sum, why. */
export function convertedLines({ currency, rates, reasons, ...figures }: ConvertedTotal): readonly string[] {
  const at = rates.map(({ from, to, rate }) => `${from}/${to} ${decimalText(rate)}`).join(', ')
  const by = at === '' ? '' : ` at ${at}`
  const named = (['unrealized', 'realized', 'fees', 'net'] as const).map(key => {
    return `${key} ${(key === 'fees' ? figureText : signedText)(figures[key])}`
  })
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`
  return [`converted to ${currency}${by}: ${named.join(' · ')}${why === '' ? '' : ` (no sum${why})`}`]
}

/** The equity curve at a moment of virtual time: the net of each currency. */
export function equityTick(at: EpochMicros, books: readonly Pick<Book, 'name' | 'ledger'>[]): string {
  const figures = books.flatMap(({ name, ledger }) => {
    const nets = ledger.nets().map(({ currency, net }) => `net ${netText(net)} ${currency ?? ''}`.trimEnd())
    return books.length > 1 ? [`${name}:`, ...nets] : nets
  })
  return `${isoFromEpochMicros(at).slice(0, 23)}  ${figures.join('  ·  ')}`
}

function netText(net: Decimal | undefined): string {
  return net === undefined ? 'unpriced' : signedText(net)
}

/** With its date: a run may be of days. */
function clock(at: EpochMicros): string {
  return isoFromEpochMicros(at).slice(0, 23).replace('T', ' ')
}
