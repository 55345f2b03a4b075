import type { EntityChange } from '../../model/account.ts'
import type { Observation } from '../../model/observation.ts'
import { QUOTE_FIELD_NAMES } from '../../model/quote.ts'
import type { Encode } from '../feed.ts'
import { writeContract } from '../tradovate/contract-write.ts'
import { EntityBook } from '../tradovate/entity-book.ts'
import { ENTITY_TYPES } from '../tradovate/entity-types.ts'
import { type WrittenEntity, writeEntity } from '../tradovate/entity-write.ts'
import { frameOf } from '../tradovate/framing.ts'

const NO_QUOTES = 'the user’s socket has no quotes: tradovate-market-data has'

/** The inverse of decode for what an account's entities can say: decode(encode(x)) is x. */
export const encode: Encode = {
  frame: frameOf,
  message(observations) {
    const items = itemsOf(observations)
    return items === undefined || items.length === 0 ? undefined : frameOf(items)
  },
  cannot: {
    ...Object.fromEntries(QUOTE_FIELD_NAMES.map(field => [`quote ${field}`, NO_QUOTES])),
    'trade, bar, depth, signal': NO_QUOTES,
    'fill account': 'only behind its order, which has it: a fill names no account',
    'fee and fill-pair name, account': 'only behind their fill or position, which has them',
    'fee parts': 'only their sum, as commission',
    'fee and fill-pair time': 'these entities have none',
    'order status and quantity': 'not in one observation: an order and its version are two entities',
    'order quantity of a created order': 'a version says how its order is now, not that it is new',
    'order tradeDate': 'an order has none',
    'position strategy, timeframe, openPnl, realizedPnl': 'a position has none of these',
    'listing: that all positions are there': 'it is said by a whole answer, and written ones are parts',
    'deletion time, tradeDate': 'a deletion is the id alone',
    'position averagePrice when flat': 'a flat position has no netPrice',
    'balance name': 'a balance speaks of no contract',
    'instrument exchange, priceScale, minMove, variableTickSize, tickValue, front':
      'a product has its tick size and point value as they are',
    'instrument without symbol': 'a contract always has its name',
    'names and ids that are no integers': 'every id is one, and a contract is named by its id',
    decimals: 'not 10^100 (“none”), and no non-integer of more than 15 significant digits (binary noise)',
  },
}

/** A list is `''` where a type was never seen as one: none that is written. */
const LISTS: ReadonlyMap<string, { readonly list: string; readonly rank: number }> = new Map(
  ENTITY_TYPES.map(({ name, list = '' }, rank) => [name, { list, rank }]),
)

const EVENT_TYPES: Readonly<Record<Exclude<EntityChange, 'snapshot'>, string>> = {
  created: 'Created',
  updated: 'Updated',
  deleted: 'Deleted',
}

/** Pushes one by one; what is a snapshot, as answers to user/syncrequest, split where the order of lists wants it. */
function itemsOf(observations: readonly Observation[]): readonly string[] | undefined {
  const book = new EntityBook()
  const items: string[] = []
  let part: WrittenEntity[] = []
  let maturities = 0

  function endPart(): void {
    if (part.length > 0) items.push(syncReply(part))
    part = []
  }

  for (const observation of observations) {
    if (observation.kind === 'instrument') {
      maturities += 1
      const entities = writeContract(observation, maturities)
      if (entities === undefined) return undefined
      if (!fits(part, 'contract')) endPart()
      part.push(...entities)
    } else {
      if (!('change' in observation)) return undefined
      const entity = writeEntity(observation, book)
      if (entity === undefined) return undefined
      if (observation.change === 'snapshot') {
        if (!fits(part, entity.type)) endPart()
        part.push(entity)
      } else {
        endPart()
        items.push(propsOf(entity, EVENT_TYPES[observation.change]))
      }
    }
  }
  endPart()
  return items
}

function rankOf(type: string): number {
  return LISTS.get(type)?.rank ?? 0
}

/** Lists are read in the order of the table: what comes behind a later one belongs to another reply. */
function fits(part: readonly WrittenEntity[], type: string): boolean {
  const last = part.at(-1)
  return last === undefined || rankOf(last.type) <= rankOf(type)
}

function propsOf({ type, json }: WrittenEntity, eventType: string): string {
  return `{"e":"props","d":{"entityType":"${type}","eventType":"${eventType}","entity":${json}}}`
}

function syncReply(part: readonly WrittenEntity[]): string {
  const lists = new Map<string, string[]>()
  for (const { type, json } of part) {
    const list = LISTS.get(type)?.list ?? ''
    const entities = lists.get(list)
    if (entities === undefined) lists.set(list, [json])
    else entities.push(json)
  }
  const members = [...lists].map(([list, entities]) => `"${list}":[${entities.join(',')}]`)
  return `{"s":200,"i":2,"d":{${members.join(',')}}}`
}
