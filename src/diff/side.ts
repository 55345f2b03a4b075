import { feedNamed } from '../feeds/index.ts'
import type { QuoteUpdate } from '../model/observation.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { Entry, Message } from '../tape/entry.ts'
import { Distribution } from './distribution.ts'
import type { Place } from './place.ts'
import { type SideChoice, selects } from './side-key.ts'

export type Which = 'a' | 'b'

/** Closed or failed connections that are remembered: a silence may be one. */
const ENDS_KEPT = 1_000

/** One side: which updates of its tape are its own, and what its connections were like. */
export class Side {
  readonly which: Which
  readonly choice: SideChoice
  readonly tape: string
  readonly feeds = new Set<string>()
  /** Spaces between the answers of polled feeds. */
  readonly polls = new Distribution()
  /** When connections of the side ended. */
  readonly ends: EpochMicros[] = []
  /** When the latest of them did. */
  endedAt: EpochMicros | undefined
  readonly #connections = new Map<number, Connection>()
  #updates = 0

  constructor(which: Which, choice: SideChoice, tape: string) {
    this.which = which
    this.choice = choice
    this.tape = tape
  }

  get updates(): number {
    return this.#updates
  }

  /** The usual space between two answers, where the side is polled and nothing else. */
  get pollsEvery(): Micros | undefined {
    const isPolled = [...this.feeds].every(feed => feedNamed(feed)?.transport === 'http')
    return isPolled ? this.polls.spread()?.median : undefined
  }

  /** Before the entry is decoded. */
  apply(entry: Entry, at: EpochMicros): void {
    switch (entry.kind) {
      case 'open':
        this.#connections.set(entry.conn, new Connection(entry.feed))
        break
      case 'request':
        if (!this.#connections.has(entry.conn)) this.#connections.set(entry.conn, new Connection(entry.feed))
        break
      case 'response':
        this.#answered(entry.conn, at)
        break
      case 'frame': {
        const connection = this.#connections.get(entry.conn)
        if (connection !== undefined) connection.messages += 1
        break
      }
      case 'close':
      case 'fail':
        this.#ended(entry.conn, at)
        break
      case 'pause':
      case 'resume':
      case 'clock':
      case 'mark':
      case 'lost':
        break
      default:
        entry satisfies never
    }
  }

  /** The feed of an update that is this side's. */
  own(update: QuoteUpdate, { conn }: Message): string | undefined {
    const connection = this.#connections.get(conn)
    if (connection === undefined) return undefined
    if (!selects(this.choice.key, connection.feed, conn, update.session, update.name)) return undefined
    connection.isOwn = true
    this.feeds.add(connection.feed)
    this.#updates += 1
    return connection.feed
  }

  place({ session, name }: QuoteUpdate, { conn, seq }: Message, packet: number, at: EpochMicros): Place {
    const { feed = '', messages = 0 } = this.#connections.get(conn) ?? {}
    return { tape: this.tape, seq, packet, message: messages - 1, conn, feed, session, name, at }
  }

  /** Whether a connection's word for the session means that regular trading is on, where its feed knows. */
  isTrading(conn: number, marketState: string): boolean | undefined {
    return feedNamed(this.#connections.get(conn)?.feed ?? '')?.isTrading?.(marketState)
  }

  #answered(conn: number, at: EpochMicros): void {
    const connection = this.#connections.get(conn)
    if (connection === undefined) return
    connection.messages += 1
    if (connection.isOwn && connection.answeredAt !== undefined) this.polls.add(at - connection.answeredAt)
    connection.answeredAt = at
  }

  #ended(conn: number, at: EpochMicros): void {
    if (this.#connections.get(conn)?.isOwn === true) {
      this.endedAt = at
      if (this.ends.length < ENDS_KEPT) this.ends.push(at)
    }
    this.#connections.delete(conn)
  }
}

class Connection {
  readonly feed: string
  messages = 0
  isOwn = false
  answeredAt: EpochMicros | undefined

  constructor(feed: string) {
    this.feed = feed
  }
}
