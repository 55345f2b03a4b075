import { decimalFromText } from '../../model/decimal.ts'
import { excerpt } from '../../model/errors.ts'
import type { Observation } from '../../model/observation.ts'
import type { Direction } from '../../tape/entry.ts'
import type { Disposition, Sink } from '../feed.ts'
import { heartbeatNumber } from './framing.ts'
import { NumberReader, parseKeepingNumbers, parseKeepingText } from './numbers.ts'
import { readQuote, readResolved, type WireFields } from './read-quote.ts'
import { kindNamed } from './wire.ts'

/** What a payload turned out to be, before its lengths are added. */
export interface Finding {
  readonly kind: string
  readonly disposition: Disposition
  readonly reason?: string
  readonly noise?: number
}

export interface PacketContext {
  readonly dir: Direction
  readonly index: number
  readonly keepWire: boolean
  readonly sink: Sink
}

/** Reads one packet's payload, hands on its observations, and says what it was. */
export function readPacket(payload: string, context: PacketContext): Finding {
  const { dir, index, keepWire, sink } = context
  if (payload.startsWith('~h~')) {
    if (heartbeatNumber(payload) !== undefined) return { kind: 'heartbeat', disposition: 'status' }
    return malformed('heartbeat', 'a heartbeat is ~h~ and digits')
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(payload)
  } catch {
    return malformed('(payload)', 'neither JSON nor a heartbeat')
  }
  if (!isRecord(parsed)) return { kind: '(json)', disposition: 'unknown', reason: 'JSON, but no object' }
  const method = parsed['m']
  if (method === undefined) return readNameless(parsed, dir)
  if (typeof method !== 'string') return malformed('(payload)', 'm is no string')
  const parameters = parsed['p']
  if (!Array.isArray(parameters)) return malformed(method, 'p is no array')
  if (dir === 'out') return readRequest(method, parameters)
  if (method === 'qsd') return readQsd(payload, parameters, index, keepWire, sink)
  if (method === 'symbol_resolved') return readSymbolResolved(payload, parameters, index, sink)
  const found = findingOf(dir, method)
  return found.disposition === 'error' ? { ...found, reason: errorText(parameters) } : found
}

/** The hello is the one packet without `m`; its key order and its keys changed over the years. */
function readNameless(parsed: WireFields, dir: Direction): Finding {
  const isHello = typeof parsed['session_id'] === 'string' && typeof parsed['timestamp'] === 'number'
  if (isHello && dir === 'in') return { kind: 'hello', disposition: 'status' }
  return { kind: '(no m)', disposition: 'unknown', reason: 'an object without m' }
}

function readRequest(method: string, parameters: readonly unknown[]): Finding {
  if (method === 'quote_add_symbols' && looksLikeSymbol(parameters[0])) {
    return { kind: 'quote_add_symbols (shorthand)', disposition: 'request' }
  }
  return findingOf('out', method)
}

/** The seed notes leave the session out: then a symbol stands first. Session ids have neither `:` nor `=`. */
function looksLikeSymbol(value: unknown): value is string {
  return typeof value === 'string' && /[:=]/.test(value)
}

function readQsd(
  payload: string,
  parameters: readonly unknown[],
  index: number,
  keepWire: boolean,
  sink: Sink,
): Finding {
  const [session, body] = parameters
  if (typeof session !== 'string') return malformed('qsd', 'p[0] is no session')
  if (!isRecord(body)) return malformed('qsd', 'p[1] is no object')
  if (looksLikeSymbol(session) && body['v'] === undefined && body['s'] === undefined) {
    return readShorthand(session, body, index, sink)
  }
  const { n: name, s: status, v } = body
  if (typeof name !== 'string') return malformed('qsd', 'p[1].n is no string')
  if (typeof status !== 'string') return malformed('qsd', 'p[1].s is no string')
  if (status !== 'ok') return readQsdStatus(name, status, body)
  if (!isRecord(v)) return malformed('qsd', 'p[1].v is no object')
  return readFields(payload, session, name, v, index, keepWire, sink)
}

function readFields(
  payload: string,
  session: string,
  name: string,
  v: WireFields,
  index: number,
  keepWire: boolean,
  sink: Sink,
): Finding {
  let numbers = new NumberReader()
  let read = readQuote(session, name, v, numbers)
  if (numbers.needsText) {
    numbers = new NumberReader()
    read = readQuote(session, name, fieldsOf(parseKeepingNumbers(payload)), numbers)
  }
  if (keepWire) {
    observeWithWire(session, name, read.observations, fieldsOf(parseKeepingText(payload)), index, sink)
  } else {
    for (const observation of read.observations) sink.observe(observation, index)
  }
  const noise = numbers.noise === 0 ? {} : { noise: numbers.noise }
  if (read.problems.length > 0) return { ...malformed('qsd', read.problems.join('; ')), ...noise }
  return { kind: 'qsd', disposition: 'read', ...noise }
}

/** `quotes --wire` wants every qsd's fields, also those of one that no quote field was in. */
function observeWithWire(
  session: string,
  name: string,
  observations: readonly Observation[],
  wire: WireFields,
  index: number,
  sink: Sink,
): void {
  let isPlaced = false
  for (const observation of observations) {
    const isQuote = observation.kind === 'quote'
    isPlaced ||= isQuote
    sink.observe(isQuote ? { ...observation, wire } : observation, index)
  }
  if (!isPlaced) sink.observe({ kind: 'quote', session, name, fields: {}, wire }, index)
}

function fieldsOf(packet: unknown): WireFields {
  const parameters: unknown = isRecord(packet) ? packet['p'] : undefined
  const body: unknown = Array.isArray(parameters) ? parameters[1] : undefined
  const v: unknown = isRecord(body) ? body['v'] : undefined
  return isRecord(v) ? v : {}
}

function readQsdStatus(name: string, status: string, body: WireFields): Finding {
  const { errmsg, v } = body
  if (status === 'error') {
    const text = typeof errmsg === 'string' ? errmsg : 'no errmsg'
    return { kind: 'qsd', disposition: 'error', reason: `${name}: ${text}` }
  }
  if (status === 'permission_denied') {
    const alternative = isRecord(v) && typeof v['alternative'] === 'string' ? v['alternative'] : undefined
    const hint = alternative === undefined ? '' : `, alternative ${alternative}`
    return { kind: 'qsd', disposition: 'error', reason: `${name}: permission_denied${hint}` }
  }
  return { kind: 'qsd', disposition: 'unknown', reason: `status ${excerpt(status)} is not known` }
}

function readShorthand(symbol: string, body: WireFields, index: number, sink: Sink): Finding {
  const { n } = body
  const last = typeof n === 'string' ? decimalFromText(n) : undefined
  if (last === undefined) return malformed('qsd (shorthand)', 'n is no price in a string')
  sink.observe({ kind: 'quote', session: '', name: symbol, fields: { last } }, index)
  return { kind: 'qsd (shorthand)', disposition: 'read' }
}

function readSymbolResolved(
  payload: string,
  parameters: readonly unknown[],
  index: number,
  sink: Sink,
): Finding {
  const [session, , info] = parameters
  if (typeof session !== 'string' || !isRecord(info)) {
    return malformed('symbol_resolved', 'p is not [session, id, {…}]')
  }
  const numbers = new NumberReader()
  let facts = readResolved(session, info, numbers)
  if (numbers.needsText) {
    const again = parseKeepingNumbers(payload)
    const list: unknown = isRecord(again) ? again['p'] : undefined
    const exact: unknown = Array.isArray(list) ? list[2] : undefined
    facts = isRecord(exact) ? readResolved(session, exact, new NumberReader()) : facts
  }
  if (facts === undefined) return malformed('symbol_resolved', 'neither pro_name nor full_name')
  sink.observe(facts, index)
  return { kind: 'symbol_resolved', disposition: 'read' }
}

/** The venue's words: everything behind the session, or everything where there is none. */
function errorText(parameters: readonly unknown[]): string {
  const words = parameters.length > 1 ? parameters.slice(1) : parameters
  return words.map(word => (typeof word === 'string' ? word : JSON.stringify(word))).join(': ')
}

export function findingOf(dir: Direction, name: string): Finding {
  const known = kindNamed(dir, name)
  if (known === undefined) return { kind: name, disposition: 'unknown', reason: 'no such kind is known' }
  if (known.reason === undefined) return { kind: known.kind, disposition: known.disposition }
  return { kind: known.kind, disposition: known.disposition, reason: known.reason }
}

export function malformed(kind: string, reason: string): Finding {
  return { kind, disposition: 'malformed', reason }
}

function isRecord(value: unknown): value is WireFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
