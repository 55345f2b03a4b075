import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exchangeDrafts, FEEDS, type Feed } from '../../src/feeds/index.ts'
import { type Message, TapeReader } from '../../src/tape/index.ts'
import { messageOf } from './fuzz-account.ts'

/** What is mutated: the feeds' samples, their golden tapes, and what stands on those. */
export interface Corpus {
  readonly feeds: readonly FeedCorpus[]
}

export interface FeedCorpus {
  readonly feed: Feed
  readonly tapes: readonly Buffer[]
  /** The tapes' messages, connection by connection; a kind's sample with what it answers is one too. */
  readonly connections: readonly (readonly Message[])[]
  /** The texts of all messages: a socket's frames, the bodies of exchanges. */
  readonly texts: readonly string[]
  /** What a frame carries: samples, and the objects that stand in texts. */
  readonly payloads: readonly string[]
  /** The feed's settings as its schema has read them, where it has an example of them. */
  readonly settings: unknown
}

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url))

/** Of every feed, or of the one that is named. Throws a plain Error where there is none of that name. */
export async function readCorpus(name?: string): Promise<Corpus> {
  const feeds = FEEDS.filter(feed => name === undefined || feed.name === name)
  if (feeds.length === 0) throw new Error(`no feed ${name}: ${FEEDS.map(feed => feed.name).join(', ')}`)
  return { feeds: await Promise.all(feeds.map(corpusOf)) }
}

async function corpusOf(feed: Feed): Promise<FeedCorpus> {
  const tapes: Buffer[] = []
  const connections: (readonly Message[])[] = samplesOf(feed)
  for (const path of await tapesIn(join(FIXTURES, feed.name))) {
    tapes.push(await readFile(path))
    const byConnection = new Map<number, Message[]>()
    for await (const entry of await TapeReader.open(path)) {
      if (!('dir' in entry || 'exchange' in entry)) continue
      if (feed.transport === 'websocket' && entry.kind !== 'frame') continue
      const messages = byConnection.get(entry.conn) ?? []
      byConnection.set(entry.conn, [...messages, entry])
    }
    connections.push(...byConnection.values())
  }
  const texts = connections.flat().flatMap(message => ('text' in message ? [message.text] : []))
  const samples = feed.kinds.map(({ sample }) => sample).filter(sample => !sample.startsWith('(binary)'))
  const payloads = [...samples, ...texts.flatMap(objectsIn)]
  return { feed, tapes, connections, texts, payloads, settings: settingsOf(feed) }
}

async function tapesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const tapes = names.filter(name => name.endsWith('.tape.jsonl'))
  return tapes.sort().map(name => join(folder, name))
}

/** Each kind's own message, so that a feed without a tape has a corpus too. */
function samplesOf(feed: Feed): (readonly Message[])[] {
  return feed.kinds.flatMap(kind => {
    if (kind.sample.startsWith('(binary)')) return []
    if (feed.transport === 'http') {
      const place = { feed: feed.name, conn: 1, exchange: 1, at: 0 }
      return [exchangeDrafts(feed.encode.carry(kind), place).flatMap(messageOf)]
    }
    const said = [kind.behind, kind.sample].flatMap(sample => (sample === undefined ? [] : [sample]))
    return [
      said.flatMap((sample, index): readonly Message[] => {
        const isLast = index === said.length - 1
        const dir = isLast === (kind.dir === 'in') ? 'in' : 'out'
        const text = feed.encode.frame([sample])
        return [{ kind: 'frame', seq: index + 1, at: 0, conn: 1, dir, op: 'text', text }]
      }),
    ]
  })
}

function settingsOf({ settings }: Feed): unknown {
  return settings?.example === undefined ? undefined : settings.schema.parse(settings.example)
}

/** The longest run from each `{` on the outside to its end, whatever stands between them. */
function objectsIn(text: string): readonly string[] {
  const objects: string[] = []
  let depth = 0
  let start = 0
  let isString = false
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charAt(at)
    if (isString) {
      if (unit === '\\') at += 1
      else if (unit === '"') isString = false
    } else if (unit === '"') isString = depth > 0
    else if (unit === '{') {
      if (depth === 0) start = at
      depth += 1
    } else if (unit === '}' && depth > 0) {
      depth -= 1
      if (depth === 0) objects.push(text.slice(start, at + 1))
    }
  }
  return objects
}
