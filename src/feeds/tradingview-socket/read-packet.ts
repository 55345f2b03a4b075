import { excerpt, jsonText } from '../../model/errors.ts'
import type { Observation } from '../../model/observation.ts'
import type { Direction } from '../../tape/entry.ts'
import type { Disposition, Sink } from '../feed.ts'
import { NumberReader, parseKeepingNumbers, parseKeepingText, priceFromText } from '../numbers.ts'
import { heartbeatNumber } from './framing.ts'
import { MANY_UNITS, readQuote, readResolved, type WireFields } from './read-quote.ts'
import { NO_FIELDS, scanQuote } from './scan-quote.ts'
import { scanSilent } from './scan-silent.ts'
import { thinQuote } from './thin-quote.ts'
import { kindNamed, kindOfMethod } from './wire.ts'

/** What a payload turned out to be, before its lengths are added. */
export interface Finding {
  readonly kind: string
  readonly disposition: Disposition
  readonly reason?: string
  readonly noise?: number
}

/** What most packets are is said once for all of them. */
export const HEARTBEAT: Finding = { kind: 'heartbeat', disposition: 'status' }
const HELLO: Finding = { kind: 'hello', disposition: 'status' }
const QSD: Finding = { kind: 'qsd', disposition: 'read' }
const SYMBOL_RESOLVED: Finding = { kind: 'symbol_resolved', disposition: 'read' }

export interface PacketContext {
  readonly dir: Direction
  readonly index: number
  readonly keepWire: boolean
  readonly sink: Sink
  /** What this connection's client has asked to be resolved: `cs_…|sds_sym_1` to the name it asked for. */
  readonly asked: Map<string, string>
}

/** Reads the packet that stands at `start` … `end` of its message, hands on its observations, and says what it was. */
export function readPacket(message: string, start: number, end: number, context: PacketContext): Finding {
  if (context.dir === 'in') {
    if (!context.keepWire && end - start < MANY_UNITS) {
      const update = scanQuote(message, start, end)
      if (update !== undefined) {
        if (update.fields !== NO_FIELDS) context.sink.observe(update, context.index)
        return QSD
      }
    } else if (!context.keepWire) {
      const thin = thinQuote(message, start, end)
      if (thin !== undefined) return readPlain(thin, context, end - start)
    }
    const silent = scanSilent(message, start, end)
    if (silent !== undefined) return silent
  }
  return readPlain(message.slice(start, end), context)
}

/** By JSON.parse: the way that everything can go, and the oracle of the short ones. `units` it had on the wire. */
export function readPlain(payload: string, context: PacketContext, units = payload.length): Finding {
  if (payload.startsWith('~h~')) {
    if (heartbeatNumber(payload) !== undefined) return HEARTBEAT
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
  const { dir } = context
  if (method === undefined) return readNameless(parsed, dir)
  if (typeof method !== 'string') return malformed('(payload)', 'm is no string')
  if (method === '') return malformed('(payload)', 'm is empty')
  const parameters = parsed['p']
  if (!Array.isArray(parameters)) return malformed(method, 'p is no array')
  if (dir === 'out') return readRequest(method, parameters, context)
  if (method === 'qsd') return readQsd(payload, units, parameters, context)
  if (method === 'symbol_resolved') return readSymbolResolved(payload, parameters, context)
  const found = findingOfMethod(dir, method)
  if (found.disposition !== 'error') return found
  return { kind: found.kind, disposition: 'error', reason: errorText(parameters) }
}

/** The hello is the one packet without `m`; its key order and its keys changed over the years. */
function readNameless(parsed: WireFields, dir: Direction): Finding {
  const isHello = typeof parsed['session_id'] === 'string' && typeof parsed['timestamp'] === 'number'
  if (isHello && dir === 'in') return HELLO
  return { kind: '(no m)', disposition: 'unknown', reason: 'an object without m' }
}

function readRequest(method: string, parameters: readonly unknown[], { asked }: PacketContext): Finding {
  if (method === 'resolve_symbol') {
    const [session, id, name] = parameters
    // What is no string has no text of its own: `{"toString":1}` throws where one is made of it.
    const isNamed = typeof session === 'string' && typeof id === 'string' && typeof name === 'string'
    if (isNamed) asked.set(`${session}|${id}`, name)
  }
  if (method === 'quote_add_symbols' && looksLikeSymbol(parameters[0])) {
    return { kind: 'quote_add_symbols (shorthand)', disposition: 'request' }
  }
  return findingOfMethod('out', method)
}

/** The seed notes leave the session out: then a symbol stands first. Session ids have neither `:` nor `=`. */
function looksLikeSymbol(value: unknown): value is string {
  return typeof value === 'string' && /[:=]/.test(value)
}

function readQsd(
  payload: string,
  units: number,
  parameters: readonly unknown[],
  context: PacketContext,
): Finding {
  const session = parameters[0]
  const body = parameters[1]
  if (typeof session !== 'string') return malformed('qsd', 'p[0] is no session')
  if (!isRecord(body)) return malformed('qsd', 'p[1] is no object')
  const { n: name, s: status, v } = body
  if (v === undefined && status === undefined && looksLikeSymbol(session)) {
    return readShorthand(session, body, context)
  }
  if (typeof name !== 'string') return malformed('qsd', 'p[1].n is no string')
  if (typeof status !== 'string') return malformed('qsd', 'p[1].s is no string')
  if (status !== 'ok') return readQsdStatus(name, status, body)
  if (!isRecord(v)) return malformed('qsd', 'p[1].v is no object')
  return readFields(payload, units, session, name, v, context)
}

function readFields(
  payload: string,
  units: number,
  session: string,
  name: string,
  v: WireFields,
  { index, keepWire, sink }: PacketContext,
): Finding {
  let numbers = new NumberReader()
  let read = readQuote(session, name, v, units, numbers)
  if (numbers.needsText) {
    const exact = textually(() => fieldsOf(parseKeepingNumbers(payload)))
    if (exact === undefined) return TOO_DEEP
    numbers = new NumberReader()
    read = readQuote(session, name, exact, units, numbers)
  }
  if (keepWire) {
    const wire = textually(() => fieldsOf(parseKeepingText(payload)))
    if (wire === undefined) return TOO_DEEP
    observeWithWire(session, name, read.observations, wire, index, sink)
  } else {
    for (const observation of read.observations) sink.observe(observation, index)
  }
  return judged(QSD, read.problems, numbers)
}

const TOO_DEEP: Finding = { kind: 'qsd', disposition: 'malformed', reason: 'nested too deep to be read' }

/** JSON.parse with a reviver recurses: a hostile packet, 20,000 arrays deep, would overflow the stack. */
function textually<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

/** A packet whose known fields all had their types, or one that did not. */
function judged(finding: Finding, problems: readonly string[], { noise }: NumberReader): Finding {
  if (problems.length === 0) return noise === 0 ? finding : { ...finding, noise }
  const broken = malformed(finding.kind, problems.join('; '))
  return noise === 0 ? broken : { ...broken, noise }
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
  const body = parametersOf(packet)[1]
  const v: unknown = isRecord(body) ? body['v'] : undefined
  return isRecord(v) ? v : {}
}

function parametersOf(packet: unknown): readonly unknown[] {
  const parameters: unknown = isRecord(packet) ? packet['p'] : undefined
  return Array.isArray(parameters) ? parameters : []
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

function readShorthand(symbol: string, body: WireFields, { index, sink }: PacketContext): Finding {
  const { n } = body
  const last = typeof n === 'string' ? priceFromText(n) : undefined
  if (last === undefined) return malformed('qsd (shorthand)', 'n is no price in a string')
  sink.observe({ kind: 'quote', session: '', name: symbol, fields: { last } }, index)
  return { kind: 'qsd (shorthand)', disposition: 'read' }
}

/**
 * The facts belong to the name that was asked for: the answer to a name with another currency or adjustment
 * carries the plain symbol as `pro_name`.
 */
function readSymbolResolved(
  payload: string,
  parameters: readonly unknown[],
  { index, sink, asked }: PacketContext,
): Finding {
  const [session, id, info] = parameters
  if (typeof session !== 'string' || typeof id !== 'string' || !isRecord(info)) {
    return malformed('symbol_resolved', 'p is not [session, id, {…}]')
  }
  const name = asked.get(`${session}|${id}`) ?? info['pro_name'] ?? info['full_name']
  if (typeof name !== 'string') return malformed('symbol_resolved', 'neither pro_name nor full_name')
  let numbers = new NumberReader()
  let read = readResolved(session, name, info, numbers)
  if (numbers.needsText) {
    const exact = textually(() => parametersOf(parseKeepingNumbers(payload))[2])
    if (!isRecord(exact)) return { ...TOO_DEEP, kind: 'symbol_resolved' }
    numbers = new NumberReader()
    read = readResolved(session, name, exact, numbers)
  }
  for (const observation of read.observations) sink.observe(observation, index)
  return judged(SYMBOL_RESOLVED, read.problems, numbers)
}

/** The venue's words: everything behind the session, or everything where there is none. */
function errorText(parameters: readonly unknown[]): string {
  const words = parameters.length > 1 ? parameters.slice(1) : parameters
  return words.map(word => (typeof word === 'string' ? word : jsonText(word))).join(': ')
}

/** The finding of a kind that the table has under this name. */
export function findingOf(dir: Direction, name: string): Finding {
  return kindNamed(dir, name) ?? unknownKind(name)
}

function findingOfMethod(dir: Direction, method: string): Finding {
  return kindOfMethod(dir, method) ?? unknownKind(method)
}

function unknownKind(name: string): Finding {
  return { kind: name, disposition: 'unknown', reason: 'no such kind is known' }
}

export function malformed(kind: string, reason: string): Finding {
  return { kind, disposition: 'malformed', reason }
}

function isRecord(value: unknown): value is WireFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
