import { type Decimal, decimalEquals, subtract } from '../model/decimal.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { MatchedFill, StatedPosition } from './matching.ts'
import type { Position } from './position.ts'
import { type TradeDateBy, type TradeDateRule, tradeDateOf, tradeDateRuleOf } from './trade-date.ts'
import { type PositionDay, type TradeDateBorder, TradeDateLog } from './trade-date-log.ts'
import { type Excursions, pointsOf, type TradeReport, type Trip, widened } from './trip.ts'
import { type Deal, TripLog } from './trip-log.ts'

interface Change {
  readonly before: Position
  readonly after: Position
}

/** What became of one position: its trades, and its days. Quotes leave it alone. */
export class PositionLog {
  readonly #trips = new TripLog()
  readonly #days = new TradeDateLog()
  #instrument: string | undefined = undefined
  #rule: TradeDateRule = 'utc'

  /** Whose day it is. */
  ruleOf(instrument: string): TradeDateRule {
    if (instrument !== this.#instrument) {
      this.#instrument = instrument
      this.#rule = tradeDateRuleOf(instrument)
    }
    return this.#rule
  }

  fill(
    change: Change & { readonly fill: MatchedFill },
    instrument: string,
    now: Micros,
    seen: Excursions,
  ): void {
    // The same fill again.
    if (decimalEquals(change.before.quantity, change.after.quantity)) return
    const rule = this.ruleOf(instrument)
    const deal = dealOf(change, rule, now)
    this.#trips.fill(deal, seen)
    this.#days.fill(deal, byOf(deal, rule), tradeDateOf(rule, now), rule)
  }

  state(
    { before, after, stated }: Change & { readonly stated: StatedPosition },
    instrument: string,
    now: Micros,
    seen: Excursions,
  ): void {
    this.#trips.state(before, after, now, seen)
    this.#days.state(before, after, stated.average, now, this.ruleOf(instrument))
  }

  charge(fee: Decimal, instrument: string, now: Micros, fill: MatchedFill | undefined): void {
    const rule = this.ruleOf(instrument)
    const at = fill?.at ?? now
    this.#trips.charge(fee, at, fill?.id)
    this.#days.charge(
      fee,
      fill?.tradeDate ?? tradeDateOf(rule, at),
      fill?.tradeDate === undefined ? rule : 'broker',
    )
  }

  restate(
    changes: readonly (Change & { readonly fill: MatchedFill })[],
    instrument: string,
    seen: Excursions,
  ): void {
    const rule = this.ruleOf(instrument)
    const deals = changes.map(change => dealOf(change, rule, 0))
    this.#trips.restate(deals, seen)
    this.#days.restate(deals, deal => byOf(deal, rule))
  }

  /** Its day ends. */
  pass(border: TradeDateBorder, open: Decimal | undefined, mark: Decimal | undefined): void {
    this.#days.pass(border, open, mark)
  }

  trades(
    now: EpochMicros,
    seen: Excursions,
    moneyOf: (units: Decimal) => Decimal | undefined,
  ): readonly Omit<TradeReport, 'instrument' | 'label' | 'currency'>[] {
    const { closed, open } = this.#trips
    const trips = open === undefined ? closed : [...closed, opened(open, seen)]
    return trips.map(trip => {
      const { side, opened, quantity, fees, excursions, tradeDate } = trip
      const units = trip.isTold ? trip.units : undefined
      const gross = units === undefined ? undefined : moneyOf(units)
      const { worst, best } = excursions
      return {
        side,
        opened,
        closed: trip.closed,
        time: Math.max((trip.closed ?? now) - opened, 0),
        quantity,
        units,
        gross,
        fees,
        net: gross === undefined ? undefined : subtract(gross, fees),
        worst: moneyOf(worst.units),
        best: moneyOf(best.units),
        worstPoints: pointsOf(worst),
        bestPoints: pointsOf(best),
        tradeDate,
      }
    })
  }

  days(open: Decimal | undefined, isNew: boolean): readonly PositionDay[] {
    return this.#days.days(open, isNew)
  }
}

function opened(trip: Trip, seen: Excursions): Trip {
  return { ...trip, excursions: widened(trip.excursions, seen) }
}

function dealOf(change: Change & { readonly fill: MatchedFill }, rule: TradeDateRule, now: Micros): Deal {
  const at = change.fill.at ?? now
  return { ...change, at, date: change.fill.tradeDate ?? tradeDateOf(rule, at) }
}

function byOf({ fill }: Deal, rule: TradeDateRule): TradeDateBy {
  return fill.tradeDate === undefined ? rule : 'broker'
}
