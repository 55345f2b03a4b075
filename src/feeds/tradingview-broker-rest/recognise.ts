import type { Recognition } from '../packet.ts'
import { isRecord, type JsonRecord, parseJson } from '../tradingview/json.ts'
import { kindOf } from './read-answer.ts'

/**
 * By its looks alone. Answers of /symbol_info, /history and /quotes look like those of any datafeed made for the
 * charting library (UDF), and a heartbeat like anybody's.
 */
export function recognise(text: string): Recognition | undefined {
  const [line = ''] = /^\s*(\{[^\n]*)/.exec(text)?.slice(1) ?? []
  if (line === '') return undefined
  const first = parseJson(line)
  const parsed = first === undefined ? parseJson(text) : first
  if (!isRecord(parsed)) return undefined
  return lineRecognised(parsed) ?? answerRecognised(parsed)
}

function lineRecognised(line: JsonRecord): Recognition | undefined {
  const { f, heartbeat, id, ...rest } = line
  if (typeof heartbeat === 'number' && Object.keys(line).length === 1) {
    return { confidence: 'possible', why: 'a heartbeat with its time, as /streaming has it' }
  }
  if (typeof id !== 'string') return undefined
  const has = (...keys: readonly string[]): boolean => keys.every(key => typeof rest[key] === 'number')
  if (f === 'q' && has('t', 'ap', 'bp', 'as', 'bs')) {
    return { confidence: 'certain', why: 'a line of /streaming: f is q, with ap, as, bp, bs' }
  }
  if (f === 't' && has('p', 't')) return { confidence: 'likely', why: 'a line of /streaming: f is t, with p' }
  if (f === 'd' && has('o', 'h', 'l', 'c', 't')) {
    return { confidence: 'likely', why: 'a line of /streaming: f is d, with o, h, l, c' }
  }
  return undefined
}

function answerRecognised(answer: JsonRecord): Recognition | undefined {
  const kind = kindOf(answer)
  switch (kind) {
    case 'symbol_info':
      if (!('pricescale' in answer) && !('description' in answer)) return undefined
      return { confidence: 'likely', why: 'columns of symbols: a broker’s /symbol_info, or a datafeed’s' }
    case 'history':
      if (!['o', 'h', 'l', 'c'].every(key => Array.isArray(answer[key]))) return undefined
      return { confidence: 'likely', why: 'columns t, o, h, l, c: a broker’s /history, or a datafeed’s' }
    case 'quotes': {
      const rows = Array.isArray(answer['d']) ? answer['d'] : []
      if (!rows.some(row => isRecord(row) && typeof row['n'] === 'string')) return undefined
      return { confidence: 'likely', why: 'rows with s, n and v: a broker’s /quotes, or a datafeed’s' }
    }
    case undefined:
      return undefined
    default:
      return kind satisfies never
  }
}
