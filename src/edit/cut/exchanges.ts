import { feedNamed } from '../../feeds/registry.ts'
import type { Entry, Message } from '../../tape/entry.ts'
import { LeadFrame } from './lead-frame.ts'

interface Exchange {
  readonly conn: number
  readonly frames: LeadFrame[]
  isAnswered: boolean
}

/**
 * Where exchanges are the wire itself, neither half says anything without the other: an answer's columns stand in
 * its request, and a stream's chunks in both. Grows with what is not yet answered, not with all that was polled.
 */
export class Exchanges {
  readonly #open = new Map<number, Exchange>()
  /** Of each polled connection, its latest exchange. */
  readonly #latest = new Map<number, number>()
  readonly #kept = new Set<number>()

  /** In the order of the tape, before anything is asked about the entry. */
  see(entry: Entry): void {
    if (entry.kind === 'request') {
      if (feedNamed(entry.feed)?.transport !== 'http') return
      this.#forget(entry.conn)
      this.#latest.set(entry.conn, entry.exchange)
      const { conn, exchange } = entry
      this.#open.set(exchange, { conn, frames: [new LeadFrame(entry)], isAnswered: false })
    } else if (entry.kind === 'response') {
      const known = this.#open.get(entry.exchange)
      if (known === undefined) return
      known.isAnswered = true
      known.frames.push(new LeadFrame(entry))
    }
  }

  isPolled(conn: number): boolean {
    return this.#latest.has(conn)
  }

  /** The other entries of its exchange that came before it. */
  around(message: Message): readonly LeadFrame[] {
    const exchange = this.#of(message)
    const frames = exchange === undefined ? [] : (this.#open.get(exchange)?.frames ?? [])
    return frames.filter(({ seq }) => seq < message.seq)
  }

  /** The message stays, and with it its exchange. */
  keep(message: Message): void {
    const exchange = this.#of(message)
    if (exchange !== undefined) this.#kept.add(exchange)
  }

  keeps(exchange: number): boolean {
    return this.#kept.has(exchange)
  }

  #of(message: Message): number | undefined {
    return message.kind === 'frame' ? this.#latest.get(message.conn) : message.exchange
  }

  #forget(conn: number): void {
    const latest = this.#latest.get(conn)
    if (latest !== undefined && this.#open.get(latest)?.isAnswered === true) this.#open.delete(latest)
  }
}
