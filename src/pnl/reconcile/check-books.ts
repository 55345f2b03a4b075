import {
  add,
  type Decimal,
  decimalEquals,
  decimalText,
  roundHalfEven,
  subtract,
  ZERO,
} from '../../model/decimal.ts'
import type { Trail } from '../explain/trail.ts'
import type { PositionReport } from '../holding.ts'
import type { BookReport } from '../replay-options.ts'
import type { Check, CheckDifference, CheckSide } from './check.ts'

/** Digits to which two averages are the same: a broker's is a double, and ours is shown at ten. */
const AVERAGE_DIGITS = 8

/** What one source says is held at the end, against what another says. */
export function checkBooks(ours: BookReport, theirs: BookReport, trail: Trail): Check {
  const mine = byInstrument(ours)
  const others = byInstrument(theirs)
  const instruments = [...new Set([...mine.keys(), ...others.keys()])].sort()
  const differences = instruments.flatMap(instrument => {
    const [one, other] = [mine.get(instrument) ?? [], others.get(instrument) ?? []]
    return differencesOf(instrument, sumOf(ours.name, one, trail), sumOf(theirs.name, other, trail))
  })
  const notes = [...uncertainNotes(ours), ...uncertainNotes(theirs)]
  return { name: `${ours.name} against ${theirs.name}`, compared: instruments.length, differences, notes }
}

interface Held {
  readonly quantity: Decimal
  /** Of one position; the averages of several make none. */
  readonly average: Decimal | undefined
  readonly side: CheckSide
}

function byInstrument({ positions }: BookReport): ReadonlyMap<string, readonly PositionReport[]> {
  return Map.groupBy(positions, ({ instrument }) => instrument)
}

function sumOf(book: string, positions: readonly PositionReport[], trail: Trail): Held {
  const quantity = positions.reduce((sum, position) => add(sum, position.quantity), ZERO)
  const [only, ...more] = positions
  const average = more.length === 0 ? only?.average : undefined
  const of = more.length === 0 ? '' : ` in ${positions.length} positions`
  const at = average === undefined ? '' : ` at ${decimalText(average)}`
  const last = positions
    .flatMap(position => trail.of(book, position).slice(-1))
    .sort((a, b) => a.cause.at - b.cause.at)
    .at(-1)?.cause
  const text = `${decimalText(quantity)}${at}${of}`
  if (last === undefined) return { quantity, average, side: { text } }
  const { tape, seq, line } = last
  const place =
    seq === undefined
      ? line === undefined
        ? ''
        : `line ${line} of the positions`
      : `entry ${seq} of ${tape ?? '?'}`
  return { quantity, average, side: { text, at: last.at, place } }
}

function differencesOf(instrument: string, ours: Held, theirs: Held): CheckDifference[] {
  if (!decimalEquals(ours.quantity, theirs.quantity)) {
    const difference = subtract(theirs.quantity, ours.quantity)
    return [{ what: `${instrument} quantity`, ours: ours.side, theirs: theirs.side, difference }]
  }
  if (ours.average === undefined || theirs.average === undefined) return []
  const [a, b] = [ours.average, theirs.average].map(average => roundHalfEven(average, AVERAGE_DIGITS))
  if (a === undefined || b === undefined || decimalEquals(a, b)) return []
  const difference = subtract(theirs.average, ours.average)
  return [{ what: `${instrument} average`, ours: ours.side, theirs: theirs.side, difference }]
}

function uncertainNotes({ name, positions }: BookReport): readonly string[] {
  const uncertain = positions.filter(position => position.uncertainSince !== undefined)
  return uncertain.map(({ instrument }) => `${instrument} in ${name} is uncertain: its source was silenced`)
}
