import { type Decimal, decimalSign, decimalText, negate } from '../model/decimal.ts'
import { durationText, isoFromEpochMicros } from '../model/time.ts'
import {
  type Evidence,
  type ExplainedRun,
  type Explanation,
  type MarkPlace,
  placeKey,
  type Step,
} from '../pnl/explain/index.ts'
import { type PositionReport, unpricedText } from '../pnl/index.ts'
import { signedText as signed, figureText as text } from './figures.ts'
import { contradictionLines, identityLines } from './identities.ts'
import { type PnlRules, positionName, rulesLine } from './pnl.ts'
import { plain, tableLines } from './table.ts'

export interface ExplanationContext {
  readonly rules: PnlRules
  /** By the place; empty where the tapes could not be read again. */
  readonly evidence: ReadonlyMap<string, Evidence>
}

/** How each number comes about, down to the entries, for people. */
export function explanationText(run: ExplainedRun, context: ExplanationContext): string[] {
  const { explanations, at, result } = run
  if (explanations.length === 0) return [`no positions by ${isoFromEpochMicros(at)}`]
  const blocks = explanations.flatMap((explanation, index) => [
    ...(index === 0 ? [] : ['']),
    ...oneText(explanation, context, result.books.length > 1),
  ])
  const names = new Set(explanations.map(({ position }) => position.instrument))
  const remarks = [
    ...result.identities.filter(({ name }) => names.has(name)).flatMap(identityLines),
    ...contradictionLines(result.contradictions.filter(({ instrument }) => names.has(instrument))),
  ]
  return [
    `at ${isoFromEpochMicros(at)}`,
    rulesLine(context.rules),
    '',
    ...blocks,
    ...(remarks.length === 0 ? [] : ['', ...remarks]),
  ]
}

function oneText(explanation: Explanation, context: ExplanationContext, isOneOfSeveral: boolean): string[] {
  const { book, position, marks, seen, steps } = explanation
  const { net, unrealized, realized, fees, currency } = position
  const of = isOneOfSeveral ? ` (book ${book})` : ''
  return [
    `${positionName(position)}${of}: net ${signed(net)} ${currency?.value ?? ''}`.trimEnd(),
    `  ${signed(net)} = unrealized ${signed(unrealized)} + realized ${signed(realized)} − fees ${text(fees)}`,
    `  ${openText(position)}`,
    ...marks.flatMap(mark => markLines('mark', mark, context)),
    ...(seen === undefined ? [] : markLines('last known', seen, context)),
    ...factLines(position),
    ...uncertainLines(position),
    ...(steps.length === 0 ? [] : ['  what made the position', ...stepLines(steps, context)]),
  ]
}

function openText(position: PositionReport): string {
  const { unrealized, unpriced, mark, quantity, openCost, pointValue } = position
  if (unpriced !== undefined) {
    const since = unpriced.reason === 'stale' ? sinceText(unpriced.since) : ''
    return `unrealized is not known: ${unpricedText(unpriced)}${since}`
  }
  if (mark === undefined) return 'unrealized 0: nothing is open'
  const cost = decimalSign(openCost) < 0 ? `+ ${text(negate(openCost))}` : `− ${text(openCost)}`
  const worth = `${text(mark.price)} × ${text(quantity)} ${cost}`
  return `unrealized ${signed(unrealized)} = (${worth}) × ${text(pointValue?.value)} a point`
}

function sinceText(since: number | undefined): string {
  return since === undefined ? '' : ` since ${isoFromEpochMicros(since)}`
}

function markLines(
  word: string,
  { mark, feed, session, name, ...place }: MarkPlace,
  context: ExplanationContext,
) {
  const isPlain = mark.rule === undefined || mark.from === mark.rule
  const rule = isPlain ? mark.from : `${mark.from}, by ${mark.rule}`
  const age = `, received ${isoFromEpochMicros(mark.at)}`
  const time = mark.time === undefined ? '' : `, ${isoFromEpochMicros(mark.time)} by the wire`
  const delay = mark.delay === undefined || mark.delay === 0 ? '' : `, delayed ${mark.delay} s`
  const key = [feed, session, name].filter(word => word !== '').join(' ')
  const wire = context.evidence.get(placeKey(place))?.wire ?? []
  return [
    `    ${word.padEnd(12)} ${mark.price === null ? 'none' : text(mark.price)} (${rule})${age}${time}${delay}`,
    plain(
      `                 entry ${place.seq}, packet ${place.packet} of ${place.tape}: ${key}`,
      Number.POSITIVE_INFINITY,
    ),
    ...wire.map(fields => plain(`                 ${JSON.stringify(fields)}`, WIRE_LENGTH)),
  ]
}

/** Of the wire's own fields: what a line can show. */
const WIRE_LENGTH = 300

function factLines({
  average,
  averageWord,
  openCost,
  pointValue,
  currency,
  markAge,
  mark,
}: PositionReport): string[] {
  const word =
    averageWord === undefined
      ? ''
      : averageWord === 'rounded'
        ? ', from a rounded average'
        : ', as the broker says'
  const value =
    pointValue === undefined
      ? 'unknown: neither config, wire nor table say it'
      : `${text(pointValue.value)} (${pointValue.source})`
  return [
    ...(mark === undefined || markAge === undefined ? [] : [`    its age      ${durationText(markAge)}`]),
    ...(average === undefined
      ? []
      : [
          `    average      ${text(average)}${word} (open cost ${text(openCost)}: Σ quantity × price of what is open)`,
        ]),
    `    point value  ${value}`,
    `    currency     ${currency === undefined ? 'unknown' : `${currency.value} (${currency.source})`}`,
  ]
}

function uncertainLines({ uncertainSince }: PositionReport): string[] {
  if (uncertainSince === undefined) return []
  return [
    `    uncertain    since ${isoFromEpochMicros(uncertainSince)}: its source was silenced, and has not confirmed it`,
  ]
}

function stepLines(steps: readonly Step[], context: ExplanationContext): string[] {
  const rows = steps.map(step => {
    const { cause, before, after } = step
    const { deal } = cause
    return [
      isoFromEpochMicros(cause.at),
      cause.kind,
      deal === undefined ? '' : `${deal.side} ${text(deal.quantity)} at ${text(deal.price)}`,
      `${signed(before.quantity)} → ${signed(after.quantity)}`,
      changeText('realized', before.realized, after.realized),
      changeText('fees', before.fees, after.fees),
      whereText(step, context),
    ]
  })
  return tableLines(rows, { indent: 4, align: ['left', 'left', 'left', 'right', 'right', 'right', 'left'] })
}

function changeText(word: string, before: Decimal | undefined, after: Decimal | undefined): string {
  if (before === undefined || after === undefined) return ''
  const [from, to] = [decimalText(before), decimalText(after)]
  return from === to ? '' : `${word} ${from} → ${to}`
}

function whereText({ cause }: Step, { evidence }: ExplanationContext): string {
  const { tape, seq, packet, line } = cause
  if (line !== undefined) return `line ${line} of the positions`
  if (tape === undefined || seq === undefined) return ''
  if (packet === undefined) return `entry ${seq} of ${tape}`
  const feed = evidence.get(placeKey({ tape, seq, packet }))?.feed
  return `entry ${seq}, packet ${packet} of ${tape}${feed === undefined ? '' : `: ${feed}`}`
}
