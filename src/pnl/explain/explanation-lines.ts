import { type Decimal, decimalText } from '../../model/decimal.ts'
import type { JsonObject } from '../../model/observation.ts'
import { isoFromEpochMicros } from '../../model/time.ts'
import { bookKey, positionLine } from '../lines.ts'
import { type Evidence, placeKey } from './evidence.ts'
import type { Explanation, MarkPlace } from './explain-pnl.ts'
import type { UnpairedBook } from './run-books.ts'
import type { RunEvent } from './run-lines.ts'
import type { DifferencePart, RunDifference } from './run-pair.ts'
import type { Step, StepFigures } from './trail.ts'

/** A position’s line with what made it, for programs. */
export function explanationLine(
  { book, position, marks, seen, steps }: Explanation,
  at: number,
  evidence: ReadonlyMap<string, Evidence>,
): JsonObject {
  const { pointValue, currency } = position
  return {
    ...positionLine(position),
    kind: 'explanation',
    ...bookKey(book),
    at: isoFromEpochMicros(at),
    openCost: decimalText(position.openCost),
    facts: {
      pointValue:
        pointValue === undefined ? null : { value: decimalText(pointValue.value), from: pointValue.source },
      currency: currency === undefined ? null : { value: currency.value, from: currency.source },
    },
    marks: marks.map(mark => markJson(mark, evidence)),
    ...(seen === undefined ? {} : { seen: markJson(seen, evidence) }),
    steps: steps.map(step => stepJson(step, evidence)),
  }
}

/** One position in two runs, for programs. */
export function differenceLine({
  instrument,
  label,
  book,
  currency,
  difference,
  parts,
  a,
  b,
}: RunDifference): JsonObject {
  return {
    kind: 'difference',
    ...bookKey(book),
    instrument,
    ...(label === '' ? {} : { label }),
    currency: currency ?? null,
    a: textOrNull(a === undefined ? undefined : a.net),
    b: textOrNull(b === undefined ? undefined : b.net),
    difference: textOrNull(difference),
    parts: parts.map(partJson),
  }
}

/** A book that one run alone has, for programs. */
export function unpairedLine({ book, run }: UnpairedBook): JsonObject {
  return { kind: 'unpaired', book, run }
}

function markJson(
  { mark, tape, seq, packet, feed, session, name }: MarkPlace,
  evidence: ReadonlyMap<string, Evidence>,
): JsonObject {
  const wire = evidence.get(placeKey({ tape, seq, packet }))?.wire ?? []
  return {
    price: mark.price === null ? null : decimalText(mark.price),
    ...(mark.rule === undefined ? {} : { rule: mark.rule }),
    field: mark.from,
    at: isoFromEpochMicros(mark.at),
    time: mark.time === undefined ? null : isoFromEpochMicros(mark.time),
    delaySeconds: mark.delay ?? null,
    tape,
    seq,
    packet,
    feed,
    session,
    name,
    // Text, so that its numbers stay letter for letter.
    wire: wire.map(fields => JSON.stringify(fields)),
  }
}

function stepJson({ cause, before, after }: Step, evidence: ReadonlyMap<string, Evidence>): JsonObject {
  const { kind, at, tape, seq, packet, line, deal } = cause
  const feed =
    tape === undefined || seq === undefined || packet === undefined
      ? undefined
      : evidence.get(placeKey({ tape, seq, packet }))?.feed
  return {
    kind,
    at: isoFromEpochMicros(at),
    ...(tape === undefined ? {} : { tape }),
    ...(seq === undefined ? {} : { seq }),
    ...(packet === undefined ? {} : { packet }),
    ...(line === undefined ? {} : { line }),
    ...(feed === undefined ? {} : { feed }),
    ...(deal === undefined
      ? {}
      : { side: deal.side, quantity: decimalText(deal.quantity), price: decimalText(deal.price) }),
    before: figuresJson(before),
    after: figuresJson(after),
  }
}

function figuresJson({ quantity, realized, fees }: StepFigures): JsonObject {
  return { quantity: decimalText(quantity), realized: textOrNull(realized), fees: decimalText(fees) }
}

function partJson({ part, amount, since }: DifferencePart): JsonObject {
  return {
    part,
    amount: textOrNull(amount),
    since:
      since === undefined
        ? null
        : { at: isoFromEpochMicros(since.at), a: eventJson(since.a), b: eventJson(since.b) },
  }
}

function eventJson(event: RunEvent | undefined): JsonObject | null {
  if (event === undefined) return null
  const { cause, at, tape, seq, packet, line, markRule, markFrom, unpriced } = event
  return {
    kind: cause,
    at: isoFromEpochMicros(at),
    ...(tape === undefined ? {} : { tape }),
    ...(seq === undefined ? {} : { seq }),
    ...(packet === undefined ? {} : { packet }),
    ...(line === undefined ? {} : { line }),
    quantity: textOrNull(event.quantity),
    currency: event.currency ?? null,
    mark: textOrNull(event.mark),
    ...(markRule === undefined ? {} : { markRule }),
    ...(markFrom === undefined ? {} : { markFrom }),
    ...(unpriced === undefined ? {} : { unpriced }),
  }
}

function textOrNull(value: Decimal | undefined): string | null {
  return value === undefined ? null : decimalText(value)
}
