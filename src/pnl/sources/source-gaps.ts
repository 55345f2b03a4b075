import type { Entry } from '../../tape/entry.ts'
import type { ObservedAt } from './position-source.ts'

interface Connection {
  readonly feed: string
  /** An imported export, which is whole: nothing is silent behind its last row. */
  readonly isFile: boolean
  /** It has said something that positions are made of. */
  isCarrier: boolean
}

/**
 * When a source of positions was silenced: what it would have said since then nobody heard. A connection that never
 * carried a word of it may come and go. A pause loses nothing: what was sent meanwhile comes late.
 */
export class SourceGaps {
  /** By tape as named, then by connection in the order in which they began. */
  readonly #connections = new Map<number, Map<number, Connection>>()
  /** By tape: the feeds that ever carried a word. */
  readonly #carriers = new Map<number, Set<string>>()

  /** A connection carried a word of the source. */
  heard({ index, conn, feed }: Pick<ObservedAt, 'index' | 'conn' | 'feed'>): void {
    this.#begin(index, conn, feed).isCarrier = true
    const feeds = this.#carriers.get(index)
    if (feeds === undefined) this.#carriers.set(index, new Set([feed]))
    else feeds.add(feed)
  }

  /** Takes an entry that is no frame; true where the source is silent from there on, or was before it. */
  begins(entry: Entry, tape: number): boolean {
    switch (entry.kind) {
      case 'open':
        this.#begin(tape, entry.conn, entry.feed, entry.url.startsWith('file:'))
        // Parts that follow one another are one tape, and what resumes there is not told: here a part is missing.
        return entry.resumed === true && this.#carriers.get(tape)?.has(entry.feed) === true
      case 'request':
        this.#begin(tape, entry.conn, entry.feed)
        return false
      case 'close':
      case 'fail':
        return this.#end(tape, entry.conn)
      case 'lost':
        return this.#carriers.has(tape)
      case 'frame':
      case 'response':
      case 'pause':
      case 'resume':
      case 'clock':
      case 'mark':
        return false
      default:
        return entry satisfies never
    }
  }

  /** The tape has ended: whether a connection was open there that carried the source. */
  endTape(tape: number): boolean {
    const open = [...(this.#connections.get(tape)?.values() ?? [])]
    this.#connections.delete(tape)
    return open.some(({ isCarrier, isFile }) => isCarrier && !isFile)
  }

  #begin(tape: number, conn: number, feed: string, isFile = false): Connection {
    const connections = this.#connections.get(tape) ?? new Map<number, Connection>()
    this.#connections.set(tape, connections)
    const known = connections.get(conn)
    if (known !== undefined) return known
    const made = { feed, isFile, isCarrier: false }
    connections.set(conn, made)
    return made
  }

  /** Whether a carrier ended that no later one of its feed, which has spoken by now, stands in for. */
  #end(tape: number, conn: number): boolean {
    const connections = this.#connections.get(tape)
    const ended = connections?.get(conn)
    if (connections === undefined || ended?.isCarrier !== true) {
      connections?.delete(conn)
      return false
    }
    const later = [...connections.values()].slice([...connections.keys()].indexOf(conn) + 1)
    connections.delete(conn)
    return !later.some(({ feed, isCarrier }) => isCarrier && feed === ended.feed)
  }
}
