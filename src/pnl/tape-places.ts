import { ConnectionFeeds } from '../normalize/index.ts'
import type { Entry, Header, Message } from '../tape/entry.ts'
import type { ObservedAt } from './sources/position-source.ts'

/** Where on the tapes of a run something stands: the tape by its place as named, what a connection carries. */
export class TapePlaces {
  readonly #headers: readonly Header[]
  readonly #ids: readonly string[]
  readonly #feeds: readonly ConnectionFeeds[]

  constructor(headers: readonly Header[]) {
    this.#headers = headers
    this.#ids = headers.map(({ id }) => id)
    this.#feeds = headers.map(({ id }) => new ConnectionFeeds(id))
  }

  /** Takes an entry that is no frame: it may open a connection. */
  apply(entry: Entry, tape: number): void {
    this.#feeds[tape]?.apply(entry)
  }

  idOf(tape: number): string {
    return this.#ids[tape] ?? ''
  }

  /** Which feed a connection carries, `''` where none was named. */
  feedOf(tape: number, conn: number): string {
    return this.#feeds[tape]?.place({ conn, seq: 0 }).feed ?? ''
  }

  of({ seq, conn }: Message, tape: number, packet: number): ObservedAt {
    const isLead = seq < (this.#headers[tape]?.lead ?? 0)
    return { index: tape, tape: this.idOf(tape), seq, packet, conn, feed: this.feedOf(tape, conn), isLead }
  }
}
