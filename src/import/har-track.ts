import { FeedtapeError } from '../model/errors.ts'
import type { Fail, HeaderList, Opcode, Payload } from '../tape/entry.ts'
import { isBase64 } from '../tape/shape.ts'
import { startOf, type TakenEntry } from './har-selection.ts'
import type { HarBody, HarEntry, HarMessage } from './har-shape.ts'
import { messageTime } from './har-time.ts'
import type { TimedDraft, Track } from './timeline.ts'

/** Numbers that a tape gives once. Each HAR entry is a connection of its own: a HAR does not say which socket. */
export interface TrackNumbers {
  readonly conn: number
  readonly exchange: number
}

const NOT_THERE = 'the capture does not hold this body'

/** One HAR entry as the entries of one connection: request, response or failure, and a socket's frames. */
export function trackOf(taken: TakenEntry, { conn, exchange }: TrackNumbers, where: string): Track {
  const { entry, feed, isSocket } = taken
  const { request, response } = entry
  const { url } = request
  const started = startOf(entry)
  // A socket's `time` is its whole life; when its answer came, no HAR says.
  const answered = isSocket ? started : started + Math.round(Math.max(entry.time ?? 0, 0) * 1_000)
  const place = `${where} log.entries[${taken.index}]`
  const track: TimedDraft[] = [
    {
      time: started,
      draft: {
        kind: 'request',
        conn,
        feed,
        exchange,
        method: request.method,
        url,
        headers: headerList(request.headers),
        ...payloadOf(request.postData, request.bodySize, `${place}.request`),
      },
    },
  ]
  if (response.status > 0) {
    track.push({ time: answered, draft: { kind: 'response', conn, exchange, ...answerOf(entry, place) } })
  }
  const messages = entry._webSocketMessages ?? []
  const isOpen = isSocket && (response.status === 101 || messages.length > 0)
  if (isOpen) track.push({ time: answered, draft: { kind: 'open', conn, feed, url } })
  else if (isSocket || response.status <= 0) {
    track.push({ time: answered, draft: { kind: 'fail', conn, feed, url, ...failureOf(entry) } })
  }
  for (const message of messages) track.push(messageDraft(message, conn))
  return track
}

function answerOf({ response }: HarEntry, place: string) {
  const headers = headerList(response.headers)
  const body = payloadOf(response.content, response.content?.size, `${place}.response`)
  const coding = headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1]
  // A HAR keeps bodies as the page saw them: content-decoding is already undone.
  const isDecoded = coding !== undefined && ('text' in body || 'base64' in body)
  return { status: response.status, headers, ...(isDecoded ? { decoded: coding } : {}), ...body }
}

/** RFC 6455's numbers, as the HAR writers use them. */
const OPS: ReadonlyMap<number, Opcode> = new Map([
  [1, 'text'],
  [2, 'binary'],
  [9, 'ping'],
  [10, 'pong'],
])

/** Whether it becomes a frame; what does not stands on the tape as a mark with its words. */
export function isReadable({ type, opcode, data }: HarMessage): boolean {
  if (type === 'error') return true
  return type !== 'unreadable' && OPS.has(opcode) && (opcode === 1 || isBase64(data))
}

function messageDraft(message: HarMessage, conn: number): TimedDraft {
  const time = messageTime(message.time)
  const { type, opcode, data } = message
  if (type === 'error') {
    return { time, draft: { kind: 'mark', conn, note: `the browser says of this socket: ${data}` } }
  }
  const op = OPS.get(opcode)
  if (op === undefined || !isReadable(message)) {
    const note = `a message of the capture that is no frame (${type}, opcode ${opcode}): ${data}`
    return { time, draft: { kind: 'mark', conn, note } }
  }
  const dir = type === 'send' ? 'out' : 'in'
  const body = op === 'text' ? { text: data } : { base64: data }
  return { time, draft: { kind: 'frame', conn, dir, op, ...body } }
}

/** Keeps an absent body, an empty one and one that the capture dropped apart. */
function payloadOf(
  body: HarBody | null | undefined,
  size: number | null | undefined,
  place: string,
): Payload | { readonly omitted: string } | object {
  const text = body?.text ?? ''
  // Playwright writes '' for a body of octets that it did not keep.
  if (text === '') return (size ?? 0) > 0 ? { omitted: NOT_THERE } : {}
  return body?.encoding === 'base64' ? { base64: base64(text, place) } : { text }
}

function base64(data: string, place: string): string {
  if (isBase64(data)) return data
  throw new FeedtapeError('bad-capture', 'binary data that is not base64', {
    where: place,
    expected: 'base64 with its padding',
    found: `${data.length} characters of something else`,
    next: 'export the HAR again',
  })
}

function headerList(headers: readonly { readonly name: string; readonly value: string }[]): HeaderList {
  return headers.map(({ name, value }) => [name, value] as const)
}

const CAUSES: readonly (readonly [Fail['cause'], RegExp])[] = [
  ['dns', /NAME_NOT_RESOLVED|ENOTFOUND|EAI_AGAIN|DNS/i],
  ['refused', /CONNECTION_REFUSED|ECONNREFUSED/i],
  ['tls', /CERT|SSL|TLS/i],
  ['timeout', /TIMED_OUT|TIMEOUT/i],
  ['rejected', /Unexpected response code|handshake/i],
]

function failureOf({ response }: HarEntry): { readonly cause: Fail['cause']; readonly reason: string } {
  const words = response._error ?? response._failureText ?? ''
  if (response.status > 0) return { cause: 'rejected', reason: `HTTP ${response.status}` }
  const cause = CAUSES.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other'
  return { cause, reason: words === '' ? 'the capture says no more than that it failed' : words }
}
