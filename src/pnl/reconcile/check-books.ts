import {
  add,
  type Decimal,
  decimalEquals,
  decimalSign,
  decimalText,
  roundHalfEven,
  subtract,
  ZERO,
} from '../../model/decimal.ts'
import type { Trail } from '../explain/trail.ts'
import type { PositionReport } from '../holding.ts'
import type { BookReport } from '../replay-options.ts'
import type { Check, CheckDifference, CheckSide } from './check.ts'
import { checkRealized } from './check-realized.ts'
import { leftOutNotes } from './left-out.ts'

/** Digits to which two averages are the same: a broker's is a double, and ours is shown at ten. */
const AVERAGE_DIGITS = 8

/**
 * What one source says is held at the end and was realized, against what another says. `tradeDates` are those that a
 * broker's positions are of, by instrument.
 */
export function checkBooks(
  ours: BookReport,
  theirs: BookReport,
  trail: Trail,
  tradeDates: ReadonlyMap<string, string>,
): Check {
  const mine = byInstrument(ours)
  const others = byInstrument(theirs)
  const instruments = [...new Set([...mine.keys(), ...others.keys()])].sort()
  const compared = instruments.map(instrument => {
    const [one, other] = [mine.get(instrument) ?? [], others.get(instrument) ?? []]
    const [a, b] = [sumOf(ours.name, one, trail), sumOf(theirs.name, other, trail)]
    const realized = checkRealized(instrument, ours, theirs, tradeDates)
    return {
      differences: [...differencesOf(instrument, a, b), ...realized.differences],
      notes: [...averageNotes(instrument, a, b), ...realized.notes],
    }
  })
  return {
    name: `${ours.name} against ${theirs.name}`,
    compared: instruments.length,
    differences: compared.flatMap(({ differences }) => differences),
    notes: [
      ...compared.flatMap(({ notes }) => notes),
      ...[ours, theirs].flatMap(book => [...leftOutNotes(book), ...uncertainNotes(book)]),
    ],
  }
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

/** Held alike, and nobody says at what price; the averages of several positions are none. */
function averageNotes(instrument: string, ours: Held, theirs: Held): readonly string[] {
  const isAlike = decimalEquals(ours.quantity, theirs.quantity) && decimalSign(ours.quantity) !== 0
  if (!isAlike || (ours.average !== undefined && theirs.average !== undefined)) return []
  return [`not comparable: ${instrument} average: ${ours.side.text} against ${theirs.side.text}`]
}

function uncertainNotes({ name, positions }: BookReport): readonly string[] {
  const uncertain = positions.filter(position => position.uncertainSince !== undefined)
  return uncertain.map(({ instrument }) => `${instrument} in ${name} is uncertain: its source was silenced`)
}
