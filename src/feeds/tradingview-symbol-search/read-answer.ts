import { excerpt, jsonText } from '../../model/errors.ts'
import type { Observation } from '../../model/observation.ts'
import { parseKeepingText } from '../numbers.ts'
import type { AnswerReading, AnswerText } from '../tradingview/exchange-decoder.ts'
import { type Finding, head, listed, malformed } from '../tradingview/finding.ts'
import { attempt, isRecord, type JsonRecord, parseJson } from '../tradingview/json.ts'
import { readRefusal, readStatus } from '../tradingview/refusal.ts'
import { readRow } from './read-row.ts'

export interface ReadAnswer extends AnswerReading {
  /** How many rows the body had, good and bad. */
  readonly rows: number
  /** How many are behind these, where the answer says it. */
  readonly remaining?: number
}

/** A request that is no search does not make a search's answer of `[]`. */
export function readAnswer({ status, text }: AnswerText, isSearch: boolean, keepWire = false): ReadAnswer {
  const refused = readRefusal(status, text)
  if (refused !== undefined) return alone(refused)
  const parsed = parseJson(text)
  const said = readStatus(status, text)
  if (said !== undefined) return alone(said)
  if (parsed === undefined) return alone(malformed('(answer)', 'no JSON, or cut short', text))
  const words = wordsIn(parsed)
  if (words !== undefined) {
    return alone({ kind: 'error', disposition: 'error', reason: `${status}: ${excerpt(words, 200)}` })
  }
  const found = rowsIn(parsed, isSearch)
  if (found === undefined) {
    const reason = 'no search’s answer'
    return alone({ kind: '(answer)', disposition: 'unknown', reason, sample: head(text) })
  }
  return readRows(text, found, isSearch, keepWire)
}

/** None was ever seen: that an answer with an error in it is a page without rows would be a guess. */
function wordsIn(parsed: unknown): string | undefined {
  const error = isRecord(parsed) ? parsed['error'] : undefined
  if (error === undefined || error === null || error === '' || error === false) return undefined
  return typeof error === 'string' ? error : jsonText(error)
}

function alone(finding: Finding): ReadAnswer {
  return { findings: [finding], observations: [], rows: 0 }
}

export interface FoundRows {
  readonly kind: 'symbols' | 'symbols (legacy)'
  readonly rows: readonly unknown[]
  readonly remaining?: number
}

/** `{"symbols_remaining":0,"symbols":[…]}`, or a bare array. `undefined`: neither. */
export function rowsIn(parsed: unknown, isSearch: boolean): FoundRows | undefined {
  if (Array.isArray(parsed)) {
    const isOurs = parsed.length === 0 ? isSearch : parsed.some(isRow)
    return isOurs ? { kind: 'symbols (legacy)', rows: parsed } : undefined
  }
  if (!isRecord(parsed)) return undefined
  const { symbols, symbols_remaining: remaining } = parsed
  if (!Array.isArray(symbols)) return undefined
  if (symbols.length > 0 && !symbols.some(isRow)) return undefined
  if (symbols.length === 0 && !isSearch && typeof remaining !== 'number') return undefined
  const isCount = typeof remaining === 'number' && Number.isSafeInteger(remaining) && remaining >= 0
  return { kind: 'symbols', rows: symbols, ...(isCount ? { remaining } : {}) }
}

function isRow(value: unknown): value is JsonRecord {
  return isRecord(value) && typeof value['symbol'] === 'string'
}

function readRows(text: string, found: FoundRows, isSearch: boolean, keepWire: boolean): ReadAnswer {
  const { kind, rows, remaining } = found
  const written = keepWire ? writtenRows(text, isSearch) : rows
  if (written === undefined) return alone(malformed(kind, 'nested too deep to be read', text))
  const observations: Observation[] = []
  const problems: string[] = []
  for (const [place, row] of rows.entries()) {
    if (!isRecord(row)) {
      problems.push(`row ${place} is no object`)
      continue
    }
    const read = readRow(row, place)
    problems.push(...read.problems)
    if (read.facts === undefined) continue
    observations.push(read.facts)
    const wire = written[place]
    // Facts carry no wire; a quote without a field does, so that `quotes --wire` shows the row.
    if (keepWire && isRecord(wire)) {
      observations.push({ kind: 'quote', session: '', name: read.facts.name, fields: {}, wire })
    }
  }
  const wrong = listed(problems)
  const finding: Finding = wrong === undefined ? { kind, disposition: 'read' } : malformed(kind, wrong, text)
  return {
    findings: [finding],
    observations,
    rows: rows.length,
    ...(remaining === undefined ? {} : { remaining }),
  }
}

/** Their numbers as they were written. */
function writtenRows(text: string, isSearch: boolean): readonly unknown[] | undefined {
  const parsed = attempt(() => parseKeepingText(text))
  return parsed === undefined ? undefined : rowsIn(parsed, isSearch)?.rows
}
