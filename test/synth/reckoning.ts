import { type Decimal, decimalText } from '../../src/model/decimal.ts'
import type { QuoteFields } from '../../src/model/quote.ts'
import type { MarkRule, Matching } from '../../src/pnl/index.ts'
import { quotesOver, type Truth } from '../../src/synth/index.ts'
import { type Exact, exact, exactOf, minus, NOTHING, over, plus, signOf, sizeOf, times } from './exact.ts'
import { Lots } from './lots.ts'
import type { Rules, Standing } from './standings.ts'
import type { Trader, TraderFill } from './traders.ts'

/** What a position has to be at one moment. */
export interface Due {
  readonly figures: Readonly<Partial<Record<Exclude<keyof Standing, 'refused'>, Exact>>>
  readonly refused?: string
  /** How far its cost may be off where something is rounded, in price × quantity. */
  readonly slack: Exact
  readonly pointValue: Exact
  /** Which prices its mark is made of. */
  readonly from: readonly ('last' | 'bid' | 'ask')[]
}

/** What a trader has at each settled moment: by the fills, by the truth’s own prices, and by fractions. */
export function reckon(truth: Truth, { fills }: Trader, rules: Rules): readonly ReadonlyMap<string, Due>[] {
  const quotes = quotesOver(truth)
  const values = new Map(truth.markets.map(({ key, product }) => [key, of(product.pointValue)]))
  const lots = new Map<string, Lots>()
  let next = 0
  return truth.settled.map(({ at }) => {
    for (let fill = fills[next]; fill !== undefined && fill.at <= at; fill = fills[next]) {
      deal(lots, fill, rules.matching)
      next += 1
    }
    const standing = quotes(at)
    return new Map(
      [...lots].map(([market, open]) => {
        return [market, dueOf(open, standing.get(market) ?? {}, values.get(market) ?? NOTHING, rules.rule)]
      }),
    )
  })
}

/** The same position where there is no price for it. */
export function unpricedDue(due: Due, refused: string): Due {
  const { mark: _, net: __, unrealized: ___, ...figures } = due.figures
  return { ...due, figures, refused }
}

function deal(
  lots: Map<string, Lots>,
  { fee, market, price, quantity, side }: TraderFill,
  matching: Matching,
) {
  const open = lots.get(market) ?? new Lots(matching)
  lots.set(market, open)
  const size = of(quantity)
  open.deal({ quantity: side === 'buy' ? size : minus(NOTHING, size), price: of(price), fee: of(fee) })
}

function dueOf(lots: Lots, quote: QuoteFields, pointValue: Exact, rule: MarkRule): Due {
  const { cost, fees, quantity } = lots
  const realized = times(lots.realized, pointValue)
  const { slack } = lots
  if (signOf(quantity) === 0) {
    const net = minus(realized, fees)
    return {
      figures: { quantity, cost, fees, realized, unrealized: NOTHING, net },
      slack,
      pointValue,
      from: [],
    }
  }
  const from = sidesOf(rule, signOf(quantity) > 0)
  const held = { quantity, cost, fees, realized, average: over(cost, quantity) }
  const prices = from.flatMap(side => {
    const price = quote[side]
    return price == null ? [] : [of(price)]
  })
  if (prices.length < from.length) return { figures: held, slack, pointValue, from, refused: 'no price now' }
  const mark = over(prices.reduce(plus), exact(BigInt(prices.length)))
  const unrealized = times(minus(times(quantity, mark), cost), pointValue)
  const net = minus(plus(realized, unrealized), fees)
  return { figures: { ...held, mark, unrealized, net }, slack, pointValue, from }
}

function sidesOf(rule: MarkRule, isLong: boolean): Due['from'] {
  switch (rule) {
    case 'last':
      return ['last']
    case 'exit-side':
      return [isLong ? 'bid' : 'ask']
    case 'mid':
      return ['bid', 'ask']
    default:
      return rule satisfies never
  }
}

function of(value: Decimal): Exact {
  return exactOf(decimalText(value))
}

/** The same position where whoever tells its average rounds it to so many digits. */
export function roughDue(due: Due, digits: number): Due {
  const { quantity = NOTHING } = due.figures
  return { ...due, slack: times(sizeOf(quantity), exact(1n, 2n * 10n ** BigInt(digits))) }
}

/** As far as the ledger shows an average. */
const SHOWN = exact(1n, 2n * 10n ** 10n)

/** So far the ledger’s figure may be from it. */
export function toleranceOf(figure: keyof Due['figures'], { figures, pointValue, slack }: Due): Exact {
  const { quantity = NOTHING } = figures
  switch (figure) {
    case 'quantity':
    case 'fees':
    case 'mark':
      return NOTHING
    case 'cost':
      return slack
    case 'average':
      return signOf(quantity) === 0 ? NOTHING : plus(SHOWN, over(slack, sizeOf(quantity)))
    case 'realized':
    case 'unrealized':
    case 'net':
      return times(slack, pointValue)
    default:
      return figure satisfies never
  }
}
