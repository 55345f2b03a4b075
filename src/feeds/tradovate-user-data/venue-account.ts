import { type Decimal, decimalText } from '../../model/decimal.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { Market } from '../feed.ts'
import { type ContractDesk, CURRENCIES } from '../tradovate/contract-desk.ts'
import { ENTITY_TYPES } from '../tradovate/entity-types.ts'
import { timeToWire } from '../tradovate/time.ts'

export const ACCOUNT = 1_000_002

/** Lists of entities by their names in a sync reply. */
export type Lists = Readonly<Record<string, readonly object[]>>

export interface Push {
  readonly entityType: string
  readonly eventType: 'Created' | 'Updated'
  readonly entity: object
}

/** A small account that trades one contract of whatever market there is. Everything in it is made up. */
export interface VenueAccount {
  readonly names: readonly string[]
  accounts(userId: number): readonly object[]
  lists(userId: number): Lists
  /** One contract bought, or sold where it holds one: everything that the venue pushes then, in its order. */
  trade(name: string, price: Decimal): readonly Push[]
}

/** It holds the first and has an order for the second; a third is for a client to look up when it is traded. */
const NAMES = 3

export function createAccount(market: Market, desk: ContractDesk, now: () => EpochMicros): VenueAccount {
  const names = (market.names ?? []).filter(name => priceOf(market, name) !== undefined).slice(0, NAMES)
  const holdings = new Map<string, Holding>()
  const trades: Trade[] = []
  let lastId = 600_000_000_000

  const stamp = () => ({ timestamp: timeToWire(now()) ?? '', tradeDate: dayOf(now()) })
  const [held, ordered] = names
  const [openFill] = held === undefined ? [] : fill(held, priceOf(market, held) ?? 0)

  function fill(name: string, price: number): readonly [Trade, Holding] {
    const before = holdings.get(name) ?? { id: drawId(), quantity: 0, price: 0, fillId: 0 }
    const isBuy = before.quantity === 0
    const trade = { name, isBuy, price, orderId: drawId(), fillId: drawId(), ...stamp() }
    holdings.set(name, { id: before.id, quantity: isBuy ? 1 : 0, price, fillId: trade.fillId })
    trades.push(trade)
    return [trade, before]
  }

  function drawId(): number {
    lastId += 1
    return lastId
  }

  function positionOf(name: string): object {
    const { id, quantity, price } = holdings.get(name) ?? { id: drawId(), quantity: 0, price: 0 }
    const own = trades.filter(trade => trade.name === name)
    const value = (side: readonly Trade[]) => side.reduce((sum, trade) => sum + trade.price, 0)
    const bought = own.filter(trade => trade.isBuy)
    const sold = own.filter(trade => !trade.isBuy)
    return {
      id,
      accountId: ACCOUNT,
      contractId: desk.idOf(name),
      ...stamp(),
      netPos: quantity,
      // A flat position has none.
      ...(quantity === 0 ? {} : { netPrice: price }),
      bought: bought.length,
      boughtValue: value(bought),
      sold: sold.length,
      soldValue: value(sold),
      archived: false,
      prevPos: 0,
    }
  }

  return {
    names,
    accounts: userId => [accountOf(userId)],
    lists(userId) {
      const known = names.slice(0, 2).map(name => desk.entitiesOf(name))
      const order =
        ordered === undefined ? [] : [restingOrder(desk.idOf(ordered), drawId(), stamp().timestamp)]
      const fills = openFill === undefined ? [] : [openFill]
      const lists: Lists = {
        users: [
          {
            id: userId,
            name: 'synthetic-user',
            userType: 'Trader',
            email: 'user@example.com',
            status: 'Active',
          },
        ],
        accounts: [accountOf(userId)],
        cashBalances: [
          { id: 1_000_003, accountId: ACCOUNT, ...stamp(), currencyId: 1, amount: 50000.25, realizedPnL: 0 },
        ],
        currencies: CURRENCIES,
        contracts: known.flatMap(({ contract }) => contract ?? []),
        contractMaturities: known.flatMap(({ maturity }) => maturity ?? []),
        products: known.flatMap(({ product }) => product ?? []),
        orders: [...fills.map(trade => orderOf(trade, desk, 'Filled')), ...order],
        orderVersions: [
          ...fills.map(({ orderId }) => versionOf(orderId, { orderType: 'Market' })),
          ...order.map(({ id }) => versionOf(id, { orderType: 'Limit', price: 1 })),
        ],
        fills: fills.map(trade => fillOf(trade, desk)),
        fillFees: fills.map(feeOf),
        positions: [...holdings.keys()].map(positionOf),
      }
      const all = ENTITY_TYPES.flatMap(({ list }) => list ?? [])
      return Object.fromEntries(all.map(list => [list, lists[list] ?? []]))
    },
    trade(name, price) {
      const [trade, before] = fill(name, Number(decimalText(price)))
      const pair = { id: drawId(), positionId: before.id, buyFillId: before.fillId, sellFillId: trade.fillId }
      const prices = { qty: 1, buyPrice: before.price, sellPrice: trade.price, active: true }
      const closed: readonly Push[] = trade.isBuy ? [] : [created('fillPair', { ...pair, ...prices })]
      return [
        created('order', orderOf(trade, desk, 'PendingNew')),
        created('orderVersion', versionOf(trade.orderId, { orderType: 'Market' })),
        created('executionReport', reportOf(trade, desk, drawId())),
        created('fill', fillOf(trade, desk)),
        created('fillFee', feeOf(trade)),
        { entityType: 'order', eventType: 'Updated', entity: orderOf(trade, desk, 'Filled') },
        { entityType: 'position', eventType: 'Updated', entity: positionOf(name) },
        ...closed,
      ]
    },
  }
}

function priceOf(market: Market, name: string): number | undefined {
  const last = market.quote(name)?.last
  return last === undefined || last === null ? undefined : Number(decimalText(last))
}

interface Holding {
  readonly id: number
  readonly quantity: number
  readonly price: number
  /** That opened it. */
  readonly fillId: number
}

interface Trade {
  readonly name: string
  readonly isBuy: boolean
  readonly price: number
  readonly orderId: number
  readonly fillId: number
  readonly timestamp: string
  readonly tradeDate: object
}

function created(entityType: string, entity: object): Push {
  return { entityType, eventType: 'Created', entity }
}

function accountOf(userId: number): object {
  return {
    id: ACCOUNT,
    name: `DEMO${userId}`,
    userId,
    accountType: 'Customer',
    active: true,
    legalStatus: 'Individual',
  }
}

function orderOf({ name, isBuy, orderId, timestamp }: Trade, desk: ContractDesk, ordStatus: string): object {
  const of = { id: orderId, accountId: ACCOUNT, contractId: desk.idOf(name), timestamp }
  return { ...of, action: actionOf(isBuy), ordStatus, archived: false, external: false, admin: false }
}

function restingOrder(contractId: number, id: number, timestamp: string) {
  const of = { id, accountId: ACCOUNT, contractId, timestamp }
  return { ...of, action: 'Buy', ordStatus: 'Working', archived: false, external: false, admin: false }
}

function versionOf(orderId: number, of: object): object {
  return { id: orderId, orderId, orderQty: 1, ...of, timeInForce: 'Day' }
}

function reportOf({ name, isBuy, orderId, price, timestamp }: Trade, desk: ContractDesk, id: number): object {
  const of = { id, commandId: orderId, name: String(id), accountId: ACCOUNT, contractId: desk.idOf(name) }
  const trade = { execType: 'Trade', ordStatus: 'Filled', cumQty: 1, avgPx: price, lastQty: 1, lastPx: price }
  return { ...of, timestamp, orderId, action: actionOf(isBuy), ...trade }
}

function fillOf(
  { name, isBuy, orderId, fillId, price, timestamp, tradeDate }: Trade,
  desk: ContractDesk,
): object {
  const of = { id: fillId, orderId, contractId: desk.idOf(name), timestamp, tradeDate }
  return { ...of, action: actionOf(isBuy), qty: 1, price, active: true, finallyPaired: 0, external: false }
}

function feeOf({ fillId }: Trade): object {
  return { id: fillId, exchangeFee: 0.37, exchangeCurrencyId: 1, commission: 0.25, commissionCurrencyId: 1 }
}

function actionOf(isBuy: boolean): string {
  return isBuy ? 'Buy' : 'Sell'
}

/** The exchange's day, where it is UTC's: this venue's does not roll at 17:00 in Chicago. */
function dayOf(at: EpochMicros): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(at / 1000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}
