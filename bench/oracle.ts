import { Decimal } from 'decimal.js'
import { decimalText } from '../src/model/decimal.ts'
import type { Input } from './input.ts'
import { type Outcome, POINT_VALUE } from './rows.ts'
import { START_MICROS } from './tape.ts'

type Fields = Readonly<Record<string, unknown>>

interface Quote {
  last?: number
  bid?: number
  ask?: number
  lastTime: number
}

/**
 * The same answers by the plainest way: JSON.parse of line and packet, maps, and a decimal library for the money.
 * It shares no code with what it judges. It knows no stale marks: in these inputs every price is renewed in time.
 */
export function oracleOf(input: Input): Required<Outcome> {
  const quotes = new Map<string, Quote>()
  const lastOfKey = new Map<string, number>()
  const ledger = new PlainLedger(input)
  for (const [index, line] of input.lines.entries()) {
    const frame = JSON.parse(line) as { readonly at: number; readonly dir: string; readonly text: string }
    ledger.fillUntil(START_MICROS + frame.at, quotes)
    if (frame.dir === 'out') continue
    const places = input.cuts[index] ?? []
    for (let cut = 0; cut < places.length; cut += 2) {
      const packet = JSON.parse(frame.text.slice(places[cut], places[cut + 1])) as Fields
      if (packet['m'] !== 'qsd') continue
      const [session, { n: name, v }] = packet['p'] as [string, { readonly n: string; readonly v: Fields }]
      const quote = quotes.get(name) ?? { lastTime: 0 }
      merge(quote, `${session}|${name}`, v, lastOfKey)
      if (QUOTED.some(key => key in v)) quotes.set(name, quote)
      ledger.mark(name, quote)
    }
  }
  return { quotes: [...quotes].map(quoteText), pnl: ledger.text() }
}

/** Which of a packet's keys make it speak of a quote. */
const QUOTED = ['lp', 'lp_time', 'bid', 'ask', 'volume']

function merge(quote: Quote, key: string, v: Fields, lastOfKey: Map<string, number>): void {
  const { lp, lp_time: time, bid, ask } = v
  if (typeof bid === 'number') quote.bid = bid
  if (typeof ask === 'number') quote.ask = ask
  if (typeof lp === 'number') lastOfKey.set(key, lp)
  const last = lastOfKey.get(key)
  if (last === undefined || (lp === undefined && time === undefined)) return
  if (typeof time === 'number') {
    if (time < quote.lastTime) return
    quote.lastTime = time
  }
  quote.last = last
}

interface Holding {
  quantity: Decimal
  cost: Decimal
  realized: Decimal
  fees: Decimal
  mark: Decimal | undefined
  net: Decimal | undefined
  worst: Decimal
}

const ZERO = new Decimal(0)

class PlainLedger {
  readonly #input: Input
  readonly #holdings = new Map<string, Holding>()
  #filled = 0
  #peak: Decimal | undefined
  #fall = ZERO

  constructor(input: Input) {
    this.#input = input
    Decimal.set({ precision: 60, rounding: Decimal.ROUND_HALF_EVEN })
  }

  fillUntil(at: number, quotes: ReadonlyMap<string, Quote>): void {
    for (;;) {
      const fill = this.#input.fills[this.#filled]
      if (fill === undefined || (fill.at ?? 0) > at) return
      this.#filled += 1
      const holding = this.#holdings.get(fill.instrument) ?? flat()
      this.#holdings.set(fill.instrument, holding)
      const before = holding.quantity.s * (holding.quantity.isZero() ? 0 : 1)
      apply(holding, fill.side === 'buy' ? 1 : -1, decimalText(fill.quantity), decimalText(fill.price))
      if (fill.fee !== undefined) holding.fees = holding.fees.plus(decimalText(fill.fee))
      if (before !== holding.quantity.s) holding.worst = ZERO
      this.#value(holding, quotes.get(fill.instrument))
    }
  }

  mark(name: string, quote: Quote): void {
    const holding = this.#holdings.get(name)
    if (holding !== undefined) this.#value(holding, quote)
  }

  text(): readonly string[] {
    const positions = [...this.#holdings].map(
      ([name, h]) =>
        `${name} ${h.quantity.toFixed()} mark ${shown(h.mark)} realized ${h.realized.times(POINT_VALUE).toFixed()} net ${shown(h.net)} worst ${h.worst.times(POINT_VALUE).toFixed()}`,
    )
    return [...positions, `INR net ${shown(this.#net())} peak to trough ${this.#fall.toFixed()}`]
  }

  #value(holding: Holding, quote: Quote | undefined): void {
    const side = holding.quantity.s > 0 ? quote?.bid : quote?.ask
    const price = side ?? quote?.last
    if (price === undefined) return
    holding.mark = new Decimal(price)
    const open = holding.mark.times(holding.quantity).minus(holding.cost)
    if (open.lessThan(holding.worst)) holding.worst = open
    holding.net = open.plus(holding.realized).times(POINT_VALUE).minus(holding.fees)
    const net = this.#net()
    if (net === undefined) return
    if (this.#peak === undefined || net.greaterThan(this.#peak)) this.#peak = net
    const fall = this.#peak.minus(net)
    if (fall.greaterThan(this.#fall)) this.#fall = fall
  }

  #net(): Decimal | undefined {
    let net = ZERO
    for (const holding of this.#holdings.values()) {
      if (holding.net === undefined) return undefined
      net = net.plus(holding.net)
    }
    return net
  }
}

function flat(): Holding {
  return {
    quantity: ZERO,
    cost: ZERO,
    realized: ZERO,
    fees: ZERO,
    mark: undefined,
    net: undefined,
    worst: ZERO,
  }
}

/** The average rule as decision 0003 names it; a fill beyond flat opens the remainder at its price. */
function apply(holding: Holding, sign: number, quantity: string, price: string): void {
  const signed = new Decimal(quantity).times(sign)
  const { quantity: held, cost } = holding
  const after = held.plus(signed)
  if (held.isZero() || held.s === signed.s) {
    holding.cost = cost.plus(signed.times(price))
  } else {
    const isPartial = signed.abs().lessThan(held.abs())
    const closed = isPartial ? signed.negated() : held
    const share = isPartial ? cost.times(closed).dividedBy(held).toDecimalPlaces(12) : cost
    holding.realized = holding.realized.plus(closed.times(price).minus(share))
    holding.cost = isPartial ? cost.minus(share) : after.times(price)
  }
  holding.quantity = after
}

function quoteText([name, { last, bid, ask }]: [string, Quote]): string {
  const price = (value: number | undefined) => shown(value === undefined ? undefined : new Decimal(value))
  return `${name} last ${price(last)} bid ${price(bid)} ask ${price(ask)}`
}

function shown(value: Decimal | undefined): string {
  return value === undefined ? 'none' : value.toFixed()
}
