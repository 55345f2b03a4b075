import { InstrumentBook, type InstrumentConfig } from '../src/instruments/index.ts'
import { add, type Decimal, decimalEquals, multiply, subtract, ZERO } from '../src/model/decimal.ts'
import { type Random, randomInteger, seededRandom } from '../src/model/random.ts'
import { type GroupView, Ledger, type QuoteView } from '../src/pnl/index.ts'
import { grouped } from '../src/report/table.ts'
import type { Bench } from './bench.ts'
import { type Cost, costOf, goal, interleaved, median, printRows, ratios, spread } from './measure.ts'

/** What quotes come of: one instrument, all in turn, or all so seldom that marks grow stale between them. */
type Flow = 'one' | 'all' | 'stale'

interface Row {
  readonly positions: number
  readonly flow: Flow
  /** Of the cost of a quote where one position is held. */
  readonly target?: number
}

const ROWS: readonly Row[] = [
  { positions: 1, flow: 'one' },
  { positions: 100, flow: 'one', target: 1.5 },
  { positions: 10_000, flow: 'one', target: 1.5 },
  { positions: 100, flow: 'all' },
  { positions: 10_000, flow: 'all' },
  { positions: 100, flow: 'stale' },
  { positions: 10_000, flow: 'stale' },
]
const STALE_AFTER = 60_000_000
const POINT_VALUE: Decimal = { mantissa: 2, scale: 0 }
const CONFIG: InstrumentConfig = { pointValue: POINT_VALUE, currency: 'USD' }
const ENTRY: Decimal = { mantissa: 20_000, scale: 0 }
const ONE: Decimal = { mantissa: 1, scale: 0 }

/** Quotes into the ledger alone: no tape, no wire, no lines. */
export const ledger: Bench = {
  name: 'ledger',
  summary: 'ledger updates on one core, for 1, 100 and 10,000 open positions',
  isDefault: true,
  async run({ frames, rounds = 5, seed }) {
    const updates = frames * 5
    let isRight = true
    const costs = await interleaved(
      ROWS.map(row => async () => {
        const { quote, isExact } = prepared(row, seededRandom(seed), updates)
        const cost = await costOf(quote)
        if (!isExact()) {
          isRight = false
          console.error(`ledger, ${nameOf(row)}: not what recomputing gives`)
        }
        return cost
      }),
      rounds,
    )
    printRows(
      `ledger: ${grouped(updates)} quotes that move a mark; ${rounds} rounds`,
      ['', 'updates/s', 'cost of one: times the first', 'min–max', 'target'],
      ROWS.map((row, index) => cells(row, costs[index] ?? [], costs[0] ?? [], updates)),
    )
    return isRight
  },
}

function prepared({ positions, flow }: Row, random: Random, updates: number) {
  const names = Array.from({ length: positions }, (_, index) => `SYNTHETIC:NAME${index}`)
  const views = names.map(() => new View())
  const book = new InstrumentBook(new Map(names.map(name => [name, CONFIG])))
  const byName = new Map(names.map((name, index) => [name, views[index]]))
  const own = new Ledger({
    chain: ['last'],
    staleAfter: STALE_AFTER,
    instruments: book,
    quoteOf: name => byName.get(name),
  })
  for (const [index, instrument] of names.entries()) {
    views[index]?.take(ENTRY.mantissa, 0)
    own.fill({ instrument, side: 'buy', quantity: ONE, price: ENTRY }, 0)
  }
  // As often stale as not where a name is quoted once in the time that its mark lives.
  const step = flow === 'stale' ? Math.round(STALE_AFTER / positions) : 10
  const which = Array.from({ length: updates }, () =>
    flow === 'one' ? 0 : randomInteger(random, 0, positions - 1),
  )
  const prices = Array.from({ length: updates }, () => randomInteger(random, 19_000, 21_000))
  let at = 0
  const quoteFrom = (first: number): void => {
    for (let index = first; index < updates; index += 1) {
      const one = which[index] ?? 0
      const view = views[one]
      if (view === undefined) throw new Error('an index outside the list')
      at += step
      if (at >= own.nextDue) own.advance(at)
      view.take(prices[index] ?? 0, at)
      own.quote(names[one] ?? '', view, at)
    }
  }
  // What making so many positions leaves to be collected is no quote's cost.
  quoteFrom(Math.floor(updates * 0.8))
  return {
    quote: () => quoteFrom(0),
    isExact(): boolean {
      const isStale = views.some(view => at > view.at + STALE_AFTER)
      let net = ZERO
      for (const view of views) net = add(net, multiply(subtract(view.price, ENTRY), POINT_VALUE))
      const found = own.totals()[0]?.net
      return isStale ? found === undefined : found !== undefined && decimalEquals(found, net)
    },
  }
}

class View implements QuoteView {
  at = 0
  price: Decimal = ZERO
  #group: GroupView = { price: ZERO, at: 0, seq: 0, packet: 0 }

  take(price: number | bigint, at: number): void {
    this.at = at
    this.price = { mantissa: price, scale: 0 }
    this.#group = { price: this.price, at, seq: 0, packet: 0 }
  }

  group(): GroupView {
    return this.#group
  }
}

function cells(row: Row, own: readonly Cost[], first: readonly Cost[], updates: number): readonly string[] {
  // One thread that computes: its CPU time is what others on the machine disturb least.
  const seconds = (costs: readonly Cost[]): readonly number[] => costs.map(cost => cost.cpu)
  const times = ratios(seconds(own), seconds(first))
  const { target } = row
  return [
    nameOf(row),
    grouped(Math.round(updates / median(seconds(own)))),
    ...spread(times),
    target === undefined ? '' : goal(`at most ${target}`, median(times) <= target),
  ]
}

function nameOf({ positions, flow }: Row): string {
  const held = `${grouped(positions)} ${positions === 1 ? 'position' : 'positions'}`
  if (positions === 1) return held
  return { one: `${held}, quotes of one`, all: `${held}, quotes of all`, stale: `${held}, growing stale` }[
    flow
  ]
}
