import { feedNamed } from '../feeds/registry.ts'
import type { Micros } from '../model/time.ts'
import type { Close, Entry, Fail, Message, Open, Request } from '../tape/entry.ts'
import type { DataGap } from './inspection.ts'

interface Line {
  readonly feed: string
  /** When data came last; the opening counts as data. */
  dataAt: Micros
  pausedAt: Micros | undefined
}

/** Finds the times in which nothing came that anybody could have traded on. A heartbeat is no data. */
export class Gaps {
  readonly #threshold: Micros
  readonly #open = new Map<number, Line>()
  /** Since when a feed has had no connection. */
  readonly #downSince = new Map<string, Micros>()
  readonly #gaps: DataGap[] = []

  /** Silence is a gap when it is longer than `threshold`; a lost connection and a pause always are. */
  constructor(threshold: Micros) {
    this.#threshold = threshold
  }

  apply(entry: Entry): void {
    if (entry.kind === 'open') this.#opened(entry)
    else if (entry.kind === 'request') this.#asked(entry)
    else if (entry.kind === 'close' || entry.kind === 'fail') this.#closed(entry)
    else if (entry.kind === 'pause') this.#pause(entry.conn, entry.at)
    else if (entry.kind === 'resume') this.#resume(entry.conn, entry.at)
  }

  /** This message brought data. */
  data({ conn, at }: Message): void {
    const line = this.#open.get(conn)
    if (line === undefined) return
    this.#silence(conn, line, at)
    line.dataAt = at
  }

  /** In the order in which they began; `end` is the tape's. */
  gaps(end: Micros): readonly DataGap[] {
    for (const [conn, line] of this.#open) this.#silence(conn, line, end)
    this.#open.clear()
    return this.#gaps.toSorted((a, b) => a.from - b.from)
  }

  /** Where exchanges are the wire, its first request opens it. */
  #asked(request: Request): void {
    if (this.#open.has(request.conn) || feedNamed(request.feed)?.transport !== 'http') return
    this.#opened(request)
  }

  #opened({ conn, feed, at }: Open | Request): void {
    const down = this.#downSince.get(feed)
    if (down !== undefined) this.#gaps.push({ kind: 'reconnect', conn, from: down, to: at })
    this.#downSince.delete(feed)
    this.#open.set(conn, { feed, dataAt: at, pausedAt: undefined })
  }

  #closed({ conn, at }: Close | Fail): void {
    const line = this.#open.get(conn)
    if (line === undefined) return
    this.#silence(conn, line, at)
    this.#open.delete(conn)
    const isLast = ![...this.#open.values()].some(({ feed }) => feed === line.feed)
    if (isLast) this.#downSince.set(line.feed, at)
  }

  #pause(conn: number, at: Micros): void {
    const line = this.#open.get(conn)
    if (line !== undefined) line.pausedAt ??= at
  }

  #resume(conn: number, at: Micros): void {
    const line = this.#open.get(conn)
    if (line?.pausedAt === undefined) return
    this.#gaps.push({ kind: 'pause', conn, from: line.pausedAt, to: at })
    line.pausedAt = undefined
  }

  #silence(conn: number, { dataAt }: Line, until: Micros): void {
    if (until - dataAt > this.#threshold) this.#gaps.push({ kind: 'silence', conn, from: dataAt, to: until })
  }
}
