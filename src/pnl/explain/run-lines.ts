import { type Decimal, decimalFromText } from '../../model/decimal.ts'
import { excerpt, FeedtapeError, reasonOf } from '../../model/errors.ts'
import { type EpochMicros, epochMicrosFromIso } from '../../model/time.ts'

/** One line of `replay --json` as a comparison sees it. */
export type RunLine = RunEvent | RunPosition | RunSummary

/** A figure changed. Money is `undefined` where it was not known. */
export interface RunEvent extends RunFigures {
  readonly kind: 'event'
  readonly at: EpochMicros
  /** `quote`, `fill`, `stale`. */
  readonly cause: string
  readonly tape: string | undefined
  readonly seq: number | undefined
  readonly packet: number | undefined
  /** Of a positions file. */
  readonly line: number | undefined
}

/** A position at the end: it alone says its point value. */
export interface RunPosition extends RunFigures {
  readonly kind: 'position'
  readonly pointValue: Decimal | undefined
}

export interface RunFigures {
  /** Book, instrument, strategy and timeframe. */
  readonly key: string
  readonly book: string | undefined
  readonly instrument: string
  readonly label: string
  readonly quantity: Decimal | undefined
  readonly average: Decimal | undefined
  readonly mark: Decimal | undefined
  readonly markRule: string | undefined
  readonly markFrom: string | undefined
  readonly unpriced: string | undefined
  readonly unrealized: Decimal | undefined
  readonly realized: Decimal | undefined
  readonly fees: Decimal | undefined
  readonly net: Decimal | undefined
  readonly currency: string | undefined
}

/** The rules, by their names. */
export interface RunSummary {
  readonly kind: 'summary'
  readonly rules: Readonly<Record<string, string>>
}

const EVENTS = [
  'fill',
  'fee',
  'correction',
  'signal',
  'position',
  'uncertain',
  'confirmed',
  'quote',
  'facts',
  'stale',
] as const

const RULES = ['matching', 'mark', 'staleAfterMicros', 'fees', 'tapes', 'books', 'currency'] as const

/** Reads a line; `undefined` for one that a comparison does not need. `where` is for errors. Throws `bad-run`. */
export function readRunLine(text: string, where: string): RunLine | undefined {
  const line = parsed(text, where)
  const kind = line['kind']
  if (kind === 'summary') return { kind: 'summary', rules: rulesOf(line) }
  // A position that changed has a time; the one in the summary has a point value.
  if (kind === 'position' && 'pointValue' in line) {
    return { kind: 'position', ...figuresOf(line, where), pointValue: decimalIn(line, 'pointValue', where) }
  }
  const cause = EVENTS.find(event => event === kind)
  if (cause === undefined) return undefined
  const at = epochMicrosFromIso(String(line['at']))
  if (at === undefined) throw notARun(where, 'a time in "at"', excerpt(String(line['at'])))
  return {
    kind: 'event',
    at,
    cause,
    ...figuresOf(line, where),
    tape: textIn(line, 'tape'),
    seq: numberIn(line, 'seq'),
    packet: numberIn(line, 'packet'),
    line: numberIn(line, 'line'),
  }
}

type Line = Readonly<Record<string, unknown>>

function parsed(text: string, where: string): Line {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw notARun(where, 'a JSON object on each line', reasonOf(cause))
  }
  if (isObject(json)) return json
  throw notARun(where, 'a JSON object on each line', excerpt(text))
}

function isObject(json: unknown): json is Line {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function figuresOf(line: Line, where: string): RunFigures {
  const instrument = textIn(line, 'instrument')
  if (instrument === undefined) throw notARun(where, 'an instrument', 'none')
  const book = textIn(line, 'book')
  const label = [textIn(line, 'strategy'), textIn(line, 'timeframe')]
    .filter(word => word !== undefined)
    .join(' ')
  const decimal = (name: string): Decimal | undefined => decimalIn(line, name, where)
  return {
    key: JSON.stringify([book, instrument, line['strategy'], line['timeframe']]),
    book,
    instrument,
    label,
    quantity: decimal('quantity'),
    average: decimal('average'),
    mark: decimal('mark'),
    markRule: textIn(line, 'markRule'),
    markFrom: textIn(line, 'markFrom'),
    unpriced: textIn(line, 'unpriced'),
    unrealized: decimal('unrealized'),
    realized: decimal('realized'),
    fees: decimal('fees'),
    net: decimal('net'),
    currency: textIn(line, 'currency'),
  }
}

function rulesOf(line: Line): Readonly<Record<string, string>> {
  const said = RULES.flatMap(name => {
    const value = line[name]
    return value === undefined
      ? []
      : [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const]
  })
  return Object.fromEntries(said)
}

function decimalIn(line: Line, name: string, where: string): Decimal | undefined {
  const value = line[name]
  if (value === null || value === undefined) return undefined
  const decimal = typeof value === 'string' ? decimalFromText(value) : undefined
  if (decimal === undefined)
    throw notARun(`${where} ${name}`, 'a decimal as a string, or null', excerpt(String(value)))
  return decimal
}

function textIn(line: Line, name: string): string | undefined {
  const value = line[name]
  return typeof value === 'string' ? value : undefined
}

function numberIn(line: Line, name: string): number | undefined {
  const value = line[name]
  return typeof value === 'number' ? value : undefined
}

function notARun(where: string, expected: string, found: string): FeedtapeError {
  return new FeedtapeError('bad-run', 'this is not a run', {
    where,
    expected,
    found,
    next: 'give two files that feedtape replay --json or feedtape watch --json wrote',
  })
}
