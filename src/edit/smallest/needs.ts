import type { Entry } from '../../tape/index.ts'

/**
 * Which earlier entries one says nothing without: a frame without its connection's `open`, an answer without its
 * request, a piece of a stream without the answer that it belongs to. A `pause` and its `resume` go together.
 */
export class Needs {
  readonly #all: number[][] = []
  readonly #opens = new Map<number, number>()
  readonly #pauses = new Map<number, number>()
  readonly #requests = new Map<number, number>()
  /** Of each connection its latest exchange. */
  readonly #exchanges = new Map<number, readonly number[]>()
  /** What is taken away as one, by its first entry. */
  readonly #wholes: number[] = []

  /** The entries in the order of the tape. */
  add(entry: Entry): void {
    const index = this.#all.length
    this.#wholes.push(index)
    this.#all.push([])
    const needed = this.#neededBy(entry, index)
    this.#all[index]?.push(...needed)
  }

  of(index: number): readonly number[] {
    return this.#all[index] ?? []
  }

  /** The first entry of what goes together: an exchange with its pieces, a pause with its resume, or itself. */
  whole(index: number): number {
    return this.#wholes[index] ?? index
  }

  /** As `whole`, but for what can go by itself. */
  pair(index: number): number {
    const first = this.whole(index)
    return this.of(first).includes(index) ? first : index
  }

  #neededBy(entry: Entry, index: number): readonly number[] {
    switch (entry.kind) {
      case 'open':
        this.#opens.set(entry.conn, index)
        return []
      case 'request':
        this.#requests.set(entry.exchange, index)
        this.#opens.delete(entry.conn)
        this.#exchanges.set(entry.conn, [index])
        return []
      case 'response': {
        const request = this.#requests.get(entry.exchange)
        if (request === undefined) return []
        this.#exchanges.set(entry.conn, [request, index])
        this.#wholes[index] = request
        return [request]
      }
      case 'frame': {
        if (entry.op !== 'chunk') return this.#beginning(entry.conn)
        const exchange = this.#exchanges.get(entry.conn) ?? []
        this.#wholes[index] = exchange[0] ?? index
        return exchange.length === 0 ? this.#beginning(entry.conn) : exchange
      }
      case 'pause':
        this.#pauses.set(entry.conn, index)
        return this.#beginning(entry.conn)
      case 'resume':
        return [...this.#beginning(entry.conn), ...this.#paused(entry.conn, index)]
      case 'close':
        return this.#beginning(entry.conn)
      case 'mark':
        return entry.conn === undefined ? [] : this.#beginning(entry.conn)
      case 'fail':
      case 'clock':
      case 'lost':
        return []
      default:
        return entry satisfies never
    }
  }

  #beginning(conn: number): readonly number[] {
    const open = this.#opens.get(conn)
    return open === undefined ? (this.#exchanges.get(conn)?.slice(-1) ?? []) : [open]
  }

  /** Held for ever, it would be another story. */
  #paused(conn: number, resume: number): readonly number[] {
    const pause = this.#pauses.get(conn)
    if (pause === undefined) return []
    this.#pauses.delete(conn)
    this.#all[pause]?.push(resume)
    this.#wholes[resume] = pause
    return [pause]
  }
}
