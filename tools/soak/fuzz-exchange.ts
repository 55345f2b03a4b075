import type { HttpFeed } from '../../src/feeds/index.ts'
import { type Random, randomInteger } from '../../src/model/random.ts'
import type { Entry, Message, Request, Response } from '../../src/tape/index.ts'
import { decodeConnection, jsonOf } from './fuzz-account.ts'
import { wrongBehind, wrongWithPnl } from './fuzz-behind.ts'
import type { FeedCorpus } from './fuzz-corpus.ts'
import { hitBytes, hostileJson, pick, retoldJson, woundedText, woundedUrl } from './fuzz-hostile.ts'
import { hostileHeaders } from './fuzz-hostile-http.ts'
import { wrongWithTurns } from './fuzz-turns.ts'
import { wrongWithConnection } from './fuzz-wire.ts'

/** A connection's exchanges, some of them hostile, in an order that no recorder writes, through all that reads them. */
export async function fuzzExchange(
  random: Random,
  feed: HttpFeed,
  corpus: FeedCorpus,
): Promise<string | undefined> {
  const settings = random.next() < 0.5 ? corpus.settings : undefined
  const messages = hostileExchanges(random, corpus)
  const wrong =
    wrongWithConnection(feed, messages, settings) ??
    wrongAmongOthers(random, feed, corpus, messages) ??
    wrongWithBorders(random, feed, corpus) ??
    wrongWithTurns(random, feed, messages)
  if (wrong !== undefined) return wrong
  const entries: readonly Entry[] = messages
  const taught = new Map(settings === undefined ? [] : [[feed.name, settings]])
  return (
    (await wrongBehind(entries, taught)) ??
    (random.next() < 0.1 ? await wrongWithPnl(entries, taught) : undefined)
  )
}

function hostileExchanges(random: Random, corpus: FeedCorpus): readonly Message[] {
  const taken = Array.from({ length: randomInteger(random, 1, 3) }, (_, n) => {
    const messages = pick(random, corpus.connections).slice(0, 12)
    // Several connections' exchanges in one: their numbers are theirs, or meet.
    return messages.map(message => renumbered(message, random.next() < 0.8 ? n * 100 : 0))
  })
  const messages = taken.flat().flatMap(message => {
    const draw = random.next()
    if (draw < 0.05) return []
    if (draw < 0.1) return [message, message]
    return draw < 0.6 ? [message] : [hostileMessage(random, message, corpus)]
  })
  if (messages.length > 1 && random.next() < 0.3) {
    const at = randomInteger(random, 0, messages.length - 2)
    const [one, other] = [messages[at], messages[at + 1]]
    if (one !== undefined && other !== undefined) messages.splice(at, 2, other, one)
  }
  return messages.map((message, index) => ({ ...message, seq: index + 1, at: index, conn: 1 }))
}

function renumbered(message: Message, by: number): Message {
  return message.kind === 'frame' ? message : { ...message, exchange: message.exchange + by }
}

function hostileMessage(random: Random, message: Message, corpus: FeedCorpus): Message {
  const text = 'text' in message ? message.text : ''
  if (message.kind === 'frame' || random.next() < 0.05) {
    const dir = random.next() < 0.8 ? 'in' : 'out'
    const op = random.next() < 0.8 ? 'chunk' : pick(random, ['text', 'binary', 'ping', 'pong'] as const)
    const { seq, at, conn } = message
    const said = hostileText(random, text, corpus)
    const frame = { kind: 'frame', seq, at, conn, dir, op } as const
    return random.next() < 0.9 ? { ...frame, text: said } : { ...frame, base64: hitBytes(random, said) }
  }
  const body = hostileBody(random, text, corpus)
  return message.kind === 'request'
    ? { ...requestHead(random, message), ...body }
    : { ...responseHead(random, message), ...body }
}

type RequestHead = Omit<Request, 'redacted' | 'original'>
type ResponseHead = Omit<Response, 'redacted' | 'original'>

function requestHead(
  random: Random,
  { kind, seq, at, conn, feed, exchange, method, url, headers }: Request,
): RequestHead {
  return {
    ...{ kind, seq, at, conn, feed, exchange },
    method: random.next() < 0.8 ? method : pick(random, ['GET', 'POST', 'PUT', '', 'get']),
    url: random.next() < 0.6 ? url : woundedUrl(random, url),
    headers: random.next() < 0.8 ? headers : hostileHeaders(random),
  }
}

function responseHead(
  random: Random,
  { kind, seq, at, conn, exchange, status, headers }: Response,
): ResponseHead {
  const statuses = [0, 101, 200, 204, 206, 301, 400, 403, 404, 408, 429, 500, 503, 599, 1e9]
  return {
    ...{ kind, seq, at, conn, exchange },
    status: random.next() < 0.6 ? status : pick(random, statuses),
    headers: random.next() < 0.8 ? headers : hostileHeaders(random),
  }
}

function hostileBody(random: Random, text: string, corpus: FeedCorpus): object {
  const draw = random.next()
  if (draw < 0.05) return {}
  if (draw < 0.1) return { omitted: 'left out' }
  const said = hostileText(random, text, corpus)
  return draw < 0.2 ? { base64: hitBytes(random, said) } : { text: said }
}

function hostileText(random: Random, text: string, { texts }: FeedCorpus): string {
  const draw = random.next()
  if (draw < 0.55) return retoldJson(random, text)
  if (draw < 0.8) return woundedText(random, text, pick(random, texts))
  return draw < 0.9 ? pick(random, texts) : hostileJson(random)
}

/** An exchange with a number of its own is read the same behind others and around them, whatever those were. */
function wrongAmongOthers(
  random: Random,
  feed: HttpFeed,
  { connections }: FeedCorpus,
  others: readonly Message[],
): string | undefined {
  const connection = pick(random, connections).slice(0, 12)
  const answered = new Set(connection.flatMap(one => (one.kind === 'response' ? [one.exchange] : [])))
  const own = connection
    .filter(one => one.kind !== 'frame' && answered.has(one.exchange))
    .map(one => renumbered(one, 100_000))
  const requests = own.filter(({ kind }) => kind === 'request')
  const answers = own.filter(({ kind }) => kind === 'response')
  const alone = decodeConnection(feed, [...requests, ...answers], {})
  for (const order of [
    [...others, ...requests, ...answers],
    [...requests, ...others, ...answers],
  ]) {
    const among = decodeConnection(feed, order, {})
    const same = [...requests, ...answers].map(message => among[order.indexOf(message)])
    if (jsonOf(alone) !== jsonOf(same))
      return `exchanges are read otherwise among others: ${jsonOf(own).slice(0, 600)}`
  }
  return undefined
}

/** Where chunks end means nothing. */
function wrongWithBorders(random: Random, feed: HttpFeed, { connections }: FeedCorpus): string | undefined {
  const connection = pick(random, connections)
  const cut = rechunked(random, connection)
  if (cut === connection) return undefined
  const [one, other] = [connection, cut].map(messages =>
    decodeConnection(feed, messages, {}).flatMap(({ observations }) => observations.map(([, said]) => said)),
  )
  return jsonOf(one) === jsonOf(other)
    ? undefined
    : `other chunks gave other observations: ${jsonOf(cut).slice(0, 600)}`
}

/** Chunks in a row are one text; it is cut elsewhere, never within a character. */
function rechunked(random: Random, messages: readonly Message[]): readonly Message[] {
  const cut: Message[] = []
  let hasChunks = false
  for (const message of messages) {
    const last = cut.at(-1)
    if (!isTextChunk(message)) cut.push(message)
    else if (last !== undefined && isTextChunk(last) && last.seq < 0) {
      cut[cut.length - 1] = { ...last, text: last.text + message.text }
    } else cut.push({ ...message, seq: -1 })
    hasChunks ||= isTextChunk(message)
  }
  if (!hasChunks) return messages
  return cut.flatMap(message => {
    if (!isTextChunk(message)) return [message]
    const units = [...message.text]
    const pieces: Message[] = []
    for (let at = 0; at < units.length || at === 0; ) {
      const end = at + randomInteger(random, 1, 200)
      pieces.push({ ...message, seq: 1, text: units.slice(at, end).join('') })
      at = end
    }
    return pieces
  })
}

function isTextChunk(message: Message): message is Message & { kind: 'frame'; text: string } {
  return message.kind === 'frame' && message.op === 'chunk' && message.dir === 'in' && 'text' in message
}
