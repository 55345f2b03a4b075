import { type EpochMicros, epochMicrosFromIso } from '../model/time.ts'
import type { Direction } from '../tape/entry.ts'
import { isBase64 } from '../tape/shape.ts'
import type { CapturedMessage } from './capture.ts'
import { messageTime } from './har-time.ts'
import { partsOf } from './json-parts.ts'

/** How recorders call the message that they have kept, in the order in which they are believed. */
const BODY_KEYS = ['frame', 'data', 'payload', 'payloadData', 'message', 'msg', 'raw', 'text', 'line', 'body']
const TIME_KEYS = ['time', 'timestamp', 'ts', 't', 'at', 'received', 'received_at', 'receivedAt']
const DIRECTION_KEYS = ['dir', 'direction', 'type', 'kind', 'side']
const ADDRESS_KEYS = ['url', 'endpoint', 'path']

const DIRECTIONS: ReadonlyMap<string, Direction> = new Map([
  ...['in', 'recv', 'received', 'receive', 'incoming', 'rx', 'server', '<', '<<', '<-'].map(
    word => [word, 'in'] as const,
  ),
  ...['out', 'send', 'sent', 'outgoing', 'tx', 'client', '>', '>>', '->'].map(word => [word, 'out'] as const),
])

type Fields = ReadonlyMap<string, string>

/** The message in a recorder's record (`{"dir":"in","time":1.5,"data":"…"}`), or why this is none. */
export function messageIn(record: string): CapturedMessage | undefined {
  const fields: Fields = new Map(
    partsOf(record).flatMap(({ key, text }) => (key === undefined ? [] : [[key, text]])),
  )
  const bodyKey = BODY_KEYS.find(key => fields.has(key))
  if (bodyKey === undefined) return undefined
  const raw = fields.get(bodyKey) ?? ''
  const string = stringOf(raw)
  const dir = directionIn(fields)
  const time = timeIn(fields)
  const exchange = exchangeIn(fields)
  // An object is a message of its own, unless something beside it says that this is a record.
  const isRecord =
    dir !== undefined || time !== undefined || exchange.address !== undefined || bodyKey === 'frame'
  if (string === undefined && !isRecord) return undefined
  const text = string ?? raw
  const isBinary = fields.get('opcode') === '2' && isBase64(text)
  return {
    body: isBinary ? { base64: text } : { text },
    ...(dir === undefined ? {} : { dir }),
    ...time,
    ...exchange,
  }
}

function directionIn(fields: Fields): Direction | undefined {
  for (const key of DIRECTION_KEYS) {
    const dir = DIRECTIONS.get((stringOf(fields.get(key) ?? '') ?? '').toLowerCase())
    if (dir !== undefined) return dir
  }
  return undefined
}

/** Seconds below this count from a recorder's own beginning (har-time.ts). */
const RELATIVE_END = 1e8

function timeIn(fields: Fields): { readonly time: EpochMicros; readonly isRelative?: true } | undefined {
  for (const key of TIME_KEYS) {
    const raw = fields.get(key)
    if (raw === undefined) continue
    const time = timeOf(raw)
    if (time !== undefined) return { time }
    const seconds = Number(raw)
    if (seconds >= 0 && seconds < RELATIVE_END)
      return { time: Math.round(seconds * 1_000_000), isRelative: true }
  }
  return undefined
}

/** A JSON number or string as a time since 1970. */
export function timeOf(raw: string): EpochMicros | undefined {
  const string = stringOf(raw)
  if (string !== undefined) return epochMicrosFromIso(string)
  const value = Number(raw)
  return Number.isFinite(value) ? messageTime(value) : undefined
}

type Exchange = Pick<CapturedMessage, 'status' | 'method' | 'address' | 'request'>

/** `{"http_status":400,"endpoint":"POST /america/scan","body":"…"}`: what it says of the exchange that it is from. */
function exchangeIn(fields: Fields): Exchange {
  const said = ADDRESS_KEYS.map(key => stringOf(fields.get(key) ?? '')).find(text => text !== undefined)
  const [, method, address] = /^(?:(GET|POST|PUT|DELETE)\s+)?((?:https?:\/\/|\/)\S+)/.exec(said ?? '') ?? []
  const status = Number(fields.get('status') ?? fields.get('http_status'))
  const request = stringOf(fields.get('request') ?? '')
  return {
    ...(Number.isInteger(status) && status >= 100 && status <= 999 ? { status } : {}),
    ...(method === undefined ? {} : { method }),
    ...(address === undefined ? {} : { address }),
    ...(request === undefined ? {} : { request }),
  }
}

function stringOf(json: string): string | undefined {
  if (!json.startsWith('"')) return undefined
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
