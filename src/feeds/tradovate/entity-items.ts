import { batchOfAnswer, batchOfProps, type EntityBatch } from './entity-batch.ts'
import type { EntityBook } from './entity-book.ts'
import { typeByLooks } from './entity-looks.ts'
import { readEntities } from './entity-reading.ts'
import { type EntityType, entityTypeNamed } from './entity-types.ts'
import type { ItemReader, ItemTaker } from './item.ts'
import { dataOf, isRecord } from './reply.ts'
import { type ClientRequest, endpointKey } from './request.ts'

/** `props` events, and answers that are entities: the same on both sockets. */
export function entityItems(book: EntityBook): ItemReader {
  return {
    event({ event, data }) {
      return event === 'props' ? takerOf(kindOfProps(dataOf(data)), batchOfProps, book) : undefined
    },
    reply({ data }, request) {
      const entities = dataOf(data)
      const type = typeOfAnswer(request, entities) ?? typeByLooks(entities)
      return type === undefined ? undefined : takerOf('reply', again => batchOfAnswer(type, again), book)
    },
  }
}

function takerOf(kind: string, batchOf: (data: unknown) => EntityBatch, book: EntityBook): ItemTaker {
  return (payload, value, keepWire) => {
    const data = dataOf(isRecord(value) ? value['d'] : undefined)
    const { observations, ...judged } = readEntities({ payload, data, batchOf }, book, keepWire)
    return { finding: { kind, ...judged }, observations }
  }
}

/** `props order`: the type of its entity; `props` where it does not say one. */
function kindOfProps(data: unknown): string {
  const [first]: readonly unknown[] = Array.isArray(data) ? data : [data]
  const type = isRecord(first) ? first['entityType'] : undefined
  return typeof type === 'string' && entityTypeNamed(type) !== undefined ? `props ${type}` : 'props'
}

/** What `contract/item`, `contract/find` and the like are asked for is named by their first word. */
function typeOfAnswer(request: ClientRequest | undefined, data: unknown): EntityType | undefined {
  const isEntities = Array.isArray(data) ? data.length > 0 && data.every(isEntity) : isEntity(data)
  if (request === undefined || !isEntities) return undefined
  const [, type = ''] =
    /^([a-z]{1,64})\/(?:item|items|find|list|suggest|deps|ldeps)$/.exec(endpointKey(request.endpoint)) ?? []
  const name = LOOKED_UP.find(known => known.toLowerCase() === type)
  return name === undefined ? undefined : entityTypeNamed(name)
}

function isEntity(value: unknown): boolean {
  return isRecord(value) && 'id' in value
}

const LOOKED_UP = [
  'contract',
  'contractMaturity',
  'product',
  'currency',
  'position',
  'fill',
  'order',
  'account',
]
