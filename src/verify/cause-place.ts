import { ConnectionFeeds } from '../normalize/index.ts'
import { type Entry, TapeReader } from '../tape/index.ts'

/** An entry of a tape, for the eyes of whoever looks for a cause. */
export interface CausePlace {
  readonly seq: number
  readonly feed: string
  /** The entry's: `frame`, `response`. */
  readonly entry: string
  /** The beginning of what it carries, as it stands on the tape. */
  readonly text: string
}

const PLACE_LENGTH = 200

/** Reads up to that entry, which only a case that differs pays for. */
export async function placeOn(path: string, seq: number): Promise<CausePlace | undefined> {
  const tape = await TapeReader.open(path)
  try {
    const feeds = new ConnectionFeeds(tape.header.id)
    for await (const entry of tape) {
      feeds.apply(entry)
      if (entry.seq < seq) continue
      return entry.seq === seq ? placeOf(entry, feeds) : undefined
    }
    return undefined
  } finally {
    await tape.close()
  }
}

function placeOf(entry: Entry, feeds: ConnectionFeeds): CausePlace {
  const { kind, seq } = entry
  const feed = 'conn' in entry ? feeds.place({ conn: entry.conn, seq }).feed : ''
  return { seq, feed, entry: kind, text: textOf(entry).slice(0, PLACE_LENGTH) }
}

function textOf(entry: Entry): string {
  if ('text' in entry && typeof entry.text === 'string') return entry.text
  if ('base64' in entry) return `base64 ${entry.base64}`
  return 'reason' in entry && typeof entry.reason === 'string' ? entry.reason : ''
}
