import { z } from 'zod'
import {
  refusalOf,
  writtenDecimal,
  writtenObject,
  writtenPositiveDecimal,
} from '../../instruments/hand-written.ts'
import { type Decimal, decimalText } from '../../model/decimal.ts'
import { excerpt, FeedtapeError, reasonOf } from '../../model/errors.ts'
import { type EpochMicros, epochMicrosFromIso, isoFromEpochMicros } from '../../model/time.ts'
import { repeatedKey } from './repeated-key.ts'

export interface Fill {
  readonly id?: string
  /** None: open at the start of the tape. */
  readonly at?: EpochMicros
  /** As written. */
  readonly instrument: string
  readonly side: 'buy' | 'sell'
  /** Above zero: the side is the sign. */
  readonly quantity: Decimal
  readonly price: Decimal
  /** In the instrument's currency; below zero is a rebate. */
  readonly fee?: Decimal
  readonly account?: string
  readonly strategy?: string
  readonly line: number
}

/** A line that says again what another has said: the same fill, counted once. */
export interface RepeatedFill {
  readonly id: string
  readonly line: number
  readonly firstLine: number
}

export interface PositionsFile {
  readonly file: string
  /** In the order of time, then of lines; those without a time first. */
  readonly fills: readonly Fill[]
  readonly repeated: readonly RepeatedFill[]
}

const TIME = 'a time in ISO 8601 with its offset, such as "2025-12-18T09:30:00-05:00"'
const NAME = 'a text of at least one character'

const FILL = writtenObject({
  id: z.string(NAME).min(1, NAME).optional(),
  at: z
    .string(TIME)
    .transform((text, context) => {
      const at = epochMicrosFromIso(text)
      if (at !== undefined) return at
      context.addIssue({ code: 'custom', message: TIME })
      return z.NEVER
    })
    .optional(),
  instrument: z.string(NAME).min(1, NAME),
  side: z.enum(['buy', 'sell'], '"buy" or "sell"'),
  quantity: writtenPositiveDecimal(),
  price: writtenDecimal(),
  fee: writtenDecimal().optional(),
  account: z.string(NAME).min(1, NAME).optional(),
  strategy: z.string(NAME).min(1, NAME).optional(),
})

/** Reads JSON Lines of fills; `file` is for its errors. Blank lines are allowed. Throws `bad-positions`. */
export function readPositions(text: string, file: string): PositionsFile {
  const fills: Fill[] = []
  const repeated: RepeatedFill[] = []
  const byId = new Map<string, Fill>()
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue
    const fill = fillFromLine(line, index + 1, file)
    const first = fill.id === undefined ? undefined : byId.get(fill.id)
    if (fill.id !== undefined && first !== undefined) {
      if (contentOf(first) !== contentOf(fill)) throw otherContent(first, fill, file)
      repeated.push({ id: fill.id, line: fill.line, firstLine: first.line })
      continue
    }
    if (fill.id !== undefined) byId.set(fill.id, fill)
    fills.push(fill)
  }
  fills.sort((a, b) => timeOf(a) - timeOf(b) || a.line - b.line)
  return { file, fills, repeated }
}

export interface PlacedFills {
  /** From before the start, or without a time: positions that are open when the tape begins. */
  readonly opening: readonly Fill[]
  /** From the start to the end, both included. */
  readonly during: readonly Fill[]
}

/** Holds the fills against the tape's time. A fill after the end is a `bad-positions`: it would be silence. */
export function checkFillsWithin(
  { file, fills }: Pick<PositionsFile, 'file' | 'fills'>,
  start: EpochMicros,
  end: EpochMicros,
): PlacedFills {
  const late = fills.find(fill => fill.at !== undefined && fill.at > end)
  if (late?.at !== undefined) {
    throw new FeedtapeError('bad-positions', 'a fill is later than the end of the tape', {
      where: `${file}:${late.line} at`,
      expected: `a time up to ${isoFromEpochMicros(end)}`,
      found: isoFromEpochMicros(late.at),
      next: 'remove the fill, or name the tape on which it happened',
    })
  }
  return {
    opening: fills.filter(fill => timeOf(fill) < start),
    during: fills.filter(fill => timeOf(fill) >= start),
  }
}

function fillFromLine(text: string, line: number, file: string): Fill {
  const json = parsed(text, line, file)
  const twice = repeatedKey(text)
  if (twice !== undefined) throw keyTwice(twice, line, file)
  const result = FILL.safeParse(json)
  if (!result.success) {
    const { path, ...detail } = refusalOf(result.error, json)
    const where = path === '' ? `${file}:${line}` : `${file}:${line} ${path}`
    throw new FeedtapeError('bad-positions', 'the line is not a fill', { where, ...detail })
  }
  const { id, at, fee, account, strategy, ...rest } = result.data
  return {
    ...(id === undefined ? {} : { id }),
    ...(at === undefined ? {} : { at }),
    ...rest,
    ...(fee === undefined ? {} : { fee }),
    ...(account === undefined ? {} : { account }),
    ...(strategy === undefined ? {} : { strategy }),
    line,
  }
}

function parsed(text: string, line: number, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new FeedtapeError('bad-positions', 'the line is not JSON', {
      where: `${file}:${line}`,
      expected: 'one fill as a JSON object on each line',
      found: reasonOf(cause),
      next: 'correct the line; comments and lists are not JSON Lines',
      cause,
    })
  }
}

function keyTwice(key: string, line: number, file: string): FeedtapeError {
  return new FeedtapeError('bad-positions', 'the line says one thing twice', {
    where: `${file}:${line}`,
    expected: 'each key once',
    found: `${excerpt(key)} a second time`,
    next: 'remove the wrong one: which of the two was meant cannot be known',
  })
}

/** Equal for fills that say the same, however they spell it (`25600` and `25600.00`). */
function contentOf({ line: _, ...fill }: Fill): string {
  const { at, quantity, price, fee, instrument, side, account, strategy } = fill
  const feeText = fee === undefined ? null : decimalText(fee)
  return JSON.stringify([
    at === undefined ? null : isoFromEpochMicros(at),
    instrument,
    side,
    decimalText(quantity),
    decimalText(price),
    feeText,
    account ?? null,
    strategy ?? null,
  ])
}

function otherContent(first: Fill, again: Fill, file: string): FeedtapeError {
  return new FeedtapeError(
    'bad-positions',
    `the fill ${excerpt(again.id ?? '')} is given twice, differently`,
    {
      where: `${file}:${again.line}`,
      expected: `what line ${first.line} says: ${contentOf(first)}`,
      found: contentOf(again),
      next: 'give each fill an id of its own, or remove the wrong line',
    },
  )
}

function timeOf(fill: Fill): number {
  return fill.at ?? Number.NEGATIVE_INFINITY
}
