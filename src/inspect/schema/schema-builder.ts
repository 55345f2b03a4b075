import type { Packet } from '../../feeds/feed.ts'
import type { Entry, Header, Message } from '../../tape/entry.ts'
import type { Tape } from '../../tape/index.ts'
import { FieldMeanings } from './field-meanings.ts'
import type { Moment } from './gaps.ts'
import { KindStats } from './kind-stats.ts'
import { NameFields } from './name-fields.ts'
import { type FeedSettings, PacketReading, type ReadMessage } from './packet-reading.ts'
import type { FeedFacts, SchemaFacts } from './schema-facts.ts'
import { Stretches } from './stretches.ts'

/** Kinds of one feed that are kept: a wire that names each message differently has none. */
const MOST_KINDS = 500

/** Connections whose requests are counted. */
const MOST_CONNECTIONS = 10_000

export interface SchemaOptions {
  /** What the user's config teaches a feed, by the feed's name. */
  readonly settings?: FeedSettings
  /** Sees what was read, message by message. */
  readonly watcher?: (read: ReadMessage, header: Header, tape: number) => void
}

interface FeedStats {
  readonly kinds: Map<string, KindStats>
  readonly names: NameFields
  /** Of incoming messages. */
  readonly stretches: Stretches
}

/** Tapes, one behind the other, to the schema that they show. Memory grows with kinds and fields, not with frames. */
export class SchemaBuilder {
  readonly #options: SchemaOptions
  readonly #feeds = new Map<string, FeedStats>()
  readonly #meanings: FieldMeanings
  readonly #tapes: string[] = []
  #header: Header | undefined
  #reading: PacketReading | undefined
  /** Requests of each connection so far. */
  #asked = new Map<number, number>()

  constructor(options: SchemaOptions = {}) {
    this.#options = options
    this.#meanings = new FieldMeanings(options.settings)
  }

  beginTape(header: Header, name: string): void {
    this.#header = header
    this.#tapes.push(name)
    this.#asked = new Map()
    this.#reading = new PacketReading(header, this.#options.settings)
    this.#meanings.beginTape(header)
    for (const { kinds } of this.#feeds.values()) for (const kind of kinds.values()) kind.beginTape()
  }

  apply(entry: Entry): void {
    if (this.#header === undefined) throw new Error('an entry before its tape')
    this.#meanings.apply(entry)
    const read = this.#reading?.apply(entry)
    if (read === undefined) return
    this.#add(read, this.#momentOf(read.message, this.#header))
    this.#meanings.look(read)
    this.#options.watcher?.(read, this.#header, this.#tapes.length - 1)
  }

  result(): SchemaFacts {
    return {
      tapes: this.#tapes,
      feeds: new Map([...this.#feeds].map(([feed, stats]) => [feed, this.#feed(feed, stats)])),
    }
  }

  #momentOf({ at, conn, kind }: Message, { clock }: Header): Moment {
    const asked = (this.#asked.get(conn) ?? 0) + (kind === 'request' ? 1 : 0)
    if (kind === 'request') {
      if (this.#asked.size >= MOST_CONNECTIONS) this.#asked.clear()
      this.#asked.set(conn, asked)
    }
    return { at: clock === 'none' ? undefined : at, asked }
  }

  #add({ feed, message, packets }: ReadMessage, moment: Moment): void {
    const stats = this.#of(feed)
    if (packets.some(({ packet }) => packet.dir === 'in')) stats.stretches.next()
    for (const { packet, body, observations } of packets) {
      stats.names.learn(observations)
      if (body.value !== undefined && packet.dir === 'in') stats.names.look(packet.kind, body.value)
      kindOf(stats, packet)?.add(packet, body, message, stats.stretches, moment)
    }
  }

  #feed(feed: string, { kinds, names, stretches }: FeedStats): FeedFacts {
    const results = [...kinds].map(([key, stats]) => {
      const isIn = stats.dir === 'in'
      const meanings = isIn ? this.#meanings.of(feed, stats.kind) : undefined
      const facts = stats.result(stretches, {
        isName: path => isIn && names.isName(stats.kind, path),
        meaning: path => meanings?.get(path),
      })
      return [key, facts] as const
    })
    return { feed, messages: stretches.count, stretch: stretches.size, kinds: new Map(results) }
  }

  #of(feed: string): FeedStats {
    const known = this.#feeds.get(feed)
    if (known !== undefined) return known
    const made: FeedStats = { kinds: new Map(), names: new NameFields(), stretches: new Stretches() }
    this.#feeds.set(feed, made)
    return made
  }
}

function kindOf({ kinds }: FeedStats, { dir, kind }: Packet): KindStats | undefined {
  const key = `${dir} ${kind}`
  const known = kinds.get(key)
  if (known !== undefined || kinds.size >= MOST_KINDS) return known
  const made = new KindStats(dir, kind)
  kinds.set(key, made)
  return made
}

/** Reads tapes to their ends. */
export async function readSchema(tapes: readonly Tape[], options: SchemaOptions = {}): Promise<SchemaFacts> {
  const builder = new SchemaBuilder(options)
  for (const tape of tapes) {
    builder.beginTape(tape.header, tape.name)
    for await (const entry of tape) builder.apply(entry)
  }
  return builder.result()
}
