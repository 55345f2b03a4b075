import type { Decimal } from '../model/decimal.ts'
import type { InstrumentFacts } from '../model/observation.ts'
import type { EpochMicros } from '../model/time.ts'
import { priceOf } from './book-walk.ts'
import { type ContractMonth, longSymbol, nextContracts, shortSymbol } from './contract-months.ts'
import { PRODUCTS, type Product } from './products.ts'

/** One thing that is quoted. A continuous symbol that rolls is one of its own beside its two contracts. */
export interface TruthMarket {
  /** TradingView’s full name for it. */
  readonly key: string
  readonly product: Product
  /** Without the exchange: `MNQ1!`, `AAPL`. */
  readonly ticker: string
  readonly facts: InstrumentFacts
  /** What is traded under the name; none behind a continuous symbol that rolls. */
  readonly contract?: TruthContract
  /** Of a continuous symbol that rolls: its contract before and after, by their keys. */
  readonly means?: readonly [before: string, after: string]
}

export interface TruthContract {
  /** `NQZ6`. */
  readonly symbol: string
  readonly expires: EpochMicros
  /** At the start. */
  readonly isFront: boolean
}

export type FactName = Exclude<keyof InstrumentFacts, 'kind' | 'session' | 'name'>

/** Of what is known of an instrument as much as a wire has words for. */
export function factsOf(facts: InstrumentFacts, names: readonly FactName[]): InstrumentFacts {
  const { kind, name, session } = facts
  const said = names.filter(one => facts[one] !== undefined).map(one => [one, facts[one]])
  return { kind, session, name, ...Object.fromEntries(said) }
}

export function tickOf({ product }: Pick<TruthMarket, 'product'>): Decimal {
  return priceOf(product, 1)
}

export function tickIn(markets: readonly TruthMarket[], key: string): Decimal {
  const found = markets.find(market => market.key === key)
  if (found === undefined) throw new Error(`no market ${key}`)
  return tickOf(found)
}

export function marketsOf(count: number, start: EpochMicros): readonly TruthMarket[] {
  const [front, next] = nextContracts(start)
  return PRODUCTS.slice(0, count).flatMap(product => {
    if (product.kind !== 'future') return [marketOf(product, product.root)]
    const continuous = `${product.root}1!`
    if (product.rolls !== true) {
      return [marketOf(product, continuous, { contract: contractOf(product, front, true) })]
    }
    const contracts = [front, next].map(month => longSymbol(product.root, month))
    const [before = '', after = ''] = contracts.map(symbol => keyOf(product, symbol))
    return [
      marketOf(product, longSymbol(product.root, front), { contract: contractOf(product, front, true) }),
      marketOf(product, longSymbol(product.root, next), { contract: contractOf(product, next, false) }),
      marketOf(product, continuous, { means: [before, after] }),
    ]
  })
}

function keyOf({ exchange }: Product, ticker: string): string {
  return `${exchange}:${ticker}`
}

function contractOf({ root }: Product, month: ContractMonth, isFront: boolean): TruthContract {
  return { symbol: shortSymbol(root, month), expires: month.expires, isFront }
}

function marketOf(
  product: Product,
  ticker: string,
  more: Pick<TruthMarket, 'contract' | 'means'> = {},
): TruthMarket {
  const { currency, description, exchange, kind, minMove, pointValue, priceScale } = product
  const key = keyOf(product, ticker)
  const facts: InstrumentFacts = {
    kind: 'instrument',
    session: '',
    name: key,
    symbol: key,
    exchange: EXCHANGES[exchange] ?? exchange,
    type: TYPES[kind],
    currency,
    description,
    pointValue,
    priceScale: { mantissa: priceScale, scale: 0 },
    minMove: { mantissa: minMove, scale: 0 },
    fractional: false,
  }
  return { key, product, ticker, facts, ...more }
}

const TYPES = { future: 'futures', share: 'stock', coin: 'spot' } as const

/** How TradingView shows an exchange whose prefix is another word. */
const EXCHANGES: Readonly<Record<string, string>> = { CME_MINI: 'CME', BINANCE: 'Binance' }
