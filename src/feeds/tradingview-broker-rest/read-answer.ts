import { excerpt } from '../../model/errors.ts'
import type { Observation } from '../../model/observation.ts'
import type { NumberReader } from '../numbers.ts'
import type { AnswerReading, AnswerText } from '../tradingview/exchange-decoder.ts'
import { type Finding, head, listed, malformed } from '../tradingview/finding.ts'
import { isRecord, type JsonRecord, parseJson } from '../tradingview/json.ts'
import { readRefusal, readStatus } from '../tradingview/refusal.ts'
import { readExactly, wireOf } from './numbers.ts'
import { type ReadRows, readHistory } from './read-history.ts'
import { readQuotes, wordsOf } from './read-quotes.ts'
import { readSymbols } from './read-symbols.ts'
import type { ClientRequest } from './request.ts'

/** `request` is what this was the answer to, as far as that is known: a history’s name stands in it alone. */
export function readAnswer(
  { status, text }: AnswerText,
  request: ClientRequest | undefined,
  keepWire = false,
): AnswerReading {
  // The lines of it come as chunks behind this.
  if (request?.kind === 'streaming' && text === '' && status >= 200 && status < 300) return alone(STREAM)
  const refused = readRefusal(status, text)
  if (refused !== undefined) return alone(refused)
  const parsed = parseJson(text)
  const words = isRecord(parsed) && parsed['s'] === 'error' ? wordsOf(parsed) : undefined
  if (words !== undefined) {
    return alone({ kind: 'error', disposition: 'error', reason: `${status}: ${excerpt(words, 200)}` })
  }
  const said = readStatus(status, text)
  if (said !== undefined) return alone(said)
  if (parsed === undefined) return alone(malformed('(answer)', 'no JSON, or cut short', text))
  if (!isRecord(parsed)) return alone(unknown(text, 'no answer of this wire: no object'))
  return readOk(text, parsed, request, keepWire)
}

const STREAM: Finding = { kind: 'stream', disposition: 'status' }

function alone(finding: Finding): AnswerReading {
  return { findings: [finding], observations: [] }
}

function unknown(text: string, reason: string): Finding {
  return { kind: '(answer)', disposition: 'unknown', reason, sample: head(text) }
}

function readOk(
  text: string,
  answer: JsonRecord,
  request: ClientRequest | undefined,
  keepWire: boolean,
): AnswerReading {
  if (request?.kind === 'history' && answer['s'] === 'no_data') {
    return alone({ kind: 'history (no data)', disposition: 'status' })
  }
  const kind = kindOf(answer)
  if (kind === undefined) return alone(unknown(text, 'neither symbols, nor a history, nor quotes'))
  if (kind === 'history' && request?.kind !== 'history') {
    const reason = 'the request that it answers is not on the tape: whose it is cannot be told'
    return alone({ kind, disposition: 'ignored', reason })
  }
  const read = readExactly(text, answer, (parsed, numbers) => rowsOf(kind, parsed, request, numbers))
  if (read === undefined) return alone(malformed(kind, 'nested too deep to be read', text))
  const { noise, value } = read
  const wrong = listed(value.problems)
  const base: Finding = wrong === undefined ? { kind, disposition: 'read' } : malformed(kind, wrong, text)
  const refusals = value.refused.map((reason): Finding => {
    return { kind: '(refused symbol)', disposition: 'error', reason }
  })
  return {
    findings: [noise === 0 ? base : { ...base, noise }, ...refusals],
    observations: keepWire ? withWire(value.observations, kind, text) : value.observations,
  }
}

type AnswerKind = 'symbol_info' | 'history' | 'quotes'

/** By its looks: `{"s":"ok","symbol":[…]}`, `{"s":"ok","t":[…]}`, `{"s":"ok","d":[…]}`. */
export function kindOf({ s, symbol, t, d }: JsonRecord): AnswerKind | undefined {
  if (s !== 'ok') return undefined
  if (Array.isArray(symbol)) return 'symbol_info'
  if (Array.isArray(t)) return 'history'
  return Array.isArray(d) ? 'quotes' : undefined
}

function rowsOf(
  kind: AnswerKind,
  answer: unknown,
  request: ClientRequest | undefined,
  numbers: NumberReader,
): ReadRows & { readonly refused: readonly string[] } {
  const record = isRecord(answer) ? answer : {}
  switch (kind) {
    case 'symbol_info':
      return { ...readSymbols(record, numbers), refused: [] }
    case 'history': {
      if (request?.kind !== 'history') return { observations: [], problems: [], refused: [] }
      return { ...readHistory(record, request, numbers), refused: [] }
    }
    case 'quotes':
      return readQuotes(record, numbers)
    default:
      return kind satisfies never
  }
}

/** Only quotes carry it: columns are no fields of one row. */
function withWire(
  observations: readonly Observation[],
  kind: AnswerKind,
  text: string,
): readonly Observation[] {
  const rows = kind === 'quotes' ? wireOf(text)?.['d'] : undefined
  if (!Array.isArray(rows)) return observations
  const values = rows.flatMap((row: unknown) => {
    // Those, and in the order, of which quotes were made.
    return isRecord(row) &&
      row['s'] === 'ok' &&
      isRecord(row['v']) &&
      typeof row['n'] === 'string' &&
      row['n'] !== ''
      ? [row['v']]
      : []
  })
  return observations.map((one, place) => {
    const wire = values[place]
    return one.kind === 'quote' && wire !== undefined ? { ...one, wire } : one
  })
}
