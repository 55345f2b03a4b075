import { feedNamed } from '../feeds/registry.ts'
import type { Close, Direction, Entry, Fail, Frame, Open, Request, Standing } from '../tape/entry.ts'
import type { ConnectionReport, StatusCount } from './inspection.ts'

interface Row {
  readonly conn: number
  isPolled?: true
  feed: string
  url: string
  openedAt?: number
  closedAt?: number
  ended?: NonNullable<ConnectionReport['ended']>
  standing?: Standing
  readonly frames: Record<Direction, number>
  readonly bytes: Record<Direction, number>
}

/** Counts what each connection carried and how it ended. */
export class Connections {
  readonly #rows = new Map<number, Row>()
  readonly #exchanges = new Map<number, StatusCount['status']>()

  apply(entry: Entry): void {
    switch (entry.kind) {
      case 'request':
        this.#exchanges.set(entry.exchange, 'no answer')
        this.#asked(entry)
        return
      case 'response':
        this.#exchanges.set(entry.exchange, entry.status)
        if (this.#rows.get(entry.conn)?.isPolled === true) this.#add(entry.conn, 'in', entry)
        return
      case 'open':
        this.#row(entry).openedAt = entry.at
        return
      case 'frame':
        this.#count(entry)
        return
      case 'close':
        this.#end(entry, closing(entry))
        return
      case 'fail':
        this.#row(entry)
        this.#end(entry, { by: 'failure', reason: `${entry.cause}: ${entry.reason}` })
        return
      case 'mark':
        if (entry.conn !== undefined && entry.standing !== undefined) {
          const row = this.#rows.get(entry.conn)
          if (row !== undefined) row.standing = entry.standing
        }
        return
      case 'pause':
      case 'resume':
      case 'clock':
      case 'lost':
        return
      default:
        entry satisfies never
    }
  }

  connections(): readonly ConnectionReport[] {
    return [...this.#rows.values()]
  }

  /** In the order of the status; those without an answer last. */
  exchanges(): readonly StatusCount[] {
    const counts = new Map<StatusCount['status'], number>()
    for (const status of this.#exchanges.values()) counts.set(status, (counts.get(status) ?? 0) + 1)
    return [...counts]
      .map(([status, count]) => ({ status, count }))
      .sort((a, b) => rank(a.status) - rank(b.status))
  }

  #row({ conn, feed, url }: Open | Fail | Request): Row {
    const known = this.#rows.get(conn)
    if (known !== undefined) return known
    const row: Row = { conn, feed, url, frames: { in: 0, out: 0 }, bytes: { in: 0, out: 0 } }
    this.#rows.set(conn, row)
    return row
  }

  /** The upgrade of a socket is none of its messages. */
  #asked(request: Request): void {
    const row = this.#row(request)
    if (feedNamed(request.feed)?.transport !== 'http') return
    row.isPolled = true
    this.#add(request.conn, 'out', request)
  }

  #add(conn: number, dir: Direction, body: object): void {
    const row = this.#rows.get(conn)
    if (row === undefined) return
    row.frames[dir] += 1
    row.bytes[dir] += bytesOf(body)
  }

  /** A damaged tape may have lost the `open` of what it still has frames of. */
  #count(frame: Frame): void {
    const { conn, dir } = frame
    if (!this.#rows.has(conn)) this.#row({ ...frame, kind: 'open', feed: '', url: '' })
    this.#add(conn, dir, frame)
  }

  #end({ conn, at }: Close | Fail, ended: NonNullable<ConnectionReport['ended']>): void {
    const row = this.#rows.get(conn)
    if (row === undefined) return
    row.closedAt = at
    row.ended = ended
  }
}

function bytesOf(body: object): number {
  if ('text' in body && typeof body.text === 'string') return Buffer.byteLength(body.text)
  return 'base64' in body && typeof body.base64 === 'string' ? Buffer.byteLength(body.base64, 'base64') : 0
}

function closing({ by, code, reason }: Close): NonNullable<ConnectionReport['ended']> {
  return { by, ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) }
}

function rank(status: StatusCount['status']): number {
  return status === 'no answer' ? Number.POSITIVE_INFINITY : status
}
