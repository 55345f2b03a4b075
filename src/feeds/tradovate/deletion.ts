import type { DeletionObservation } from '../../model/account.ts'
import type { EntityBook, Whose } from './entity-book.ts'
import { type EntityFields, type EntityRecord, said } from './entity-fields.ts'

type Deleted = DeletionObservation['of']

/** By entity type: what its observation cannot be made without. */
const NEEDED: Readonly<Record<string, { readonly of: Deleted; readonly keys: readonly string[] }>> = {
  fill: { of: 'fill', keys: ['contractId', 'action', 'qty', 'price'] },
  fillPair: { of: 'fill-pair', keys: ['buyFillId', 'sellFillId', 'qty', 'buyPrice', 'sellPrice'] },
  fillFee: { of: 'fee', keys: [] },
  position: { of: 'position', keys: ['contractId', 'netPos'] },
  cashBalance: { of: 'balance', keys: ['amount'] },
}

/** The entity type that a deletion is said by. */
export function deletedType(of: Deleted): string {
  return Object.keys(NEEDED).find(type => NEEDED[type]?.of === of) ?? ''
}

/**
 * `{"entityType":"fill","eventType":"Deleted","entity":{"id":9}}`: which one is enough. What a deletion holds beside
 * the id nobody has shown; one that is whole is read as its entity.
 */
export function readDeletion(
  type: string,
  entity: EntityRecord,
  fields: EntityFields,
  book: EntityBook,
): DeletionObservation | undefined {
  const needed = NEEDED[type]
  if (needed === undefined || isWhole(type, entity, needed.keys)) return undefined
  const id = fields.id('id')
  if (id === undefined) return undefined
  const { name, account } = whoseDeleted(needed.of, id, book)
  return {
    kind: 'deletion',
    session: '',
    name,
    change: 'deleted',
    of: needed.of,
    id,
    ...said({ account: fields.id('accountId') ?? account }),
  }
}

/** Whose it was, by what this connection has told before. */
export function whoseDeleted(of: Deleted, id: string, book: EntityBook): Whose {
  if (of === 'fill' || of === 'fee') return book.whoseFill(id)
  return of === 'position' ? book.whosePosition(id) : { name: '' }
}

/** A fee needs no part in particular: it is whole where it has any. */
function isWhole(type: string, entity: EntityRecord, keys: readonly string[]): boolean {
  if (type === 'fillFee') return Object.keys(entity).some(key => key !== 'id')
  return keys.every(key => entity[key] !== undefined && entity[key] !== null)
}
