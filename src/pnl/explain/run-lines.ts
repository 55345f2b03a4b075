import { type Decimal, decimalSign } from '../../model/decimal.ts'
import { excerpt } from '../../model/errors.ts'
import { type EpochMicros, epochMicrosFromIso } from '../../model/time.ts'
import {
  decimalIn,
  isObject,
  listIn,
  notARun,
  numberIn,
  parsedLine,
  type RunJson,
  textIn,
} from './run-fields.ts'

/** One line of `replay --json` as a comparison sees it. */
export type RunLine =
  | RunEvent
  | RunPosition
  | RunSummary
  | RunSource
  | RunIdentity
  | RunRoll
  | RunDigest
  | RunOptions

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
  /** Where there are several. */
  readonly book: string | undefined
  readonly instrument: string
  readonly label: string
  /** Strategy and timeframe apart. */
  readonly labelKey: string
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
  readonly start: EpochMicros | undefined
  readonly rules: Readonly<Record<string, string>>
  /** Where there are several. */
  readonly books: readonly string[] | undefined
}

/** What the positions of a book were made of; a file of fills says nothing. */
export interface RunSource {
  readonly kind: 'source'
  readonly book: string | undefined
  readonly positions: string | undefined
}

/** The other words that were met for an instrument. */
export interface RunIdentity {
  readonly kind: 'identity'
  readonly instrument: string
  readonly words: readonly string[]
}

/** What was held under the word before it stayed with `from`. */
export interface RunRoll {
  readonly kind: 'roll'
  readonly word: string
  readonly from: string
}

/** Of all lines before it. */
export interface RunDigest {
  readonly kind: 'digest'
  readonly sha256: string
}

/** In front of a run in a golden twin: what it was asked for. The digest is of the run alone. */
export interface RunOptions {
  readonly kind: 'options'
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

const RULES = ['matching', 'mark', 'staleAfterMicros', 'fees', 'tapes', 'currency'] as const

/** Reads a line; `undefined` for one that a comparison does not need. `where` is for errors. Throws `bad-run`. */
export function readRunLine(text: string, where: string): RunLine | undefined {
  const line = parsedLine(text, where)
  const kind = line['kind']
  switch (kind) {
    case 'summary':
      return summaryOf(line)
    case 'source':
      return { kind, book: textIn(line, 'book'), positions: textIn(line, 'positions') }
    case 'identity':
      return { kind, instrument: textIn(line, 'instrument') ?? '', words: wordsOf(line) }
    case 'roll':
      return { kind, word: textIn(line, 'word') ?? '', from: textIn(line, 'from') ?? '' }
    case 'options':
      return { kind }
    case 'digest':
      return { kind, sha256: textIn(line, 'sha256') ?? '' }
    default:
      return figureLine(line, where)
  }
}

function summaryOf(line: RunJson): RunSummary {
  const start = textIn(line, 'start')
  return {
    kind: 'summary',
    start: start === undefined ? undefined : epochMicrosFromIso(start),
    rules: rulesOf(line),
    books: 'books' in line ? textsOf(listIn(line, 'books')) : undefined,
  }
}

function figureLine(line: RunJson, where: string): RunEvent | RunPosition | undefined {
  const kind = line['kind']
  // A position that changed has a time; the one in the summary has a point value.
  if (kind === 'position' && 'pointValue' in line) {
    return { kind, ...figuresOf(line, where), pointValue: pointValueOf(line, where) }
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

function figuresOf(line: RunJson, where: string): RunFigures {
  const instrument = textIn(line, 'instrument')
  if (instrument === undefined) throw notARun(where, 'an instrument', 'none')
  const label = [textIn(line, 'account'), textIn(line, 'strategy'), textIn(line, 'timeframe')]
    .filter(word => word !== undefined)
    .join(' ')
  const decimal = (name: string): Decimal | undefined => decimalIn(line, name, where)
  return {
    book: textIn(line, 'book'),
    instrument,
    label,
    labelKey: JSON.stringify([line['account'], line['strategy'], line['timeframe']]),
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

function rulesOf(line: RunJson): Readonly<Record<string, string>> {
  const said = RULES.flatMap(name => {
    const value = line[name]
    return value === undefined
      ? []
      : [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const]
  })
  return Object.fromEntries(said)
}

/** An instrument is worth nothing by no rule: such a line was not written here, and nothing could be divided by it. */
function pointValueOf(line: RunJson, where: string): Decimal | undefined {
  const value = decimalIn(line, 'pointValue', where)
  if (value === undefined || decimalSign(value) > 0) return value
  throw notARun(`${where} pointValue`, 'a decimal above 0, or null', excerpt(String(line['pointValue'])))
}

function wordsOf(line: RunJson): readonly string[] {
  return textsOf(listIn(line, 'words').map(word => (isObject(word) ? word['word'] : undefined)))
}

function textsOf(values: readonly unknown[]): readonly string[] {
  return values.filter(value => typeof value === 'string')
}
