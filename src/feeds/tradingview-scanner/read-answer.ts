import { excerpt } from '../../model/errors.ts'
import { NumberReader, parseKeepingNumbers, parseKeepingText } from '../numbers.ts'
import type { AnswerReading, AnswerText } from '../tradingview/exchange-decoder.ts'
import { type Finding, head, listed, malformed } from '../tradingview/finding.ts'
import { attempt, parseJson } from '../tradingview/json.ts'
import { readRefusal, readStatus } from '../tradingview/refusal.ts'
import { missingTickers } from './missing.ts'
import { readRow, withWire } from './read-row.ts'
import type { ClientRequest } from './request.ts'
import { type NamedRows, rowsIn } from './rows.ts'
import { type AnswerShape, shapeOf } from './shape.ts'

/** Behind the body's own finding there is one for each ticker that was asked for and has no row in it. */
export interface ReadAnswer extends AnswerReading {
  readonly missing: readonly string[]
}

/** `request` is what this was the answer to, as far as that is known: it holds the columns and the name. */
export function readAnswer(
  { status, text }: AnswerText,
  request: ClientRequest | undefined,
  keepWire = false,
): ReadAnswer {
  const refused = readRefusal(status, text)
  if (refused !== undefined) return alone(refused)
  const parsed = parseJson(text)
  if (parsed === undefined) {
    return alone(readStatus(status, text) ?? malformed('(answer)', 'no JSON, or cut short', text))
  }
  const shape = shapeOf(parsed)
  const said = readWords(shape, status, request) ?? readStatus(status, text)
  if (said !== undefined) return alone(said)
  const rows = rowsIn(shape, request)
  if (rows === undefined) {
    return alone({
      kind: '(answer)',
      disposition: 'unknown',
      reason: 'no scanner answer',
      sample: head(text),
    })
  }
  return 'disposition' in rows ? alone(rows) : readRows(text, rows, request, keepWire)
}

function alone(finding: Finding): ReadAnswer {
  return { findings: [finding], observations: [], missing: [] }
}

/** The venue's own words. */
function readWords(
  shape: AnswerShape,
  status: number,
  request: ClientRequest | undefined,
): Finding | undefined {
  if (shape.kind === 'error') {
    return { kind: 'error', disposition: 'error', reason: `${status}: ${excerpt(shape.words, 200)}` }
  }
  if (shape.kind === 'code') {
    const { code } = shape
    const kind = code === NOT_EXISTS ? code : 'error'
    return { kind, disposition: 'error', reason: `${askedFor(request)}${excerpt(code, 200)}` }
  }
  // With no_404 an unknown symbol is `null` by one source and `{}` by another; a scan never answers so.
  if (shape.kind === 'nothing' && status < 300 && request?.kind !== 'scan' && request?.kind !== 'scan2') {
    return { kind: 'no symbol', disposition: 'error', reason: `${askedFor(request)}no such symbol` }
  }
  return undefined
}

const NOT_EXISTS = 'symbol_not_exists'

function askedFor(request: ClientRequest | undefined): string {
  return request?.kind === 'symbol' ? `${request.name}: ` : ''
}

function readRows(
  text: string,
  found: NamedRows,
  request: ClientRequest | undefined,
  keepWire: boolean,
): ReadAnswer {
  let numbers = new NumberReader()
  let read = found.rows.map(row => readRow(row, numbers))
  let rows = found.rows
  if (numbers.needsText) {
    const exact = again(() => parseKeepingNumbers(text), request)
    if (exact === undefined) return alone(malformed(found.kind, 'nested too deep to be read', text))
    rows = exact.rows
    numbers = new NumberReader()
    read = rows.map(row => readRow(row, numbers))
  }
  let observations = read.flatMap(one => one.observations)
  if (keepWire) {
    const written = again(() => parseKeepingText(text), request)
    if (written === undefined) return alone(malformed(found.kind, 'nested too deep to be read', text))
    observations = read.flatMap((one, index) => {
      const row = written.rows[index]
      return row === undefined ? one.observations : withWire(one.observations, row)
    })
  }
  const problems = [...found.problems, ...read.flatMap(one => one.problems)]
  const { noise } = numbers
  const wrong = listed(problems)
  const base: Finding =
    wrong === undefined ? { kind: found.kind, disposition: 'read' } : malformed(found.kind, wrong, text)
  const missing = missingTickers(request, found)
  const absences = missing.map((ticker): Finding => {
    return { kind: '(missing row)', disposition: 'error', reason: `${ticker}: asked for, and no row came` }
  })
  return { findings: [noise === 0 ? base : { ...base, noise }, ...absences], observations, missing }
}

/** The same rows out of another parse of the same text. */
function again(parse: () => unknown, request: ClientRequest | undefined): NamedRows | undefined {
  const parsed = attempt(parse)
  const rows = parsed === undefined ? undefined : rowsIn(shapeOf(parsed), request)
  return rows === undefined || 'disposition' in rows ? undefined : rows
}
