import type { WirePlace } from '../instruments/index.ts'
import type { Entry, Message } from '../tape/entry.ts'

/** Which feed each connection carries: it says whose word a fact is. */
export class ConnectionFeeds {
  readonly #feeds = new Map<number, string>()
  readonly #tape: string

  constructor(tape: string) {
    this.#tape = tape
  }

  apply(entry: Entry): void {
    if (entry.kind === 'open' || entry.kind === 'request') this.#feeds.set(entry.conn, entry.feed)
  }

  /** `''` where none was named. */
  of(conn: number): string {
    return this.#feeds.get(conn) ?? ''
  }

  place({ conn, seq }: Pick<Message, 'conn' | 'seq'>): WirePlace {
    return { feed: this.of(conn), tape: this.#tape, seq }
  }
}
