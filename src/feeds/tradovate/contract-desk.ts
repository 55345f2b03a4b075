import { type Decimal, decimalText, multiplyDivide, ONE } from '../../model/decimal.ts'
import type { InstrumentFacts } from '../../model/observation.ts'
import type { Market } from '../feed.ts'
import { bodyOf, type ClientRequest, endpointKey } from './request.ts'
import { timeToWire } from './time.ts'
import { replyText } from './venue.ts'

/** A venue's contracts: every name of its market has an id, the same in each run and on each connection. */
export interface ContractDesk {
  idOf(name: string): number
  /** The market's name for a symbol or a contract id as a client writes it; `undefined`: no such instrument. */
  nameOf(symbol: unknown): string | undefined
  /** What there is of a contract: itself, its maturity and its product. */
  entitiesOf(name: string): Readonly<Record<'contract' | 'maturity' | 'product', object | undefined>>
  /** `contract/find`, `contract/item`, `contractMaturity/item`, `product/item`, `currency/item`; else `undefined`. */
  answer(request: ClientRequest): readonly string[] | undefined
}

export function createContractDesk(market: Market): ContractDesk {
  const names = new Map<number, string>()

  function idOf(name: string): number {
    let id = contractIdOf(name)
    while ((names.get(id) ?? name) !== name) id += 1
    names.set(id, name)
    return id
  }

  function nameOf(symbol: unknown): string | undefined {
    const known = typeof symbol === 'number' ? names.get(symbol) : undefined
    const name = known ?? (typeof symbol === 'number' ? String(symbol) : symbol)
    return typeof name === 'string' && market.quote(name) !== undefined ? name : undefined
  }

  function entityOf(kind: string, parameters: URLSearchParams): object | undefined {
    const id = Number(parameters.get('id') ?? Number.NaN)
    const name = kind === 'contract/find' ? nameOf(parameters.get('name')) : names.get(contractOf(kind, id))
    if (kind === 'currency/item') return CURRENCIES.find(one => one.id === id)
    return name === undefined ? undefined : entity(kind, idOf(name), name, market.facts(name))
  }

  return {
    idOf,
    nameOf,
    entitiesOf(name) {
      const of = (kind: string): object | undefined => entity(kind, idOf(name), name, market.facts(name))
      return {
        contract: of('contract/item'),
        maturity: of('contractmaturity/item'),
        product: of('product/item'),
      }
    },
    answer(request) {
      const kind = endpointKey(request.endpoint)
      if (!KINDS.has(kind)) return undefined
      // Parameters on the body line are not seen: 404 and "" (QV, 2026-09-21).
      const found = entityOf(kind, new URLSearchParams(request.query))
      return [found === undefined ? replyText(request.id, 404, '') : replyText(request.id, 200, found)]
    },
  }
}

const KINDS: ReadonlySet<string> = new Set([
  'contract/find',
  'contract/item',
  'contractmaturity/item',
  'product/item',
  'currency/item',
])

/** A maturity and a product of each contract's own: it is not known here which contracts share them. */
const MATURITIES = 1_000_000_000
const PRODUCTS = 2_000_000_000

export const CURRENCIES = [
  { id: 1, name: 'USD', symbol: '$' },
  { id: 2, name: 'EUR', symbol: '€' },
]

/** An id stands for itself; a name for a number of seven digits that follows from it (FNV-1a). */
function contractIdOf(name: string): number {
  if (/^[1-9]\d{0,8}$/.test(name)) return Number(name)
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  }
  return 1_000_000 + ((hash >>> 0) % 9_000_000)
}

function contractOf(kind: string, id: number): number {
  if (kind === 'contractmaturity/item') return id - MATURITIES
  return kind === 'product/item' ? id - PRODUCTS : id
}

function entity(
  kind: string,
  id: number,
  name: string,
  facts: InstrumentFacts | undefined,
): object | undefined {
  if (kind === 'contract/find' || kind === 'contract/item') {
    return {
      id,
      name: facts?.symbol ?? name,
      contractMaturityId: id + MATURITIES,
      status: 'DefinitionChecked',
    }
  }
  if (facts === undefined) return undefined
  return kind === 'product/item' ? productOf(id, facts) : maturityOf(id, facts)
}

function maturityOf(id: number, { expires, isFront }: InstrumentFacts): object {
  const expirationDate = expires === undefined ? undefined : timeToWire(expires)
  return { id: id + MATURITIES, productId: id + PRODUCTS, expirationDate, isFront }
}

function productOf(id: number, facts: InstrumentFacts): object {
  const { currency, description, fractional, pointValue, root } = facts
  const currencyId = CURRENCIES.find(one => one.name === currency)?.id
  const tickSize = tickOf(facts)
  return {
    id: id + PRODUCTS,
    name: root ?? '',
    currencyId,
    description,
    valuePerPoint: pointValue === undefined ? undefined : rawNumber(pointValue),
    priceFormatType: fractional === undefined ? undefined : fractional ? 'Fractional' : 'Decimal',
    tickSize: tickSize === undefined ? undefined : rawNumber(tickSize),
  }
}

function tickOf({ minMove, priceScale, tickSize }: InstrumentFacts): Decimal | undefined {
  if (tickSize !== undefined) return tickSize
  if (minMove === undefined || priceScale === undefined || priceScale.mantissa === 0) return undefined
  return multiplyDivide(minMove, ONE, priceScale, 12)
}

function rawNumber(value: Decimal): number {
  return Number(decimalText(value))
}

/** `{"symbol":"NQZ6"}` or `{"symbol":3267315}`. */
export function symbolOf(request: Pick<ClientRequest, 'body'>): unknown {
  return bodyOf(request)['symbol']
}
