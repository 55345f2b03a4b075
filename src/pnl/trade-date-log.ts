import { add, type Decimal, decimalEquals, decimalSign, subtract, ZERO } from '../model/decimal.ts'
import type { EpochMicros } from '../model/time.ts'
import type { AverageWord } from './matching.ts'
import { FLAT, type Position, unrealizedAt } from './position.ts'
import { type TradeDateBy, type TradeDateRule, tradeDateOf } from './trade-date.ts'
import type { Deal } from './trip-log.ts'

/** One position's P&L of one day of its exchange, in price × quantity units; fees are money. */
export interface PositionDay {
  readonly date: string
  readonly by: readonly TradeDateBy[]
  /** By the fills that closed on that day; `undefined` where a part was closed without a price. */
  readonly realized: Decimal | undefined
  readonly fees: Decimal
  /** Of the open P&L, from the end of the day before; `undefined` where it is not known at one of the two borders. */
  readonly openChange: Decimal | undefined
}

/** Between two days of an exchange. */
export interface TradeDateBorder {
  readonly rule: TradeDateRule
  readonly ended: string
  readonly begun: string
}

interface Day {
  readonly date: string
  readonly by: Set<TradeDateBy>
  realized: Decimal
  fees: Decimal
  isTold: boolean
  /** Whether anything was done on it: else it is only the day that the rule gives. */
  isBooked: boolean
  /** False where the open cost was replaced by somebody's word. */
  isComparable: boolean
  /** False where a fill that closed has no time of its own. */
  isDated: boolean
  /** The open P&L at its end, and the mark there. */
  end: Decimal | undefined
  mark: Decimal | undefined
}

/** What one position made on each day of its exchange. */
export class TradeDateLog {
  readonly #days = new Map<string, Day>()
  /** Of the fills. A broker's may be later than the rule's: on a holiday the next day has begun. */
  #latest = ''
  /** Whether the first of all has a time of its own: else only who opened it knows of what day it is. */
  #isDated = false

  fill(deal: Deal, by: TradeDateBy, today: string, rule: TradeDateRule): void {
    if (deal.date > today) this.#leave(today, deal.before)
    if (this.#days.size === 0) this.#isDated = deal.fill.isUndated !== true
    const present = today > this.#latest ? today : this.#latest
    this.#book(deal, by)
    const isOpen = decimalSign(deal.after.quantity) !== 0
    if (deal.date < today && present === today && isOpen) this.#day(today, rule)
    // A fill of an earlier day that comes now: what was open at the borders between was another position.
    for (const day of this.#days.values())
      if (day.date >= deal.date && day.date < present) day.end = undefined
  }

  /** A rounded average is that of an opening now; a broker's may be of days ago, and its P&L is not of this day. */
  state(before: Position, after: Position, word: AverageWord, at: EpochMicros, rule: TradeDateRule): void {
    if (decimalEquals(before.quantity, after.quantity) && decimalEquals(before.openCost, after.openCost))
      return
    const today = tradeDateOf(rule, at)
    const day = this.#day(today < this.#latest ? this.#latest : today, rule)
    day.isBooked = true
    if (word === 'stated') day.isComparable = false
    const isClosed = decimalSign(before.quantity) !== 0 && !isMore(before.quantity, after.quantity)
    if (isClosed) day.isTold = false
  }

  charge(fee: Decimal, date: string, by: TradeDateBy): void {
    const day = this.#day(date, by)
    day.isBooked = true
    day.fees = add(day.fees, fee)
  }

  /** The position goes on over the end of a day, unless by its fills that day has ended already. */
  pass({ rule, ended, begun }: TradeDateBorder, end: Decimal | undefined, mark: Decimal | undefined): void {
    if (ended < this.#latest) return
    const day = this.#day(ended, rule)
    day.end = end
    day.mark = mark
    this.#day(begun, rule)
  }

  /** All fills anew: what was open at each border is valued at the mark that was there. */
  restate(deals: readonly Deal[], byOf: (deal: Deal) => TradeDateBy): void {
    const ends = new Map<string, Position>()
    this.#latest = ''
    this.#isDated = deals.every(({ fill }) => fill.isUndated !== true)
    for (const day of this.#days.values())
      Object.assign(day, { realized: ZERO, fees: ZERO, isTold: true, isDated: true })
    for (const deal of deals) {
      this.#book(deal, byOf(deal))
      ends.set(deal.date, deal.after)
    }
    const isInOrder = deals.every(({ date }, index) => date >= (deals[index - 1]?.date ?? ''))
    let position = FLAT
    for (const day of this.#sorted()) {
      position = ends.get(day.date) ?? position
      if (decimalSign(position.quantity) === 0) day.end = ZERO
      else day.end = isInOrder && day.mark !== undefined ? unrealizedAt(position, day.mark) : undefined
    }
  }

  /** In the order of time; `open` is the open P&L now. `isNew`: before the run nothing was held. */
  days(open: Decimal | undefined, isNew: boolean): readonly PositionDay[] {
    const days = this.#sorted()
    const isBegun = isNew || this.#isDated
    let start: Decimal | undefined = isBegun ? ZERO : undefined
    return days.map((day, index) => {
      const end = index === days.length - 1 ? open : day.end
      const isKnown = day.isComparable && start !== undefined && end !== undefined
      const openChange =
        isKnown && start !== undefined && end !== undefined ? subtract(end, start) : undefined
      start = end
      const { date, by, fees } = day
      const realized = day.isTold && (day.isDated || isNew) ? day.realized : undefined
      return { date, by: [...by], realized, fees, openChange }
    })
  }

  #book({ before, after, fill, date }: Deal, by: TradeDateBy): void {
    const day = this.#day(date, by)
    day.isBooked = true
    if (date > this.#latest) this.#latest = date
    day.realized = add(day.realized, subtract(after.realized, before.realized))
    const isClosing = decimalSign(before.quantity) !== 0 && !isMore(before.quantity, after.quantity)
    if (isClosing && before.isCostUnknown) day.isTold = false
    if (isClosing && fill.isUndated === true) day.isDated = false
    if (fill.fee !== undefined) day.fees = add(day.fees, fill.fee)
  }

  /** By a fill's date the rule's day is over: where nothing was done on it there was none, else nobody saw its end. */
  #leave(today: string, held: Position): void {
    const day = this.#days.get(today)
    if (day === undefined) return
    if (!day.isBooked) this.#days.delete(today)
    else if (decimalSign(held.quantity) !== 0) day.end = undefined
  }

  #sorted(): readonly Day[] {
    return [...this.#days.values()].sort((a, b) => (a.date < b.date ? -1 : 1))
  }

  #day(date: string, by: TradeDateBy): Day {
    let day = this.#days.get(date)
    if (day === undefined) {
      const nothing = { realized: ZERO, fees: ZERO, isTold: true, isBooked: false }
      const sure = { isComparable: true, isDated: true }
      // Flat at its end, unless it is passed.
      day = { date, by: new Set(), ...nothing, ...sure, end: ZERO, mark: undefined }
      this.#days.set(date, day)
    }
    day.by.add(by)
    return day
  }
}

/** Of the same side, and no less of it. */
function isMore(before: Decimal, after: Decimal): boolean {
  const sign = decimalSign(before)
  return decimalSign(after) === sign && decimalSign(subtract(after, before)) !== -sign
}
