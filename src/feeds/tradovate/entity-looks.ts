import { type EntityType, entityTypeNamed } from './entity-types.ts'
import { isRecord } from './reply.ts'

/**
 * What an answer's entities are, by keys that the official OpenAPI requires of this type and of no other: an answer
 * names its request by number only. More than these keys may stand there.
 */
const LOOKS: readonly (readonly [type: string, ...keys: readonly string[]])[] = [
  ['contract', 'name', 'contractMaturityId'],
  ['contractMaturity', 'productId', 'expirationDate'],
  ['product', 'name', 'valuePerPoint', 'tickSize'],
  ['account', 'name', 'userId', 'accountType'],
  ['fill', 'orderId', 'contractId', 'action', 'qty', 'price'],
  ['fillPair', 'positionId', 'buyFillId', 'sellFillId'],
  ['position', 'accountId', 'contractId', 'netPos'],
  ['order', 'accountId', 'action', 'ordStatus', 'admin'],
  ['orderVersion', 'orderId', 'orderQty', 'orderType'],
  ['cashBalance', 'accountId', 'currencyId', 'amount', 'tradeDate'],
]

/** A log has a balance's keys, and this one. */
const OF_A_LOG = 'cashChangeType'

/** The type that all of an answer's entities have; `undefined` where they are of none, or the list is empty. */
export function typeByLooks(data: unknown): EntityType | undefined {
  const entities: readonly unknown[] = Array.isArray(data) ? data : [data]
  const [first] = entities
  if (!isRecord(first)) return undefined
  const look = LOOKS.find(keys => hasAll(first, keys))
  if (look === undefined || !entities.every(entity => isRecord(entity) && hasAll(entity, look)))
    return undefined
  return entityTypeNamed(look[0])
}

function hasAll(entity: Readonly<Record<string, unknown>>, [, ...keys]: readonly string[]): boolean {
  return 'id' in entity && keys.every(key => Object.hasOwn(entity, key)) && !(OF_A_LOG in entity)
}
