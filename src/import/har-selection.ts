import { feedOf, feedOfSniffing, isAnyJson, sniff, socketFeedNamed } from '../feeds/index.ts'
import { epochMicrosFromIso } from '../model/time.ts'
import { type AddressedEntry, addressedEntry, type Har, type HarEntry, wholeEntry } from './har-shape.ts'

/** What a connection is called whose wire nobody knows: only `--all` takes those. */
export const UNKNOWN_FEED = 'unknown'

export interface TakenEntry {
  /** Its place in the HAR, from 0. */
  readonly index: number
  readonly feed: string
  readonly isSocket: boolean
  readonly entry: HarEntry
}

export interface LeftOut {
  readonly host: string
  readonly connections: number
  readonly exchanges: number
}

export interface Selection {
  /** By their start; in the HAR's order where two are equal. */
  readonly taken: readonly TakenEntry[]
  /** By host, in the order of the HAR. */
  readonly leftOut: readonly LeftOut[]
}

export interface Claims {
  /** Whose all is that no feed's address claims, as the user says. */
  readonly named?: string | undefined
  /** Whose the rest is. */
  readonly otherwise?: string | undefined
}

/**
 * Takes what a known feed claims by its address, then what the user says, then what of a socket its looks say. What
 * is left out is counted, never forgotten.
 */
export function selectEntries(har: Har, { named, otherwise }: Claims, where: string): Selection {
  const taken: TakenEntry[] = []
  const leftOut = new Map<string, LeftOut>()
  for (const [index, entry] of har.log.entries.entries()) {
    const addressed = addressedEntry(entry)
    const url = addressed?.request.url ?? ''
    const isSocket = addressed !== undefined && isSocketEntry(addressed)
    const looks = isSocket ? feedByLooks(addressed) : undefined
    const said = named !== undefined && isAnyJson(named) ? (looks ?? named) : (named ?? looks)
    const feed = feedOf(url)?.name ?? said ?? otherwise
    if (feed === undefined) countLeftOut(leftOut, hostOf(url), isSocket)
    else taken.push({ index, feed, isSocket, entry: wholeEntry(entry, index, where) })
  }
  taken.sort((a, b) => startOf(a.entry) - startOf(b.entry))
  return { taken, leftOut: [...leftOut.values()] }
}

/** Microseconds; the shape has already held it against ISO 8601. */
export function startOf(entry: HarEntry): number {
  return epochMicrosFromIso(entry.startedDateTime) ?? Number.NaN
}

/** The host alone: a path or query may carry a credential. */
export function hostOf(url: string): string {
  const parsed = URL.parse(url)
  if (parsed === null) return '(no address)'
  return parsed.host === '' ? `(${parsed.protocol})` : parsed.host
}

/** A wire behind a host that is not its own: a proxy, a venue on this machine. What only might be it is not taken. */
function feedByLooks({ _webSocketMessages: messages }: AddressedEntry): string | undefined {
  if (!Array.isArray(messages)) return undefined
  const texts = messages.flatMap((message: unknown) =>
    typeof message === 'object' && message !== null && 'data' in message && typeof message.data === 'string'
      ? [message.data]
      : [],
  )
  const feed = feedOfSniffing(sniff(texts))?.feed
  return feed === undefined || isAnyJson(feed) ? undefined : socketFeedNamed(feed)?.name
}

function isSocketEntry(entry: AddressedEntry): boolean {
  return (
    /^wss?:/i.test(entry.request.url) ||
    entry._resourceType === 'websocket' ||
    (Array.isArray(entry._webSocketMessages) && entry._webSocketMessages.length > 0)
  )
}

function countLeftOut(leftOut: Map<string, LeftOut>, host: string, isSocket: boolean): void {
  const before = leftOut.get(host) ?? { host, connections: 0, exchanges: 0 }
  leftOut.set(host, {
    host,
    connections: before.connections + (isSocket ? 1 : 0),
    exchanges: before.exchanges + (isSocket ? 0 : 1),
  })
}
