import type { Close, Direction, Entry, Fail, Frame, Open, Request, Standing } from '../tape/entry.ts'
import type { ConnectionReport, StatusCount } from './inspection.ts'

interface Row {
  readonly conn: number
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
        this.#row(entry)
        return
      case 'response':
        this.#exchanges.set(entry.exchange, entry.status)
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

  /** A damaged tape may have lost the `open` of what it still has frames of. */
  #count(frame: Frame): void {
    const { conn, dir } = frame
    const row = this.#rows.get(conn) ?? this.#row({ ...frame, kind: 'open', feed: '', url: '' })
    row.frames[dir] += 1
    row.bytes[dir] +=
      'text' in frame ? Buffer.byteLength(frame.text) : Buffer.byteLength(frame.base64, 'base64')
  }

  #end({ conn, at }: Close | Fail, ended: NonNullable<ConnectionReport['ended']>): void {
    const row = this.#rows.get(conn)
    if (row === undefined) return
    row.closedAt = at
    row.ended = ended
  }
}

function closing({ by, code, reason }: Close): NonNullable<ConnectionReport['ended']> {
  return { by, ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) }
}

function rank(status: StatusCount['status']): number {
  return status === 'no answer' ? Number.POSITIVE_INFINITY : status
}
