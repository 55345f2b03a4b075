import { feedNamed } from '../feeds/registry.ts'
import type { Entry, Message } from '../tape/entry.ts'

interface Removed {
  readonly sessions: Set<string>
  readonly names: Set<string>
}

/** Remembers what clients have taken back, for as long as their connection lives. */
export class Removals {
  readonly #feeds = new Map<number, string>()
  readonly #removed = new Map<number, Removed>()

  apply(entry: Entry): void {
    if (entry.kind === 'open') this.#feeds.set(entry.conn, entry.feed)
    else if (entry.kind === 'close') {
      this.#feeds.delete(entry.conn)
      this.#removed.delete(entry.conn)
    } else if (entry.kind === 'frame' && entry.dir === 'out' && 'text' in entry) {
      this.#asked(entry.conn, entry.text)
    }
  }

  has({ conn }: Message, session: string, name: string): boolean {
    const removed = this.#removed.get(conn)
    if (removed === undefined) return false
    return removed.sessions.has(session) || removed.names.has(keyOf(session, name))
  }

  #asked(conn: number, message: string): void {
    const changes = feedNamed(this.#feeds.get(conn) ?? '')?.subscriptions?.(message) ?? []
    for (const { kind, session, name } of changes) {
      const removed = this.#removedOf(conn)
      if (name === undefined) {
        if (kind === 'remove') removed.sessions.add(session)
        else removed.sessions.delete(session)
      } else if (kind === 'remove') removed.names.add(keyOf(session, name))
      else removed.names.delete(keyOf(session, name))
    }
  }

  #removedOf(conn: number): Removed {
    const known = this.#removed.get(conn)
    if (known !== undefined) return known
    const made: Removed = { sessions: new Set(), names: new Set() }
    this.#removed.set(conn, made)
    return made
  }
}

function keyOf(session: string, name: string): string {
  return JSON.stringify([session, name])
}
