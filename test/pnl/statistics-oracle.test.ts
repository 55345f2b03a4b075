import { Decimal as Oracle } from 'decimal.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InstrumentBook, readConfig } from '../../src/instruments/index.ts'
import { type GroupView, Ledger, type Matching } from '../../src/pnl/index.ts'
import { tradeDateOf, tradeDateRuleOf } from '../../src/pnl/trade-date.ts'
import { decimal, textOf } from './decimals.ts'

Oracle.set({ precision: 120, rounding: Oracle.ROUND_HALF_EVEN })

const HOUR = 3_600_000_000
const START = Date.UTC(2026, 2, 5, 3) * 1_000
const STALE_AFTER = 9 * HOUR
const POINT_VALUE = '12.5'

interface Event {
  readonly kind: 'quote' | 'buy' | 'sell'
  /** Before it, in hours. */
  readonly wait: number
  readonly size: string
  readonly price: string
}

interface Done extends Event {
  readonly at: number
}

/** 64ths, fractions of a coin, prices off any tick and below zero, and sums that no double holds. */
const price = fc.oneof(
  fc.integer({ min: -4_000, max: 8_000 }).map(n => new Oracle(n).dividedBy(64).toFixed()),
  fc.integer({ min: -40_000_000, max: 90_000_000 }).map(n => new Oracle(n).dividedBy(1_000_000).toFixed()),
)
const size = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map(String),
  fc.integer({ min: 1, max: 30_000 }).map(n => new Oracle(n).dividedBy(100_000_000).toFixed()),
  fc.constantFrom('90071992547409930', '0.00012345'),
)
const event: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom('quote', 'quote', 'buy', 'sell', 'sell', 'buy', 'quote'),
  wait: fc.constantFrom(0, 0, 1, 1, 2, 5, 10, 30),
  size,
  price,
})

/** What is held after these fills, from nothing: by lots that are worn off in front, or by one for all. */
function heldAfter(fills: readonly Done[], matching: Matching) {
  let lots: { rest: Oracle; cost: Oracle }[] = []
  let cash = new Oracle(0)
  for (const { kind, size, price } of fills) {
    let signed = new Oracle(size).times(kind === 'buy' ? 1 : -1)
    cash = cash.minus(signed.times(price))
    for (let first = lots[0]; first !== undefined; first = lots[0]) {
      if (first.rest.s === signed.s || signed.isZero()) break
      const closed = Oracle.min(signed.abs(), first.rest.abs()).times(first.rest.s)
      const share = first.cost.times(closed).dividedBy(first.rest)
      // A share of one lot at one price is exact; that of an average is rounded at 10^−12 or finer.
      const isRounded = matching === 'average' && !closed.equals(first.rest)
      const taken = isRounded ? share.toDecimalPlaces(Math.max(12, first.cost.decimalPlaces())) : share
      lots[0] = { rest: first.rest.minus(closed), cost: first.cost.minus(taken) }
      if (lots[0].rest.isZero()) lots.shift()
      signed = signed.plus(closed)
    }
    if (!signed.isZero()) lots.push({ rest: signed, cost: signed.times(price) })
    if (matching === 'average' && lots.length > 1) lots = [sumOf(lots)]
  }
  const { rest, cost } = sumOf(lots)
  return { quantity: rest, cost, realized: cash.plus(cost) }
}

function sumOf(lots: readonly { rest: Oracle; cost: Oracle }[]) {
  const nothing = { rest: new Oracle(0), cost: new Oracle(0) }
  return lots.reduce((a, b) => ({ rest: a.rest.plus(b.rest), cost: a.cost.plus(b.cost) }), nothing)
}

/** The open P&L at `at` of all that was done before it, in points × size; `undefined` without a price then. */
function openAt(done: readonly Done[], at: number, matching: Matching): Oracle | undefined {
  const { quantity, cost } = heldAfter(fillsOf(done), matching)
  if (quantity.isZero()) return new Oracle(0)
  const quote = done.findLast(({ kind }) => kind === 'quote')
  return quote === undefined || at - quote.at > STALE_AFTER
    ? undefined
    : quantity.times(quote.price).minus(cost)
}

function fillsOf(done: readonly Done[]): readonly Done[] {
  return done.filter(({ kind }) => kind !== 'quote')
}

interface Trade {
  readonly opened: number
  closed: number | undefined
  gross: Oracle
  worst: Oracle
  best: Oracle
}

/** Trade by trade, from the whole list: what was paid and got between two times at flat. */
function tradesOf(done: readonly Done[], matching: Matching): readonly Trade[] {
  const trades: Trade[] = []
  let open: Trade | undefined
  const see = (units: Oracle | undefined): void => {
    if (open === undefined || units === undefined) return
    open.worst = Oracle.min(open.worst, units)
    open.best = Oracle.max(open.best, units)
  }
  for (const [index, { kind, size, price, at }] of done.entries()) {
    if (kind !== 'quote') {
      const before = heldAfter(fillsOf(done.slice(0, index)), matching)
      const signed = new Oracle(size).times(kind === 'buy' ? 1 : -1)
      const closing =
        signed.s === before.quantity.s ? new Oracle(0) : Oracle.min(signed.abs(), before.quantity.abs())
      if (open !== undefined && !closing.isZero()) see(before.quantity.times(price).minus(before.cost))
      if (open !== undefined) {
        const own = signed.s === before.quantity.s ? signed : closing.times(signed.s)
        open.gross = open.gross.minus(own.times(price))
        if (closing.equals(before.quantity.abs())) {
          open.closed = at
          open = undefined
        }
      }
      const rest = signed.abs().minus(closing)
      if (open === undefined && !rest.isZero()) {
        const gross = rest.times(-signed.s).times(price)
        open = { opened: at, closed: undefined, gross, worst: new Oracle(0), best: new Oracle(0) }
        trades.push(open)
      }
    }
    see(openAt(done.slice(0, index + 1), at, matching))
  }
  return trades
}

/** Day by day: what is realized and open at each end of one. */
function daysOf(done: readonly Done[], end: number, matching: Matching, instrument: string) {
  const rule = tradeDateRuleOf(instrument)
  const dateOf = (at: number): string => tradeDateOf(rule, at)
  const days: { date: string; realized: string; openChange: string | undefined }[] = []
  let realized = new Oracle(0)
  let open: Oracle | undefined = new Oracle(0)
  for (let hour = START; hour <= end; hour += HOUR) {
    const isLast = hour + HOUR > end
    if (!isLast && dateOf(hour) === dateOf(hour + HOUR)) continue
    const border = isLast ? end : hour + HOUR
    const by = done.filter(({ at }) => (isLast ? at <= border : at < border))
    const after = heldAfter(fillsOf(by), matching)
    const then = openAt(by, border, matching)
    days.push({
      date: dateOf(hour),
      realized: after.realized.minus(realized).times(POINT_VALUE).toFixed(),
      openChange:
        open === undefined || then === undefined ? undefined : then.minus(open).times(POINT_VALUE).toFixed(),
    })
    realized = after.realized
    open = then
  }
  return days
}

function played(events: readonly Event[], matching: Matching, instrument: string) {
  const config = { [instrument]: { pointValue: POINT_VALUE, currency: 'USD' } }
  const book = new InstrumentBook(readConfig(JSON.stringify({ instruments: config }), 'c.json').instruments)
  let group: GroupView | undefined
  const view = { group: () => group }
  const ledger = new Ledger({
    chain: ['last'],
    staleAfter: STALE_AFTER,
    matching,
    instruments: book,
    quoteOf: () => (group === undefined ? undefined : view),
  })
  const done: Done[] = []
  let at = START
  for (const one of events) {
    at += one.wait * HOUR
    done.push({ ...one, at })
    ledger.advance(at)
    if (one.kind === 'quote') {
      group = { price: decimal(one.price), at, seq: 0, packet: 0 }
      ledger.quote(instrument, view, at)
    } else {
      const deal = { quantity: decimal(one.size), price: decimal(one.price) }
      ledger.fill({ instrument, side: one.kind, ...deal }, at)
    }
  }
  return { ledger, done, end: at }
}

const money = (units: Oracle): string => units.times(POINT_VALUE).toFixed()

test.each([
  ['average', 'CME_MINI:NQ1!'],
  ['fifo', 'CME_MINI:NQ1!'],
  ['average', 'BINANCE:BTCUSDT'],
  ['fifo', 'BINANCE:BTCUSDT'],
] as const)(
  'trades, excursions and days by %s of %s are what the list of events gives',
  (matching, instrument) => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 25 }), events => {
        const { ledger, done, end } = played(events, matching, instrument)
        const oracle = tradesOf(done, matching)
        const shown = ledger.trades().map(trade => ({
          opened: trade.opened,
          closed: trade.closed,
          gross: trade.closed === undefined ? undefined : textOf(trade.gross),
          worst: textOf(trade.worst),
          best: textOf(trade.best),
          time: trade.time,
        }))
        expect(shown).toEqual(
          oracle.map(({ opened, closed, gross, worst, best }) => ({
            opened,
            closed,
            gross: closed === undefined ? undefined : money(gross),
            worst: money(worst),
            best: money(best),
            time: (closed ?? end) - opened,
          })),
        )
        const ofDays = new Map(ledger.days().map(day => [day.date, day]))
        for (const { date, realized, openChange } of daysOf(done, end, matching, instrument)) {
          const day = ofDays.get(date)
          // A day of which nothing is said is one on which nothing was held.
          expect(textOf(day?.realized) ?? '0', date).toBe(realized)
          expect(day === undefined ? '0' : textOf(day.openChange), date).toBe(openChange)
        }
        const closed = oracle.filter(trade => trade.closed !== undefined)
        expect(ledger.trades().filter(trade => trade.closed !== undefined)).toHaveLength(closed.length)
      }),
      { numRuns: 80 },
    )
  },
)
