import type { TradedDay } from '../../model/account.ts'
import { type EntityFields, said } from './entity-fields.ts'
import { type Member, member, numberJson } from './entity-json.ts'

/**
 * `"bought":1,"boughtValue":6662.5,"sold":1,"soldValue":6663,"prevPos":0` (position_list_flat_2025-09-17): values are
 * price × quantity, and a position that was flat has no `prevPrice`. All or nothing: the parts are a sum.
 */
export function readTradedDay(fields: EntityFields): TradedDay | undefined {
  const bought = fields.decimal('bought')
  const boughtValue = fields.decimal('boughtValue')
  const sold = fields.decimal('sold')
  const soldValue = fields.decimal('soldValue')
  const previous = fields.decimal('prevPos')
  const previousPrice = fields.decimal('prevPrice')
  if (
    bought === undefined ||
    boughtValue === undefined ||
    sold === undefined ||
    soldValue === undefined ||
    previous === undefined
  ) {
    return undefined
  }
  return { bought, boughtValue, sold, soldValue, previous, ...said({ previousPrice }) }
}

/** None where there is none. */
export function tradedDayMembers(day: TradedDay | undefined): readonly Member[] {
  if (day === undefined) return []
  return [
    ['bought', numberJson(day.bought)],
    ['boughtValue', numberJson(day.boughtValue)],
    ['sold', numberJson(day.sold)],
    ['soldValue', numberJson(day.soldValue)],
    ['prevPos', numberJson(day.previous)],
    ...member('prevPrice', day.previousPrice, numberJson),
  ]
}
