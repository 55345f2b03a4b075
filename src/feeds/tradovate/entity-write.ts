import type {
  AccountObservation,
  BalanceObservation,
  DeletionObservation,
  EntityChange,
  FeeObservation,
  FillObservation,
  FillPairObservation,
  OrderObservation,
  PositionObservation,
} from '../../model/account.ts'
import { decimalSign } from '../../model/decimal.ts'
import { deletedType, whoseDeleted } from './deletion.ts'
import type { EntityBook, Whose } from './entity-book.ts'
import {
  entityJson,
  flagJson,
  idJson,
  type Member,
  member,
  numberJson,
  quantityJson,
  sideJson,
  textJson,
  timeJson,
  tradeDateJson,
} from './entity-json.ts'
import { tradedDayMembers } from './traded-day.ts'

/** An entity as the venue would send it. */
export interface WrittenEntity {
  /** `fill`, `orderVersion`. */
  readonly type: string
  readonly json: string
}

/**
 * The entity that says this, and nothing else; `undefined` where there is none. `book` is what a reader knows by
 * then: whose an order, a fill or a position is can only be said by saying that one first.
 */
export function writeEntity(observation: AccountObservation, book: EntityBook): WrittenEntity | undefined {
  if (observation.session !== '') return undefined
  switch (observation.kind) {
    case 'fill':
      return written('fill', fillMembers(observation, book))
    case 'fill-pair':
      return written('fillPair', pairMembers(observation, book))
    case 'fee':
      return written('fillFee', feeMembers(observation, book))
    case 'position':
      return written('position', positionMembers(observation, book))
    case 'order':
      return isVersion(observation)
        ? written('orderVersion', versionMembers(observation, book))
        : written('order', orderMembers(observation, book))
    case 'balance':
      return written('cashBalance', balanceMembers(observation))
    case 'deletion':
      return written(deletedType(observation.of), deletionMembers(observation, book))
    case 'listing':
    case 'signal':
      return undefined
    default:
      return observation satisfies never
  }
}

function written(type: string, members: readonly Member[] | undefined): WrittenEntity | undefined {
  const json = members === undefined ? undefined : entityJson(members)
  return json === undefined ? undefined : { type, json }
}

function isOf(observation: Whose, { name, account }: Whose): boolean {
  return observation.name === name && observation.account === account
}

function fillMembers(fill: FillObservation, book: EntityBook): readonly Member[] | undefined {
  const { account } = book.whoseOrder(fill.order)
  if (fill.account !== account) return undefined
  const { name, account: whose } = fill
  book.learnFill(fill.id, whose === undefined ? { name } : { name, account: whose })
  return [
    ['id', idJson(fill.id)],
    ...member('orderId', fill.order, idJson),
    ['contractId', idJson(name)],
    ...member('timestamp', fill.time, timeJson),
    ...member('tradeDate', fill.tradeDate, tradeDateJson),
    ['action', sideJson(fill.side)],
    ['qty', quantityJson(fill.quantity)],
    ['price', numberJson(fill.price)],
    ...member('active', fill.isActive, flagJson),
  ]
}

function pairMembers(pair: FillPairObservation, book: EntityBook): readonly Member[] | undefined {
  const ofPosition = book.whosePosition(pair.position)
  const whose = ofPosition.name === '' ? book.whoseFill(pair.buyFill) : ofPosition
  if (!isOf(pair, whose) || pair.time !== undefined || pair.tradeDate !== undefined) return undefined
  return [
    ['id', idJson(pair.id)],
    ...member('positionId', pair.position, idJson),
    ['buyFillId', idJson(pair.buyFill)],
    ['sellFillId', idJson(pair.sellFill)],
    ['qty', quantityJson(pair.quantity)],
    ['buyPrice', numberJson(pair.buyPrice)],
    ['sellPrice', numberJson(pair.sellPrice)],
    ...member('active', pair.isActive, flagJson),
  ]
}

/** The sum of a fee is said as if it were all commission: its parts are not known any more. */
function feeMembers(fee: FeeObservation, book: EntityBook): readonly Member[] | undefined {
  if (!isOf(fee, book.whoseFill(fee.id)) || fee.time !== undefined || fee.tradeDate !== undefined) {
    return undefined
  }
  return [
    ['id', idJson(fee.id)],
    ['commission', numberJson(fee.amount)],
    ...member('commissionCurrencyId', fee.currency, idJson),
  ]
}

function positionMembers(position: PositionObservation, book: EntityBook): readonly Member[] | undefined {
  const { id, name, account, quantity, averagePrice } = position
  const { strategy, timeframe, openPnl, realizedPnl } = position
  if ([strategy, timeframe, openPnl, realizedPnl].some(part => part !== undefined)) return undefined
  if (averagePrice !== undefined && decimalSign(quantity) === 0) return undefined
  book.learnPosition(id, account === undefined ? { name } : { name, account })
  return [
    ['id', idJson(id)],
    ...member('accountId', account, idJson),
    ['contractId', idJson(name)],
    ...member('timestamp', position.time, timeJson),
    ...member('tradeDate', position.tradeDate, tradeDateJson),
    ['netPos', numberJson(quantity)],
    ...member('netPrice', averagePrice, numberJson),
    ...tradedDayMembers(position.day),
  ]
}

function isVersion({ quantity, type, price, stopPrice }: OrderObservation): boolean {
  return [quantity, type, price, stopPrice].some(part => part !== undefined)
}

function orderMembers(order: OrderObservation, book: EntityBook): readonly Member[] | undefined {
  const { id, name, account } = order
  if (order.tradeDate !== undefined) return undefined
  book.learnOrder(id, account === undefined ? { name } : { name, account })
  return [
    ['id', idJson(id)],
    ...member('accountId', account, idJson),
    ...member('contractId', name === '' ? undefined : name, idJson),
    ...member('timestamp', order.time, timeJson),
    ...member('action', order.side, sideJson),
    ...member('ordStatus', order.status, textJson),
  ]
}

const OF_VERSIONS: ReadonlySet<EntityChange> = new Set(['snapshot', 'updated'])

/** A version has an id of its own, which nobody reads; the first of an order has the order's (a real capture). */
function versionMembers(order: OrderObservation, book: EntityBook): readonly Member[] | undefined {
  const { id, change, status, side, time, tradeDate } = order
  if ([status, side, time, tradeDate].some(part => part !== undefined)) return undefined
  if (!OF_VERSIONS.has(change) || !isOf(order, book.whoseOrder(id))) return undefined
  return [
    ['id', idJson(id)],
    ['orderId', idJson(id)],
    ...member('orderQty', order.quantity, quantityJson),
    ...member('orderType', order.type, textJson),
    ...member('price', order.price, numberJson),
    ...member('stopPrice', order.stopPrice, numberJson),
  ]
}

function balanceMembers(balance: BalanceObservation): readonly Member[] | undefined {
  if (balance.name !== '') return undefined
  return [
    ['id', idJson(balance.id)],
    ...member('accountId', balance.account, idJson),
    ...member('timestamp', balance.time, timeJson),
    ...member('tradeDate', balance.tradeDate, tradeDateJson),
    ...member('currencyId', balance.currency, idJson),
    ['amount', numberJson(balance.amount)],
    ...member('realizedPnL', balance.realizedPnl, numberJson),
  ]
}

/** The id alone: whose it was a reader knows from before, or nobody. */
function deletionMembers(deletion: DeletionObservation, book: EntityBook): readonly Member[] | undefined {
  const { of, id, time, tradeDate } = deletion
  if (time !== undefined || tradeDate !== undefined) return undefined
  return isOf(deletion, whoseDeleted(of, id, book)) ? [['id', idJson(id)]] : undefined
}
