import type { EntityChange } from '../../model/account.ts'
import { ENTITY_TYPES, type EntityType, entityTypeNamed } from './entity-types.ts'
import { isRecord } from './reply.ts'

/** One entity of a packet, and what became of it. */
export interface EntityNews {
  readonly type: EntityType
  readonly change: EntityChange
  readonly entity: Readonly<Record<string, unknown>>
}

/** What a packet's `d` holds, before anything is read of it. */
export interface EntityBatch {
  readonly news: readonly EntityNews[]
  /** Types, lists and words that are in no table. */
  readonly unknown: readonly string[]
  /** Breaks of the wire's own rules. */
  readonly problems: readonly string[]
}

interface Draft {
  readonly news: EntityNews[]
  readonly unknown: string[]
  readonly problems: string[]
}

const CHANGES: ReadonlyMap<unknown, EntityChange> = new Map<unknown, EntityChange>([
  ['Created', 'created'],
  ['Updated', 'updated'],
  ['Deleted', 'deleted'],
  // Left out in QV's capture of 2026-09-21: "as it is now" is all that is said.
  [undefined, 'updated'],
])

/**
 * `d` of a `props` event: `{"entityType":"fill","eventType":"Created","entity":{…}}`. The official OpenAPI allows an
 * array for `entity`, and other clients' tests one for `d`.
 */
export function batchOfProps(data: unknown): EntityBatch {
  const draft: Draft = { news: [], unknown: [], problems: [] }
  for (const event of Array.isArray(data) ? data : [data]) takeEvent(event, draft)
  return draft
}

function takeEvent(event: unknown, draft: Draft): void {
  if (!isRecord(event)) {
    draft.problems.push('d is no object')
    return
  }
  const { entityType, eventType, entity } = event
  if (typeof entityType !== 'string') {
    draft.problems.push('entityType is no text')
    return
  }
  const type = entityTypeNamed(entityType)
  const change = CHANGES.get(eventType)
  if (type === undefined) draft.unknown.push(`entityType ${shown(entityType)} is not known`)
  if (change === undefined) {
    if (typeof eventType === 'string') draft.unknown.push(`eventType ${shown(eventType)} is not known`)
    else draft.problems.push('eventType is no text')
  }
  if (type !== undefined && change !== undefined) takeEntities(type, change, entity, draft)
}

function takeEntities(type: EntityType, change: EntityChange, entities: unknown, draft: Draft): void {
  for (const entity of Array.isArray(entities) ? entities : [entities]) {
    if (isRecord(entity)) draft.news.push({ type, change, entity })
    else draft.problems.push(`${type.name} is no object`)
  }
}

/** Entities that were asked for: they say how things are, and not what has changed. */
export function batchOfAnswer(type: EntityType, data: unknown): EntityBatch {
  const draft: Draft = { news: [], unknown: [], problems: [] }
  takeEntities(type, 'snapshot', data, draft)
  return draft
}

/** `d` of the answer to user/syncrequest, whole or one of several: the lists in the order of the table, not their own. */
export function batchOfSync(data: Readonly<Record<string, unknown>>): EntityBatch {
  const draft: Draft = { news: [], unknown: [], problems: [] }
  const left = new Set(Object.keys(data))
  for (const type of ENTITY_TYPES) {
    const { list } = type
    if (list === undefined || !left.delete(list)) continue
    const entities = data[list]
    if (Array.isArray(entities)) takeEntities(type, 'snapshot', entities, draft)
    else draft.problems.push(`${list} is no list`)
  }
  for (const name of left) {
    if (Array.isArray(data[name])) draft.unknown.push(`the list ${shown(name)} is not known`)
  }
  return draft
}

function shown(word: string): string {
  return /^\w{1,60}$/.test(word) ? word : JSON.stringify(word.slice(0, 60))
}
