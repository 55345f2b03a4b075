import { decimalFromNumber } from '../../model/decimal.ts'
import type { Observation } from '../../model/observation.ts'
import type { WireFields } from '../../model/quote.ts'
import { NumberReader, parseKeepingNumbers, parseKeepingText } from '../numbers.ts'
import type { Disposition } from '../packet.ts'
import { readDeletion } from './deletion.ts'
import { entityReader } from './entities.ts'
import type { EntityBatch } from './entity-batch.ts'
import type { EntityBook } from './entity-book.ts'
import { EntityFields } from './entity-fields.ts'
import { isRecord } from './reply.ts'

/** What the entities of a packet said. */
export interface EntityReading {
  readonly observations: readonly Observation[]
  readonly disposition: Disposition
  readonly reason?: string
  /** Values that were binary noise and were read as 15 digits. */
  readonly noise?: number
}

/** A packet that holds entities. */
export interface EntityPacket {
  /** Its text, to be parsed again where a double does not say what was written. */
  readonly payload: string
  /** Its `d`, by JSON.parse. */
  readonly data: unknown
  readonly batchOf: (data: unknown) => EntityBatch
}

/** Reads a packet's entities in their order; what belongs together is remembered in `book`. */
export function readEntities(packet: EntityPacket, book: EntityBook, keepWire: boolean): EntityReading {
  const plain = packet.batchOf(packet.data)
  let read = isExactlyRead(plain) ? undefined : readBatch(plain, book)
  if (read === undefined || read.numbers.needsText) {
    const exact = parsedAgain(packet.payload, parseKeepingNumbers)
    if (exact === undefined) return TOO_DEEP
    read = readBatch(packet.batchOf(exact.data), book)
  }
  const { noise } = read.numbers
  const judged = { ...judgedBatch(read.batch, read.problems), ...(noise === 0 ? {} : { noise }) }
  if (!keepWire) return { observations: read.observations.map(({ observation }) => observation), ...judged }
  const wire = parsedAgain(packet.payload, parseKeepingText)
  if (wire === undefined) return TOO_DEEP
  const { news } = packet.batchOf(wire.data)
  const observations = read.observations.map(({ observation, place }) => {
    return withWire(observation, news[place]?.entity)
  })
  return { observations, ...judged }
}

/**
 * Whether to begin with the exact parse. A single entity can be read twice; of several, the book would know at the
 * second reading what at the first came later, and say of a contract twice what it is.
 */
function isExactlyRead({ news }: EntityBatch): boolean {
  return news.length > 1 && news.some(({ entity }) => Object.values(entity).some(isInexact))
}

function isInexact(value: unknown): boolean {
  return typeof value === 'number' && decimalFromNumber(value) === undefined
}

const TOO_DEEP: EntityReading = {
  observations: [],
  disposition: 'malformed',
  reason: 'nested too deep to be read',
}

/** `d` once more, by a parse that keeps what JSON.parse loses; `undefined` where that one's recursion ends. */
function parsedAgain(
  payload: string,
  parse: (text: string) => unknown,
): { readonly data: unknown } | undefined {
  try {
    const item = parse(payload)
    const data = isRecord(item) ? item['d'] : undefined
    return { data: typeof data === 'string' ? parse(data) : data }
  } catch (thrown) {
    if (thrown instanceof RangeError || thrown instanceof SyntaxError) return undefined
    throw thrown
  }
}

interface Placed {
  readonly observation: Observation
  /** Of its entity, in the batch. */
  readonly place: number
}

interface BatchRead {
  readonly batch: EntityBatch
  readonly observations: readonly Placed[]
  readonly problems: readonly string[]
  readonly numbers: NumberReader
}

function readBatch(batch: EntityBatch, book: EntityBook): BatchRead {
  const numbers = new NumberReader()
  const observations: Placed[] = []
  const problems: string[] = []
  for (const [place, { type, change, entity }] of batch.news.entries()) {
    const read = entityReader(type.name)
    if (read === undefined) continue
    const fields = new EntityFields(type.name, entity, numbers)
    const deletion = change === 'deleted' ? readDeletion(type.name, entity, fields, book) : undefined
    const said = deletion === undefined ? read(fields, change, book) : [deletion]
    for (const observation of said) observations.push({ observation, place })
    for (const problem of fields.problems) problems.push(problem)
  }
  return { batch, observations, problems, numbers }
}

/** What is known of an instrument is joined from three entities, and has no fields of one. */
function withWire(observation: Observation, wire: WireFields | undefined): Observation {
  return wire !== undefined && 'change' in observation ? { ...observation, wire } : observation
}

function judgedBatch(batch: EntityBatch, ofFields: readonly string[]): Omit<EntityReading, 'observations'> {
  const problems = [...batch.problems, ...ofFields]
  if (problems.length > 0)
    return { disposition: 'malformed', reason: joined([...problems, ...batch.unknown]) }
  if (batch.unknown.length > 0) return { disposition: 'unknown', reason: joined(batch.unknown) }
  const isRead = batch.news.some(({ type }) => type.disposition === 'read')
  return { disposition: isRead || batch.news.length === 0 ? 'read' : 'status' }
}

/** Where a packet has many faults, the first few say what is wrong. */
const MOST_SAID = 3

function joined(problems: readonly string[]): string {
  const more = problems.length - MOST_SAID
  const told = problems.slice(0, MOST_SAID).join('; ')
  return more > 0 ? `${told}; and ${more} more` : told
}
