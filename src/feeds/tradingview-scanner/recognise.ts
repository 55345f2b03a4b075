import type { Recognition } from '../packet.ts'
import { isRecord, parseJson } from '../tradingview/json.ts'
import { shapeOf } from './shape.ts'

/**
 * By its looks alone. The flat answer of GET /symbol has none of its own, and `null`, `{}` and rows without `d` are
 * anybody's.
 */
export function recognise(text: string): Recognition | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  const parsed = parseJson(text)
  if (!isRecord(parsed)) return undefined
  const hasTotal = typeof parsed['totalCount'] === 'number'
  const shape = shapeOf(parsed)
  switch (shape.kind) {
    case 'rows':
      return rowsRecognised(shape.rows, hasTotal)
    case 'nameless':
      return { confidence: 'possible', why: 'data with d, without the names of a scan’s answer' }
    case 'table':
      return hasTotal
        ? { confidence: 'likely', why: 'a scan2’s answer: totalCount, fields and symbols' }
        : undefined
    case 'error':
      return hasTotal ? { confidence: 'likely', why: 'a scan’s error: totalCount and error' } : undefined
    case 'code':
      return shape.code === 'symbol_not_exists'
        ? { confidence: 'likely', why: 'the scanner’s answer to an unknown symbol' }
        : undefined
    case 'object':
      return isScan(shape.object) ? { confidence: 'likely', why: 'a scan: columns and symbols' } : undefined
    case 'nothing':
    case 'other':
      return undefined
    default:
      return shape satisfies never
  }
}

function rowsRecognised(rows: readonly unknown[], hasTotal: boolean): Recognition | undefined {
  if (!rows.some(row => isRecord(row) && typeof row['s'] === 'string' && Array.isArray(row['d']))) {
    return hasTotal ? { confidence: 'possible', why: 'totalCount, and data without a row' } : undefined
  }
  return hasTotal
    ? { confidence: 'certain', why: 'a scan’s answer: totalCount, and data with s and d' }
    : { confidence: 'likely', why: 'data with s and d, as a scan’s answer has it' }
}

/** `{"symbols":{"tickers":[…]},"columns":[…]}` */
function isScan({ columns, symbols }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(columns) && isRecord(symbols) && Array.isArray(symbols['tickers'])
}
