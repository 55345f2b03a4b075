import { exchangeDrafts, type Feed, type HttpExchange, type HttpFeed, type Packet } from '../feeds/index.ts'
import type { Header } from '../tape/entry.ts'
import type { Capture, CapturedConnection, CapturedMessage } from './capture.ts'
import type { TimedDraft, Track } from './timeline.ts'

export interface CaptureTracks {
  readonly tracks: readonly Track[]
  /** What the capture does not say, and what stands there instead. */
  readonly marks: readonly string[]
  readonly clock: Header['clock']
}

const NOT_THERE = 'the capture does not hold this body'
const SOME_PLACES = { websocket: 'wss://unknown.invalid/', http: 'https://unknown.invalid/' } as const

/** A capture as connections of one feed: frames of a socket, or exchanges. */
export function captureTracks(capture: Capture, feed: Feed): CaptureTracks {
  const numbers = { exchange: 0 }
  const tracks = capture.connections.map((connection, index) =>
    feed.transport === 'http'
      ? exchangeTrack(connection, feed, index + 1, numbers)
      : socketTrack(connection, feed, index + 1),
  )
  return { tracks, marks: marksOf(capture, feed), clock: hasTimes(capture) ? 'imported' : 'none' }
}

function socketTrack(
  { url, openedAt, messages, close }: CapturedConnection,
  feed: Feed,
  conn: number,
): Track {
  const opened = openedAt ?? messages[0]?.time
  const track: TimedDraft[] = [
    { time: opened, draft: { kind: 'open', conn, feed: feed.name, url: url ?? placeOf(feed) } },
  ]
  for (const { body, dir = 'in', time } of messages) {
    const op = 'text' in body ? 'text' : 'binary'
    track.push({ time, draft: { kind: 'frame', conn, dir, op, ...body } })
  }
  if (close !== undefined) {
    const { time, code, reason } = close
    const words = { ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) }
    track.push({ time, draft: { kind: 'close', conn, by: 'unknown', ...words } })
  }
  return track
}

/**
 * Each message is an answer, and its request is made up as far as the capture does not name it. What its feed can
 * read only as a piece of a stream is one, behind those before it.
 */
function exchangeTrack(
  { messages }: CapturedConnection,
  feed: HttpFeed,
  conn: number,
  numbers: { exchange: number },
): Track {
  const track: TimedDraft[] = []
  let stream: string | undefined
  for (const message of messages) {
    const { time, body } = message
    const url = addressOf(message, feed)
    const isChunk = 'text' in body && isPiece(message, feed)
    if (!isChunk || stream !== url) {
      numbers.exchange += 1
      const { status = 200, method = 'GET', request } = message
      const place = { conn, exchange: numbers.exchange }
      const asked = request === undefined ? { omitted: NOT_THERE } : { text: request }
      const answer = isChunk ? {} : body
      track.push(
        { time, draft: { kind: 'request', ...place, feed: feed.name, method, url, headers: [], ...asked } },
        { time, draft: { kind: 'response', ...place, status, headers: [], ...answer } },
      )
    }
    stream = isChunk ? url : undefined
    if (isChunk)
      track.push({ time, draft: { kind: 'frame', conn, dir: 'in', op: 'chunk', text: `${body.text}\n` } })
  }
  return track
}

/** Whether the feed can make nothing of it as an answer, but can as a line of a body that goes on. */
function isPiece(message: CapturedMessage, feed: HttpFeed): boolean {
  const { body } = message
  if (!('text' in body)) return false
  const request = { method: 'GET', url: addressOf(message, feed), headers: [] } as const
  const answer = { status: message.status ?? 200, headers: [] }
  return (
    !isRead(feed, { request, answer: { ...answer, body: body.text } }) &&
    isRead(feed, { request, answer, chunks: [`${body.text}\n`] })
  )
}

function isRead(feed: HttpFeed, exchange: HttpExchange): boolean {
  const decoder = feed.createDecoder()
  const packets: Packet[] = []
  const sink = { observe: () => {}, packet: (packet: Packet) => packets.push(packet) }
  const place = { feed: feed.name, conn: 1, exchange: 1, at: 0 }
  for (const [index, draft] of exchangeDrafts(exchange, place).entries()) {
    decoder.decode({ ...draft, seq: index + 1 }, sink)
  }
  const answers = packets.filter(({ dir, payload }) => dir === 'in' && payload > 0)
  return (
    answers.length > 0 &&
    answers.every(({ disposition }) => disposition !== 'unknown' && disposition !== 'malformed')
  )
}

function addressOf({ address }: CapturedMessage, feed: Feed): string {
  const home = placeOf(feed)
  return address === undefined ? home : (URL.parse(address, home)?.href ?? home)
}

function placeOf({ url, transport }: Feed): string {
  return url === '' ? SOME_PLACES[transport] : url
}

function hasTimes({ connections }: Capture): boolean {
  return connections.some(
    ({ openedAt, messages }) => openedAt !== undefined || messages.some(({ time }) => time !== undefined),
  )
}

function marksOf(capture: Capture, feed: Feed): readonly string[] {
  const messages = capture.connections.flatMap(connection => connection.messages)
  const marks: string[] = []
  const timeless = messages.filter(({ time }) => time === undefined).length
  if (timeless > 0) {
    marks.push(
      `${timeless} of ${messages.length} messages have no time: they stand at the time of the one before`,
    )
  }
  if (messages.some(({ isRelative }) => isRelative === true)) {
    marks.push(
      'times count from the beginning of the capture, and when that was it does not say: 1970 stands for it',
    )
  }
  if (feed.transport === 'http') return [...marks, ...exchangeMarks(messages)]
  const directionless = messages.filter(({ dir }) => dir === undefined).length
  if (directionless > 0) {
    marks.push(
      `${directionless} of ${messages.length} messages have no direction: they are taken for the venue’s`,
    )
  }
  if (capture.connections.some(({ url }) => url === undefined)) {
    marks.push(`the address is not in the capture: ${placeOf(feed)} stands for it`)
  }
  return marks
}

function exchangeMarks(messages: readonly CapturedMessage[]): readonly string[] {
  const count = (isMissing: (message: CapturedMessage) => boolean): number =>
    messages.filter(isMissing).length
  const bodies = count(({ request }) => request === undefined)
  const addresses = count(({ address }) => address === undefined)
  const statuses = count(({ status }) => status === undefined)
  return [
    ...(bodies > 0 ? [`${bodies} answers came without the body of their request`] : []),
    ...(addresses > 0
      ? [`${addresses} answers came without the address that was asked: the feed’s own stands there`]
      : []),
    ...(statuses > 0 ? [`${statuses} answers came without a status: 200 stands for it`] : []),
  ]
}
