import { excerpt } from '../../model/errors.ts'
import type { WireFields } from '../../model/quote.ts'
import type { Direction } from '../../tape/entry.ts'
import type { Disposition, Sink } from '../feed.ts'
import { NumberReader, parseKeepingNumbers, parseKeepingText } from '../numbers.ts'
import { isRecord, type ReadBody, wordsOf } from './message.ts'
import { readData } from './read-data.ts'
import { readLogs } from './read-logs.ts'
import { readTrades } from './read-trades.ts'
import type { Lessons } from './settings.ts'
import { isGreeting, isUnauthorized, kindOfType, RESENT } from './wire.ts'

/** What a message turned out to be, before its length is added. */
export interface Finding {
  readonly kind: string
  readonly disposition: Disposition
  readonly reason?: string
  readonly noise?: number
}

export interface MessageContext {
  readonly dir: Direction
  readonly keepWire: boolean
  readonly lessons: Lessons
  readonly sink: Sink
}

/** Reads a message, hands on its observations, and says what it was. */
export function readMessage(text: string, context: MessageContext): Finding {
  const { dir } = context
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    if (dir === 'in' && isUnauthorized(text)) {
      return { kind: 'unauthorized', disposition: 'error', reason: text.trim() }
    }
    return malformed('(text)', 'no JSON')
  }
  if (!isRecord(parsed)) return { kind: '(json)', disposition: 'unknown', reason: 'JSON, but no object' }
  if (!('type' in parsed)) return readNameless(parsed, dir)
  const { type } = parsed
  if (typeof type !== 'string') return malformed('(no type)', 'type is no string')
  if (type === '') return { kind: '(no type)', disposition: 'unknown', reason: 'type is empty' }
  if (dir === 'in' && type === 'DATA') return readQuote(text, parsed, context)
  if (dir === 'in' && type === 'LOGS') return readLog(parsed, context)
  if (dir === 'in' && type === 'TRADES') return readPositions(text, parsed, context)
  const known = kindOfType(dir, type)
  if (known === undefined) return { kind: type, disposition: 'unknown', reason: 'no such type is known' }
  const { kind, disposition } = known
  if (isFailedSetup(kind, parsed)) return { kind, disposition: 'error', reason: wordsOf(parsed) }
  return disposition === 'error' ? { kind, disposition, reason: wordsOf(parsed) } : { kind, disposition }
}

/** `"status": "Success"` is the one that was seen. */
function isFailedSetup(kind: string, { status }: WireFields): boolean {
  return kind === 'ACCSETUP_COMPLETE' && status !== 'Success'
}

function readNameless(message: WireFields, dir: Direction): Finding {
  if (dir === 'in' && isGreeting(message)) return { kind: 'greeting', disposition: 'status' }
  return { kind: '(no type)', disposition: 'unknown', reason: 'an object without type that is no greeting' }
}

function readQuote(text: string, message: WireFields, { keepWire, sink }: MessageContext): Finding {
  const wire = keepWire ? wireOf(text) : undefined
  if (wire === null) return TOO_DEEP('DATA')
  const kept = wire === undefined ? undefined : isRecord(wire['data']) ? wire['data'] : {}
  return read('DATA', text, message, sink, (data, numbers) => readData(data, numbers, kept))
}

function readPositions(text: string, message: WireFields, { keepWire, sink }: MessageContext): Finding {
  const wire = keepWire ? wireOf(text) : undefined
  if (wire === null) return TOO_DEEP('TRADES')
  const rows: unknown = wire?.['data']
  const kept = Array.isArray(rows) ? rows : undefined
  return read('TRADES', text, message, sink, (data, numbers) => readTrades(data, numbers, kept))
}

/** Twice where a number is neither plainly a decimal nor "none": then with its text. */
function read(
  kind: string,
  text: string,
  message: WireFields,
  sink: Sink,
  body: (data: unknown, numbers: NumberReader) => ReadBody,
): Finding {
  let numbers = new NumberReader()
  let said = body(message['data'], numbers)
  if (numbers.needsText) {
    const exact = shallow(() => parseKeepingNumbers(text))
    if (!isRecord(exact)) return TOO_DEEP(kind)
    numbers = new NumberReader()
    said = body(exact['data'], numbers)
  }
  for (const observation of said.observations) sink.observe(observation, 0)
  const noise = numbers.noise === 0 ? {} : { noise: numbers.noise }
  if (said.problems.length === 0) return { kind, disposition: 'read', ...noise }
  return { ...malformed(kind, said.problems.join('; ')), ...noise }
}

function readLog(message: WireFields, { lessons, sink }: MessageContext): Finding {
  const { action, data } = message
  const isRefresh = action === 'Refresh'
  const kind = isRefresh ? 'LOGS (refresh)' : 'LOGS'
  if (action !== undefined && action !== null && !isRefresh) {
    const reason = `action ${typeof action === 'string' ? excerpt(action) : 'of another type'} is not known`
    return { kind: 'LOGS', disposition: 'unknown', reason }
  }
  if (typeof data !== 'string') return malformed(kind, 'data is no text')
  if (isRefresh && !lessons.isRefreshNew) {
    return { kind, disposition: 'ignored', reason: RESENT }
  }
  const { observations, remark } = readLogs(data, lessons)
  for (const observation of observations) sink.observe(observation, 0)
  return { kind, disposition: 'read', ...(remark === undefined ? {} : { reason: remark }) }
}

/** `null` where it is nested too deep. */
function wireOf(text: string): WireFields | null {
  const wire = shallow(() => parseKeepingText(text))
  return isRecord(wire) ? wire : null
}

/** JSON.parse with a reviver recurses: a hostile message, 20,000 arrays deep, would overflow the stack. */
function shallow(parse: () => unknown): unknown {
  try {
    return parse()
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

const TOO_DEEP = (kind: string): Finding => malformed(kind, 'nested too deep to be read')

export function malformed(kind: string, reason: string): Finding {
  return { kind, disposition: 'malformed', reason }
}
