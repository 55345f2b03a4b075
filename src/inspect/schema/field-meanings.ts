import { type Feed, feedNamed } from '../../feeds/index.ts'
import { parseKeepingText } from '../../feeds/numbers.ts'
import { type JsonObject, type Observation, observationToJson } from '../../model/observation.ts'
import type { Entry, Header, Message } from '../../tape/entry.ts'
import { isDeep, leafPaths, stepsOf, withoutFields } from './field-paths.ts'
import { type FeedSettings, PacketReading, type ReadMessage, type ReadPacket } from './packet-reading.ts'

/** Of a path that changes nothing; a wire's `null` and what stands twice in a message may hide it once. */
const MOST_TRIES = 12
/** Decodings for one feed: more paths than this, and the rest stays unknown. */
const MOST_DECODINGS = 6_000
const MOST_CONTEXT = 60

interface Known {
  tries: number
  readonly meaning: Set<string>
}

type OpenPath = readonly [path: string, known: Known]

interface Connection {
  /** The opening and what the client said last: answers refer to it. */
  readonly said: Entry[]
  /** What the venue said first and last: entities that later ones name. */
  readonly first: Entry[]
  readonly last: Entry[]
}

/**
 * Which fields a decoder reads, and for what: they are taken out of a packet, and the packet is decoded again. What
 * changes then is what the field means; nothing has to be declared, and a feed of tomorrow is known as well.
 */
export class FieldMeanings {
  readonly #settings: FeedSettings | undefined
  readonly #known = new Map<string, Map<string, Known>>()
  readonly #decodings = new Map<string, number>()
  #connections = new Map<number, Connection>()
  #header: Header | undefined

  constructor(settings?: FeedSettings) {
    this.#settings = settings
  }

  beginTape(header: Header): void {
    this.#header = header
    this.#connections = new Map()
  }

  /** Every entry, in the order of the tape, each before it is asked about. */
  apply(entry: Entry): void {
    if (entry.kind === 'open') this.#connections.set(entry.conn, { said: [entry], first: [], last: [] })
    else if (entry.kind === 'close' || entry.kind === 'fail') this.#connections.delete(entry.conn)
  }

  /** A message whose packets may hold paths that were not tried yet. */
  look({ feed, message, packets }: ReadMessage): void {
    const plan = feedNamed(feed)
    if (plan !== undefined) {
      for (const read of packets) {
        if (read.packet.dir === 'in' && read.observations.length > 0) this.#try(plan, message, read)
      }
    }
    this.#remember(message)
  }

  /** By path; of an object or array: what all in it means. */
  of(feed: string, kind: string): ReadonlyMap<string, readonly string[]> {
    const words = new Map<string, Set<string>>()
    for (const [path, { meaning }] of this.#known.get(`${feed} ${kind}`) ?? []) {
      if (meaning.size === 0) continue
      for (const place of withAllAbove(path)) {
        const known = words.get(place) ?? new Set()
        words.set(place, known)
        for (const word of telling(meaning)) known.add(word)
      }
    }
    return new Map([...words].map(([path, meaning]) => [path, [...meaning]]))
  }

  #try(feed: Feed, message: Message, { packet, body, observations }: ReadPacket): void {
    if (body.value === undefined || isDeep(body.value)) return
    const paths = this.#open(`${feed.name} ${packet.kind}`, body.value)
    if (paths.length === 0) return
    const value = parseKeepingText(body.text)
    const before = observations.map(observation => observationToJson(observation))
    const reads = (entries: readonly Entry[]): boolean =>
      isSame(before, this.#decode(feed, entries, message, value))
    const context = this.#contexts(message.conn).find(reads)
    for (const [, known] of paths) known.tries += 1
    if (context === undefined) return
    this.#halve(paths, gone => {
      if (!this.#mayDecode(feed.name)) return []
      const after = this.#decode(feed, context, message, withoutFields(value, gone))
      return changesBetween(before, after)
    })
  }

  /** Most paths of a snapshot are read by nobody: all are left out at once, and then halves of what made a difference. */
  #halve(paths: readonly OpenPath[], changesWithout: (gone: ReadonlySet<string>) => readonly string[]): void {
    const words = changesWithout(new Set(paths.map(([path]) => path)))
    if (words.length === 0) return
    const [only] = paths
    if (only !== undefined && paths.length === 1) {
      for (const word of words) only[1].meaning.add(word)
      return
    }
    const middle = Math.ceil(paths.length / 2)
    this.#halve(paths.slice(0, middle), changesWithout)
    this.#halve(paths.slice(middle), changesWithout)
  }

  /** The paths of a packet that are not settled. */
  #open(key: string, value: unknown): readonly OpenPath[] {
    const known = this.#known.get(key) ?? new Map<string, Known>()
    this.#known.set(key, known)
    const open: OpenPath[] = []
    for (const path of leafPaths(value)) {
      const before = known.get(path) ?? { tries: 0, meaning: new Set() }
      known.set(path, before)
      if (before.tries < MOST_TRIES && !isSettled(before)) open.push([path, before])
    }
    return open
  }

  #mayDecode(feed: string): boolean {
    const decodings = this.#decodings.get(feed) ?? 0
    this.#decodings.set(feed, decodings + 1)
    return decodings < MOST_DECODINGS
  }

  /** From the least that a decoder may need to the most that is kept. */
  #contexts(conn: number): readonly (readonly Entry[])[] {
    const { said, first, last } = this.#of(conn)
    return [said, [...said, ...first, ...last].toSorted((a, b) => a.seq - b.seq)]
  }

  #decode(feed: Feed, context: readonly Entry[], message: Message, value: unknown): readonly JsonObject[] {
    if (this.#header === undefined) return []
    const reading = new PacketReading(this.#header, this.#settings)
    for (const entry of context) reading.apply(entry)
    const payload = JSON.stringify(value) ?? ''
    const text = feed.transport === 'websocket' ? feed.encode.frame([payload]) : lineOf(message, payload)
    const read = reading.apply({ ...message, text })
    return read?.packets.flatMap(({ observations }) => observations.map(plainly)) ?? []
  }

  #remember(message: Message): void {
    const { said, first, last } = this.#of(message.conn)
    const isOurs = message.kind === 'request' || (message.kind === 'frame' && message.dir === 'out')
    if (isOurs) keepLast(said, message, 1)
    else if (first.length < MOST_CONTEXT / 2) first.push(message)
    else keepLast(last, message, 0)
  }

  #of(conn: number): Connection {
    const known = this.#connections.get(conn)
    if (known !== undefined) return known
    const made: Connection = { said: [], first: [], last: [] }
    this.#connections.set(conn, made)
    return made
  }
}

const [EVERYTHING, PART] = ['everything', 'part of it']

/** A message of one field says nothing without it; another message tells what the field is for. */
function telling(meaning: ReadonlySet<string>): readonly string[] {
  const words = [...meaning].filter(word => word !== EVERYTHING && word !== PART)
  return words.length > 0 ? words : [...meaning]
}

function isSettled({ meaning }: Known): boolean {
  const [word] = telling(meaning)
  return word !== undefined && word !== EVERYTHING && word !== PART
}

/** The first `held` stay: a connection's opening is needed to the end. */
function keepLast(entries: Entry[], entry: Entry, held: number): void {
  entries.push(entry)
  if (entries.length > MOST_CONTEXT) entries.splice(held, 1)
}

/** A stream's line ends with a newline, and is nothing without it. */
function lineOf(message: Message, payload: string): string {
  return message.kind === 'frame' && message.op === 'chunk' ? `${payload}\n` : payload
}

function plainly(observation: Observation): JsonObject {
  return observationToJson(observation)
}

function isSame(one: readonly JsonObject[], other: readonly JsonObject[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** In our own words: a quote's field by its name, anything else with the kind before it. */
function changesBetween(before: readonly JsonObject[], after: readonly JsonObject[]): readonly string[] {
  if (after.length === 0) return [EVERYTHING]
  if (after.length !== before.length) return [PART]
  return before.flatMap((one, index) => {
    const other = after[index] ?? {}
    return Object.keys({ ...one, ...other }).flatMap(key => {
      if (JSON.stringify(one[key]) === JSON.stringify(other[key])) return []
      if (key === 'fields') return changedKeys(one[key], other[key])
      return key === 'name' || key === 'session' ? [key] : [`${String(one['kind'])}.${key}`]
    })
  })
}

function changedKeys(one: unknown, other: unknown): readonly string[] {
  const [before, after] = [one, other].map(value => new Map(Object.entries(value ?? {})))
  const keys = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])
  return [...keys].filter(key => JSON.stringify(before?.get(key)) !== JSON.stringify(after?.get(key)))
}

function withAllAbove(path: string): readonly string[] {
  const steps = stepsOf(path)
  return ['', ...steps.map((_, index) => steps.slice(0, index + 1).join('.'))]
}
