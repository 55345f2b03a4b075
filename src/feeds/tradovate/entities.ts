import type {
  BalanceObservation,
  EntityChange,
  FeeObservation,
  FillObservation,
  FillPairObservation,
  OrderObservation,
  PositionObservation,
} from '../../model/account.ts'
import { add, type Decimal, decimalSign, ZERO } from '../../model/decimal.ts'
import type { InstrumentFacts, Observation } from '../../model/observation.ts'
import type { EntityBook } from './entity-book.ts'
import { type EntityFields, said } from './entity-fields.ts'
import { readTradedDay } from './traded-day.ts'

/** What one entity of a type says. `book` learns from it, and tells whose it is where the entity does not. */
type Read = (fields: EntityFields, change: EntityChange, book: EntityBook) => readonly Observation[]

const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['fill', (fields, change, book) => one(readFill(fields, change, book))],
  ['fillPair', (fields, change, book) => one(readFillPair(fields, change, book))],
  ['fillFee', readFees],
  ['position', (fields, change, book) => one(readPosition(fields, change, book))],
  ['order', (fields, change, book) => one(readOrder(fields, change, book))],
  ['orderVersion', (fields, change, book) => one(readOrderVersion(fields, change, book))],
  ['cashBalance', (fields, change) => one(readBalance(fields, change))],
  ['contract', readContract],
  ['contractMaturity', (fields, _, book) => readMaturity(fields, book)],
  ['product', (fields, _, book) => readProduct(fields, book)],
  ['currency', (fields, _, book) => readCurrency(fields, book)],
])

/** How entities of this type are read; `undefined` where they give no observation. */
export function entityReader(type: string): Read | undefined {
  return READERS.get(type)
}

function one(observation: Observation | undefined): readonly Observation[] {
  return observation === undefined ? [] : [observation]
}

const SESSION = ''

/** A fill has no accountId: its order has, where this connection has told of it. */
function readFill(fields: EntityFields, change: EntityChange, book: EntityBook): FillObservation | undefined {
  const id = fields.id('id')
  const order = fields.id('orderId')
  const name = fields.id('contractId')
  const side = fields.side('action')
  const quantity = fields.quantity('qty')
  const price = fields.decimal('price')
  const { account } = book.whoseOrder(order)
  if (id !== undefined && name !== undefined) book.learnFill(id, { name, ...said({ account }) })
  if (
    id === undefined ||
    name === undefined ||
    side === undefined ||
    quantity === undefined ||
    price === undefined
  ) {
    return fields.lacks({ id, contractId: name, action: side, qty: quantity, price })
  }
  const time = fields.time('timestamp')
  const tradeDate = fields.tradeDate('tradeDate')
  const isActive = fields.flag('active')
  const known = said({ account, order, time, tradeDate, isActive })
  return { kind: 'fill', session: SESSION, name, change, id, side, quantity, price, ...known }
}

/** A pair has neither contract nor account: its position has, and its fills have the contract. */
function readFillPair(
  fields: EntityFields,
  change: EntityChange,
  book: EntityBook,
): FillPairObservation | undefined {
  const id = fields.id('id')
  const position = fields.id('positionId')
  const buyFill = fields.id('buyFillId')
  const sellFill = fields.id('sellFillId')
  const quantity = fields.quantity('qty')
  const buyPrice = fields.decimal('buyPrice')
  const sellPrice = fields.decimal('sellPrice')
  if (
    id === undefined ||
    buyFill === undefined ||
    sellFill === undefined ||
    quantity === undefined ||
    buyPrice === undefined ||
    sellPrice === undefined
  ) {
    return fields.lacks({ id, buyFillId: buyFill, sellFillId: sellFill, qty: quantity, buyPrice, sellPrice })
  }
  const ofPosition = book.whosePosition(position)
  const { name, account } = ofPosition.name === '' ? book.whoseFill(buyFill) : ofPosition
  const known = said({ account, position, isActive: fields.flag('active') })
  const fills = { buyFill, sellFill, quantity, buyPrice, sellPrice }
  return { kind: 'fill-pair', session: SESSION, name, change, id, ...fills, ...known }
}

const FEE_PARTS: readonly (readonly [amount: string, currency: string])[] = [
  ['clearingFee', 'clearingCurrencyId'],
  ['exchangeFee', 'exchangeCurrencyId'],
  ['nfaFee', 'nfaCurrencyId'],
  ['brokerageFee', 'brokerageCurrencyId'],
  ['ipFee', 'ipCurrencyId'],
  ['commission', 'commissionCurrencyId'],
  ['orderRoutingFee', 'orderRoutingCurrencyId'],
]

/** The id is the fill's. Parts in several currencies are not added up: one observation for each currency. */
function readFees(fields: EntityFields, change: EntityChange, book: EntityBook): readonly FeeObservation[] {
  const id = fields.id('id')
  if (id === undefined) return fields.lacks({ id }) ?? []
  const sums = new Map<string | undefined, Decimal>()
  for (const [amountKey, currencyKey] of FEE_PARTS) {
    const amount = fields.decimal(amountKey)
    if (amount === undefined) continue
    const currency = fields.id(currencyKey)
    sums.set(currency, add(sums.get(currency) ?? ZERO, amount))
  }
  const { name, account } = book.whoseFill(id)
  return [...sums].map(([currency, amount]) => {
    return { kind: 'fee', session: SESSION, name, change, id, amount, ...said({ account, currency }) }
  })
}

/** A flat position has no netPrice. */
function readPosition(
  fields: EntityFields,
  change: EntityChange,
  book: EntityBook,
): PositionObservation | undefined {
  const id = fields.id('id')
  const account = fields.id('accountId')
  const name = fields.id('contractId')
  const quantity = fields.decimal('netPos')
  const price = fields.decimal('netPrice')
  if (id !== undefined && name !== undefined) book.learnPosition(id, { name, ...said({ account }) })
  if (id === undefined || name === undefined || quantity === undefined) {
    return fields.lacks({ id, contractId: name, netPos: quantity })
  }
  const averagePrice = decimalSign(quantity) === 0 ? undefined : price
  const time = fields.time('timestamp')
  const tradeDate = fields.tradeDate('tradeDate')
  const known = said({ account, averagePrice, time, tradeDate, day: readTradedDay(fields) })
  return { kind: 'position', session: SESSION, name, change, id, quantity, ...known }
}

/**
 * Without price and quantity, which its versions have; an order for a spread has no contract. What an event leaves
 * out of whose it is holds on.
 */
function readOrder(
  fields: EntityFields,
  change: EntityChange,
  book: EntityBook,
): OrderObservation | undefined {
  const id = fields.id('id')
  if (id === undefined) return fields.lacks({ id })
  const known = book.whoseOrder(id)
  const account = fields.id('accountId') ?? known.account
  const name = fields.id('contractId') ?? known.name
  book.learnOrder(id, { name, ...said({ account }) })
  const status = fields.text('ordStatus')
  const parts = said({ account, status, side: fields.side('action'), time: fields.time('timestamp') })
  return { kind: 'order', session: SESSION, name, change, id, ...parts }
}

/**
 * The order's own price and quantity, as a part of the order: the id is the order's, and a new version changes an
 * order that is there. A version that is deleted says nothing about its order.
 */
function readOrderVersion(
  fields: EntityFields,
  change: EntityChange,
  book: EntityBook,
): OrderObservation | undefined {
  const id = fields.id('orderId')
  if (id === undefined) return fields.lacks({ orderId: id })
  const quantity = fields.quantity('orderQty')
  const type = fields.text('orderType')
  const price = fields.decimal('price')
  const stopPrice = fields.decimal('stopPrice')
  if (change === 'deleted') return undefined
  const { name, account } = book.whoseOrder(id)
  const known = said({ account, quantity, type, price, stopPrice })
  const updated = change === 'created' ? 'updated' : change
  return { kind: 'order', session: SESSION, name, change: updated, id, ...known }
}

/** `currency` is the venue's id of it, as text: USD is 1. It speaks of no contract. */
function readBalance(fields: EntityFields, change: EntityChange): BalanceObservation | undefined {
  const id = fields.id('id')
  const amount = fields.decimal('amount')
  if (id === undefined || amount === undefined) return fields.lacks({ id, amount })
  const known = said({
    account: fields.id('accountId'),
    currency: fields.id('currencyId'),
    realizedPnl: fields.decimal('realizedPnL'),
    time: fields.time('timestamp'),
    tradeDate: fields.tradeDate('tradeDate'),
  })
  return { kind: 'balance', session: SESSION, name: '', change, id, amount, ...known }
}

/** A contract that is deleted has been one: what it was called holds on for what was traded of it. */
function readContract(
  fields: EntityFields,
  change: EntityChange,
  book: EntityBook,
): readonly InstrumentFacts[] {
  const id = fields.id('id')
  const symbol = fields.text('name')
  if (change === 'deleted') return []
  if (id === undefined || symbol === undefined) return fields.lacks({ id, name: symbol }) ?? []
  return book.learnContract(id, { symbol, ...said({ maturity: fields.id('contractMaturityId') }) })
}

function readMaturity(fields: EntityFields, book: EntityBook): readonly InstrumentFacts[] {
  const id = fields.id('id')
  if (id === undefined) return fields.lacks({ id }) ?? []
  const known = said({
    product: fields.id('productId'),
    expires: fields.time('expirationDate'),
    isFront: fields.flag('isFront'),
  })
  return book.learnMaturity(id, known)
}

function readProduct(fields: EntityFields, book: EntityBook): readonly InstrumentFacts[] {
  const id = fields.id('id')
  if (id === undefined) return fields.lacks({ id }) ?? []
  const format = fields.text('priceFormatType')
  const known = said({
    root: fields.text('name'),
    type: fields.text('productType'),
    description: fields.text('description'),
    currency: fields.id('currencyId'),
    pointValue: fields.decimal('valuePerPoint'),
    tickSize: fields.decimal('tickSize'),
    fractional: format === undefined ? undefined : format === 'Fractional',
  })
  return book.learnProduct(id, known)
}

function readCurrency(fields: EntityFields, book: EntityBook): readonly InstrumentFacts[] {
  const id = fields.id('id')
  const name = fields.text('name')
  if (id === undefined || name === undefined) return fields.lacks({ id, name }) ?? []
  return book.learnCurrency(id, name)
}
