import { Decimal as Oracle } from 'decimal.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InstrumentBook } from '../../src/instruments/index.ts'
import { type GroupView, Ledger } from '../../src/pnl/index.ts'
import { decimal, textOf } from './decimals.ts'

Oracle.set({ precision: 60, rounding: Oracle.ROUND_HALF_EVEN })

/** Point values 20, 2 and 1000, all in dollars. */
const INSTRUMENTS = [
  ['CME_MINI:NQ1!', 20],
  ['CME_MINI:MNQ1!', 2],
  ['NYMEX:CL1!', 1000],
] as const
const STALE_AFTER = 20

interface Event {
  readonly which: number
  readonly wait: number
  readonly size: number
  readonly price: string
  readonly kind: 'quote' | 'buy' | 'sell'
}

const event: fc.Arbitrary<Event> = fc.record({
  which: fc.nat({ max: INSTRUMENTS.length - 1 }),
  wait: fc.nat({ max: 8 }),
  size: fc.integer({ min: 1, max: 3 }),
  price: fc.integer({ min: -200, max: 2_000 }).map(ticks => new Oracle(ticks).dividedBy(4).toFixed()),
  kind: fc.constantFrom('quote', 'quote', 'quote', 'quote', 'buy', 'sell'),
})

/** Recomputes everything from the whole state at each event: no differences, no caches. */
class OracleLedger {
  readonly #held = INSTRUMENTS.map(() => ({ quantity: new Oracle(0), cash: new Oracle(0), isOpened: false }))
  readonly #quotes = new Map<number, { price: string; at: number }>()
  readonly #start: number
  #peak: Oracle | undefined
  fall: Oracle | undefined

  constructor(start: number) {
    this.#start = start
  }

  apply({ which, kind, size, price }: Event, at: number): void {
    const held = this.#held[which]
    if (held === undefined) throw new Error('no such instrument')
    if (kind === 'quote') {
      this.#quotes.set(which, { price, at })
      if (!held.isOpened) return
    } else {
      const signed = kind === 'buy' ? size : -size
      // The first position of all, opened within the run: until then net was 0.
      if (at > this.#start && !this.#held.some(({ isOpened }) => isOpened)) this.#peak = new Oracle(0)
      held.isOpened = true
      held.quantity = held.quantity.plus(signed)
      held.cash = held.cash.minus(new Oracle(price).times(signed))
    }
    this.#observe(at)
  }

  /** What was paid and got, and what is held at its mark: realized + unrealized, whatever the matching. */
  net(at: number): Oracle | undefined {
    let net = new Oracle(0)
    for (const [which, { quantity, cash, isOpened }] of this.#held.entries()) {
      if (!isOpened) continue
      const quote = this.#quotes.get(which)
      const isPriced = quote !== undefined && at - quote.at <= STALE_AFTER
      if (!quantity.isZero() && !isPriced) return undefined
      const worth = quantity.isZero() ? 0 : quantity.times(quote?.price ?? Number.NaN)
      net = net.plus(cash.plus(worth).times(INSTRUMENTS[which]?.[1] ?? Number.NaN))
    }
    return net
  }

  #observe(at: number): void {
    const net = this.net(at)
    if (net === undefined) return
    this.#peak = this.#peak === undefined ? net : Oracle.max(this.#peak, net)
    this.fall = Oracle.max(this.fall ?? 0, this.#peak.minus(net))
  }
}

test('net and its fall are what recomputing everything at each event gives', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 120 }), fc.constantFrom(-1, 6, 20), (events, start) => {
      const groups = new Map<string, GroupView>()
      const viewOf = (instrument: string) => ({ group: () => groups.get(instrument) })
      const ledger = new Ledger({
        chain: ['last'],
        staleAfter: STALE_AFTER,
        instruments: new InstrumentBook(),
        quoteOf: instrument => (groups.has(instrument) ? viewOf(instrument) : undefined),
      })
      const oracle = new OracleLedger(start)
      ledger.begin(start)
      let at = 0
      for (const one of events) {
        at += one.wait
        const [instrument] = INSTRUMENTS[one.which] ?? ['']
        ledger.advance(at)
        oracle.apply(one, at)
        if (one.kind === 'quote') {
          groups.set(instrument, { price: decimal(one.price), at, seq: at, packet: 0 })
          ledger.quote(instrument, viewOf(instrument), at)
        } else {
          const values = { quantity: decimal(String(one.size)), price: decimal(one.price) }
          ledger.fill({ instrument, side: one.kind, ...values }, at)
        }
        const [total] = ledger.totals()
        if (total === undefined) continue
        expect(textOf(total.peakToTrough)).toBe(oracle.fall?.toFixed())
        expect(textOf(total.net)).toBe(oracle.net(at)?.toFixed())
      }
    }),
    { numRuns: 500 },
  )
})
