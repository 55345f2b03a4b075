import { FEEDS } from '../feeds/index.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'

/** Which streams of a tape are meant. */
export type SideKey =
  | { readonly kind: 'all' }
  | { readonly kind: 'feed'; readonly feed: string }
  | { readonly kind: 'conn'; readonly conn: number }
  /** Absent: any. */
  | { readonly kind: 'stream'; readonly session: string | undefined; readonly name: string | undefined }

/** One side of a comparison as the user wrote it. */
export interface SideChoice {
  readonly path: string
  /** The further parts of its recording, in their order. */
  readonly parts?: readonly string[]
  readonly key: SideKey
  readonly text: string
}

/** `TAPE` or `TAPE#KEY`; a file that itself has a # in its name is that file. Throws `usage`. */
export function readSideChoice(text: string, isFile: (path: string) => boolean): SideChoice {
  const marks = [...text.matchAll(/#/g)].map(({ index }) => index)
  const [first] = marks
  if (first === undefined || isFile(text)) return { path: text, key: { kind: 'all' }, text }
  const mark = marks.find(at => isFile(text.slice(0, at))) ?? first
  return { path: text.slice(0, mark), key: readSideKey(text.slice(mark + 1), text), text }
}

/** `3` is a connection, `a|b` a session and a name (either may be empty: any), anything else a feed. */
function readSideKey(key: string, where: string): SideKey {
  if (/^\d+$/.test(key)) return { kind: 'conn', conn: Number(key) }
  const bar = key.indexOf('|')
  if (bar >= 0) {
    const [session, name] = [key.slice(0, bar), key.slice(bar + 1)]
    return { kind: 'stream', session: session || undefined, name: name || undefined }
  }
  if (FEEDS.some(({ name }) => name === key)) return { kind: 'feed', feed: key }
  throw new FeedtapeError('usage', 'this selects nothing of a tape', {
    where,
    expected: `behind the # a feed (${FEEDS.map(({ name }) => name).join(', ')}), the number of a connection, or session|name`,
    found: excerpt(key),
    next: "'feedtape inspect TAPE' shows feeds and connections, 'feedtape quotes --updates TAPE' sessions and names",
  })
}

/** Whether an update of this connection and feed is the side's. A session that ends in * is its beginning. */
export function selects(key: SideKey, feed: string, conn: number, session: string, name: string): boolean {
  switch (key.kind) {
    case 'all':
      return true
    case 'feed':
      return key.feed === feed
    case 'conn':
      return key.conn === conn
    case 'stream':
      return (key.name === undefined || key.name === name) && isSession(key.session, session)
    default:
      return key satisfies never
  }
}

function isSession(wanted: string | undefined, session: string): boolean {
  if (wanted === undefined) return true
  return wanted.endsWith('*') ? session.startsWith(wanted.slice(0, -1)) : session === wanted
}
