import type { Entry } from '../../tape/entry.ts'
import type { ReadFrame } from './selection.ts'

/** What a connection's later packets need besides frames of quotes, by number. */
class Beginnings {
  isOpen = false
  isNeeded = false
  readonly seqs: number[] = []
  /** The last exchange: once the connection is open it is its upgrade, before that its answer may be to come. */
  exchange: number[] = []
  pause: number | undefined
}

/**
 * The connections of a tape and how each began: its upgrade, `open`, whom the venue takes us for, and what the client
 * asked for (a decoder may have to know). Grows with the requests of a connection, not with its frames.
 */
export class Connections {
  readonly #all = new Map<number, Beginnings>()

  /** An entry before the cut that is no frame. */
  begin(entry: Entry): void {
    if (!('conn' in entry) || entry.conn === undefined) return
    const conn = this.#of(entry.conn)
    switch (entry.kind) {
      case 'request':
        conn.exchange = [entry.seq]
        break
      case 'response':
        conn.exchange.push(entry.seq)
        break
      case 'open':
        conn.isOpen = true
        conn.seqs.push(...conn.exchange, entry.seq)
        conn.exchange = []
        break
      case 'close':
        conn.isOpen = false
        conn.seqs.push(entry.seq)
        break
      case 'mark':
        if (entry.standing !== undefined) conn.seqs.push(entry.seq)
        break
      case 'pause':
        conn.pause = entry.seq
        break
      case 'resume':
        conn.pause = undefined
        break
      case 'fail':
      case 'frame':
        break
      default:
        entry satisfies never
    }
  }

  /** The client's own requests on a socket: what was asked for holds. A poll's holds for its answer only. */
  asked({ frame, packets }: ReadFrame): void {
    if (frame.kind === 'frame' && isRequest(packets)) this.#of(frame.conn).seqs.push(frame.seq)
  }

  isOpen(conn: number): boolean {
    return this.#all.get(conn)?.isOpen === true
  }

  need(conn: number): void {
    this.#of(conn).isNeeded = true
  }

  needOpen(): void {
    for (const conn of this.#all.values()) if (conn.isOpen) conn.isNeeded = true
  }

  isNeeded(conn: number): boolean {
    return this.#all.get(conn)?.isNeeded === true
  }

  get needed(): number {
    return [...this.#all.values()].filter(({ isNeeded }) => isNeeded).length
  }

  /** Of the connections that are needed: how they began. */
  *beginnings(): Generator<number> {
    for (const { isNeeded, seqs, exchange, pause } of this.#all.values()) {
      if (!isNeeded) continue
      yield* seqs
      yield* exchange
      if (pause !== undefined) yield pause
    }
  }

  #of(conn: number): Beginnings {
    const known = this.#all.get(conn)
    if (known !== undefined) return known
    const made = new Beginnings()
    this.#all.set(conn, made)
    return made
  }
}

/** Heartbeats are the client's, too, but ask for nothing. */
export function isRequest(packets: ReadFrame['packets']): boolean {
  return packets.some(({ dir, disposition }) => dir === 'out' && disposition !== 'status')
}
