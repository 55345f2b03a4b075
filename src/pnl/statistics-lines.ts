import { type Decimal, decimalText } from '../model/decimal.ts'
import type { JsonObject } from '../model/observation.ts'
import { type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import type { TotalReport } from './currency-total.ts'
import { sameLabel } from './label.ts'
import { bookKey } from './lines.ts'
import type { ConvertedTotal, Rate } from './rates.ts'
import type { BookReport } from './replay-options.ts'
import {
  averageOf,
  type Outcomes,
  profitFactor,
  type Statistics,
  statisticsOf,
  tradesByCurrency,
  winRatePercent,
} from './statistics.ts'
import { tradeDateText } from './trade-date.ts'
import { type DayReport, dayTotals } from './trade-date-totals.ts'
import type { TradeReport } from './trip.ts'

/** What `--stats` adds to the lines of a run: each trade, each day, and what they come to by position and currency. */
export function statisticsLines(
  { positions, trades, days, totals }: BookReport,
  book: string | undefined,
): readonly JsonObject[] {
  const ofPositions = positions.map(({ instrument, label }) => {
    const own = trades.filter(trade => trade.instrument === instrument && sameLabel(trade.label, label))
    return statisticsLine({ instrument, ...label, ...figuresOf(statisticsOf(own)) }, book)
  })
  const ofCurrencies = [...tradesByCurrency(trades)].map(([currency, own]) => {
    const total = totals.find(one => one.currency === currency)
    const curve = total === undefined ? {} : curveKeys(total)
    return statisticsLine({ currency, ...figuresOf(statisticsOf(own)), ...curve }, book)
  })
  return [
    ...trades.map(trade => tradeLine(trade, book)),
    ...dayTotals(days).map(day => dayLine(day, book)),
    ...ofPositions,
    ...ofCurrencies,
  ]
}

/** A point of the equity curve; `net` is null from where something is unpriced. */
export function equityLine(
  at: EpochMicros,
  currency: string | undefined,
  net: Decimal | undefined,
  book?: string,
): JsonObject {
  return {
    kind: 'equity',
    ...bookKey(book),
    at: isoFromEpochMicros(at),
    currency: currency ?? null,
    net: textOrNull(net),
  }
}

export function convertedLine(converted: ConvertedTotal, book?: string): JsonObject {
  const { currency, rates, reasons, unrealized, realized, fees, net } = converted
  return {
    kind: 'converted',
    ...bookKey(book),
    currency,
    rates: rates.map(rateJson),
    ...(reasons.length === 0 ? {} : { reasons: [...reasons] }),
    unrealized: textOrNull(unrealized),
    realized: textOrNull(realized),
    fees: textOrNull(fees),
    net: textOrNull(net),
  }
}

function rateJson({ from, to, rate }: Rate): JsonObject {
  return { from, to, rate: decimalText(rate) }
}

function tradeLine(trade: TradeReport, book: string | undefined): JsonObject {
  return {
    kind: 'trade',
    ...bookKey(book),
    instrument: trade.instrument,
    ...trade.label,
    side: trade.side,
    quantity: decimalText(trade.quantity),
    opened: isoFromEpochMicros(trade.opened),
    closed: trade.closed === undefined ? null : isoFromEpochMicros(trade.closed),
    timeMicros: trade.time,
    gross: textOrNull(trade.gross),
    fees: decimalText(trade.fees),
    net: textOrNull(trade.net),
    worst: textOrNull(trade.worst),
    best: textOrNull(trade.best),
    worstPoints: decimalText(trade.worstPoints),
    bestPoints: decimalText(trade.bestPoints),
    currency: trade.currency?.value ?? null,
    tradeDate: trade.tradeDate ?? null,
  }
}

function dayLine(day: DayReport, book: string | undefined): JsonObject {
  return {
    kind: 'day',
    ...bookKey(book),
    date: day.date,
    by: day.by.map(tradeDateText),
    currency: day.currency ?? null,
    instruments: [...day.instruments],
    realized: textOrNull(day.realized),
    fees: decimalText(day.fees),
    openChange: textOrNull(day.openChange),
    net: textOrNull(day.net),
  }
}

function statisticsLine(keys: JsonObject, book: string | undefined): JsonObject {
  return { kind: 'statistics', ...bookKey(book), ...keys }
}

function figuresOf(statistics: Statistics): JsonObject {
  const { closed, open, untold, gross, net, profit, loss, worst, best, time } = statistics
  return {
    closed,
    open,
    ...(untold === 0 ? {} : { untold }),
    ...outcomeKeys(gross),
    afterFees: net === undefined ? null : outcomeKeys(net),
    averageWin: textOrNull(averageOf(profit, gross?.winners)),
    averageLoss: textOrNull(averageOf(loss, gross?.losers)),
    profitFactor: textOrNull(profitFactor(statistics)),
    worst: textOrNull(worst),
    best: textOrNull(best),
    timeMicros: time,
  }
}

function outcomeKeys(outcomes: Outcomes | undefined): JsonObject {
  const { winners = null, losers = null, scratches = null } = outcomes ?? {}
  const percent = outcomes === undefined ? undefined : winRatePercent(outcomes)
  return { winners, losers, scratches, winRatePercent: textOrNull(percent) }
}

function curveKeys({ best, peakToTrough, fall }: TotalReport): JsonObject {
  return {
    bestNet: textOrNull(best),
    peakToTrough: textOrNull(peakToTrough),
    fall:
      fall === undefined
        ? null
        : {
            from: isoFromEpochMicros(fall.from),
            trough: isoFromEpochMicros(fall.trough),
            recovered: fall.recovered === undefined ? null : isoFromEpochMicros(fall.recovered),
          },
  }
}

function textOrNull(value: Decimal | undefined): string | null {
  return value === undefined ? null : decimalText(value)
}
