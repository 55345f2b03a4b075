import { jsonText } from '../../model/errors.ts'
import { isRecord, type JsonRecord } from '../tradingview/json.ts'

/**
 * What an answer's JSON is, by its looks alone. `rows` are keyed by `s`; `nameless` rows have none (the seed notes'
 * `{"data":[{"d":[25650.25]}]}`); `table` is scan2's, which names its own columns.
 */
export type AnswerShape =
  | { readonly kind: 'error'; readonly words: string }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'rows' | 'nameless'; readonly rows: readonly unknown[] }
  | { readonly kind: 'table'; readonly fields: readonly unknown[]; readonly rows: readonly unknown[] }
  | { readonly kind: 'object'; readonly object: JsonRecord }
  | { readonly kind: 'other' }

export function shapeOf(parsed: unknown): AnswerShape {
  if (parsed === null) return { kind: 'nothing' }
  if (!isRecord(parsed)) return { kind: 'other' }
  const { error, code, data, fields, symbols } = parsed
  if (Object.keys(parsed).length === 0) return { kind: 'nothing' }
  if (isSaid(error)) return { kind: 'error', words: typeof error === 'string' ? error : jsonText(error) }
  if (Array.isArray(data)) return rowsOf(data)
  if (Array.isArray(fields) && Array.isArray(symbols)) return { kind: 'table', fields, rows: symbols }
  if (typeof code === 'string' && Object.keys(parsed).length === 1) return { kind: 'code', code }
  return { kind: 'object', object: parsed }
}

/** Bodies without an error have none, or `null`. */
function isSaid(error: unknown): boolean {
  return error !== undefined && error !== null && error !== '' && error !== false
}

/** Rows of another API have no `d` (tvscraper: `{"status","data":[{"symbol","close"}],"metadata"}`). */
function rowsOf(rows: readonly unknown[]): AnswerShape {
  const ours = rows.filter(row => isRecord(row) && Array.isArray(row['d']))
  if (ours.length === 0 && rows.length > 0) return { kind: 'other' }
  const isNameless = ours.length > 0 && ours.every(row => isRecord(row) && row['s'] === undefined)
  return { kind: isNameless ? 'nameless' : 'rows', rows }
}
