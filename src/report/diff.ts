import {
  type DiffReport,
  distanceText,
  type FieldReport,
  judgedSides,
  type LateQuote,
  type PairReport,
  percentText,
  type QuoteReport,
  type SideReport,
  secondsText,
} from '../diff/index.ts'
import { durationText, isoFromEpochMicros } from '../model/time.ts'
import { bandLines } from './diff-band.ts'
import { gapText, placeText, timeText, wireText } from './diff-words.ts'
import { counted, grouped, plain, tableLines } from './table.ts'

/** What a comparison found, for a person. */
export function diffLines(report: DiffReport): string[] {
  const { a, b, only, pairs } = report
  const lines = [
    ...tableLines([
      ['a', ...sideCells(a)],
      ['b', ...sideCells(b)],
    ]),
    '',
    `${counted(pairs.length, 'instrument')} on both sides; distances are b − a`,
    ...onlyLine('a', only.a),
    ...onlyLine('b', only.b),
  ]
  for (const pair of pairs) lines.push('', ...pairLines(pair))
  return [...lines, '', ...verdictLines(report)]
}

function sideCells({
  choice,
  end,
  ends,
  feeds,
  pollsEvery,
  start,
  synthetic,
  updates,
}: SideReport): string[] {
  const poll = pollsEvery === undefined ? '' : `, polled every ~${secondsText(pollsEvery)}`
  const made = synthetic ? ', synthetic' : ''
  const ended = ends === 0 ? '' : `, ${counted(ends, 'connection')} ended`
  const from = feeds.length === 0 ? 'nothing selected' : feeds.join(', ')
  return [
    plain(choice),
    `${from}${poll}${ended}${made}`,
    counted(updates, 'update'),
    `${isoFromEpochMicros(start)}, ${durationText(end - start)} long`,
  ]
}

const NAMES_SHOWN = 8

function onlyLine(side: string, names: readonly string[]): string[] {
  if (names.length === 0) return []
  const shown = names.slice(0, NAMES_SHOWN).map(name => plain(name, 60))
  const rest = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : ''
  return [`  only on ${side}: ${shown.join(', ')}${rest}`]
}

function pairLines(pair: PairReport): string[] {
  const { a, b, band, explanations, fields, instrument, late, only, tick } = pair
  const [first, ...others] = explanations.flatMap(({ text }) => wrapped(text))
  const rows = [
    ['names', `a ${namesText(a)}; b ${namesText(b)}`],
    ['lag', lagText(pair)],
    ...(first === undefined ? [] : [['explained by', first]]),
    ...others.map(line => ['', line]),
    ...oddRows('a', a),
    ...oddRows('b', b),
    ...late.a.first.slice(0, LATE_SHOWN).map(one => ['late on a', lateText(one)]),
    ...late.b.first.slice(0, LATE_SHOWN).map(one => ['late on b', lateText(one)]),
    ...(only.a.length + only.b.length === 0
      ? []
      : [
          [
            'not compared',
            `only a has ${only.a.join(', ') || 'nothing'}; only b has ${only.b.join(', ') || 'nothing'}`,
          ],
        ]),
  ]
  const step =
    tick === undefined ? 'tick unknown: distances as they stand' : `tick ${tick.size} (${tick.source})`
  return [
    `${plain(instrument)}  ${step}`,
    ...tableLines(rows, { indent: 2 }),
    ...(fields.length === 0 ? [] : fieldLines(fields)),
    ...(band === undefined ? [] : bandLines(band, tick !== undefined)),
  ]
}

const LATE_SHOWN = 3
const LINE_LENGTH = 120

/** At spaces; a word that is longer stays whole. */
function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length >= LINE_LENGTH) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

function namesText({ names }: QuoteReport): string {
  const shown = names.slice(0, 3).map(name => plain(name, 60))
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ')
}

function lagText({ lag: { drift, spread, taken, takenFrom } }: PairReport): string {
  if (spread === undefined) {
    const why = { found: 'by the beginning', others: 'as of others', declared: 'as declared', nothing: '' }[
      takenFrom
    ]
    return `not measured: no change is on both sides${taken === 0 ? '' : `; taken for ${secondsText(taken)} ${why}`}`
  }
  const { count, median, p10, p90, p99 } = spread
  const behind =
    median === 0
      ? 'none'
      : median > 0
        ? `b behind a by ${secondsText(median)}`
        : `a behind b by ${secondsText(-median)}`
  const moved = drift === undefined || Math.abs(drift) < 1_000 ? '' : `, drift ${secondsText(drift)}`
  return `${behind} (p10 ${secondsText(p10)}, p90 ${secondsText(p90)}, p99 ${secondsText(p99)}; ${counted(count, 'change')} on both${moved})`
}

function oddRows(side: string, { crossed, late, locked, longestSilence }: QuoteReport): string[][] {
  const rows: string[][] = []
  const [firstCrossed] = crossed.first
  const [firstLocked] = locked.first
  if (firstCrossed !== undefined)
    rows.push([`crossed on ${side}`, `${grouped(crossed.count)} × (first: ${placeText(firstCrossed)})`])
  if (firstLocked !== undefined)
    rows.push([`locked on ${side}`, `${grouped(locked.count)} × (first: ${placeText(firstLocked)})`])
  if (longestSilence !== undefined) {
    const { from, to } = longestSilence
    rows.push([`silent on ${side}`, `${durationText(to - from)} from ${timeText(from)}`])
  }
  for (const one of late.first.slice(0, LATE_SHOWN)) rows.push([`late within ${side}`, lateText(one)])
  return rows
}

function lateText({ field, newer, olderBy, place, value }: LateQuote): string {
  const before =
    newer === undefined
      ? ''
      : `; ${newer.value}${wireText(newer.place)} had come by ${placeText(newer.place)}`
  return `${field} ${value}${wireText(place)}, ${placeText(place)}, older by ${secondsText(olderBy)}${before}`
}

/** Over the cells of a field. */
export const FIELD_HEAD = [
  'field',
  'by',
  'coverage',
  'agreement',
  'changes a',
  'b',
  'missing on a',
  'on b',
  'mean',
  'p99',
  'worst',
]

function fieldLines(fields: readonly FieldReport[]): string[] {
  const rows = fields.map(field => fieldCells(field))
  const strays = fields.flatMap(report =>
    judgedSides(report).flatMap(side => {
      const { count, worst: farthest } = report.strays[side]
      if (farthest === undefined) return []
      const { distance, nearest, place, value } = farthest
      const size = distanceText(distance, report.isInTicks)
      const where = `${value} (${placeText(place)}), nearest ${nearest}`
      return [[report.field, `${grouped(count)} on ${side}, farthest ${size}: ${where}`]]
    }),
  )
  const align = FIELD_HEAD.map((_, column) => (column < 2 ? ('left' as const) : ('right' as const)))
  const worst = fields.flatMap(({ field, isInTicks, worst }) =>
    worst === undefined ? [] : [[field, gapText(worst, isInTicks)]],
  )
  return [
    ...tableLines(rows, { align, head: FIELD_HEAD, indent: 2 }),
    ...(worst.length === 0 ? [] : ['  worst', ...tableLines(worst, { indent: 4 })]),
    ...(strays.length === 0
      ? []
      : ['  values off all that the other side had', ...tableLines(strays, { indent: 4 })]),
  ]
}

/** In the order of the head. */
export function fieldCells(report: FieldReport): string[] {
  const { agreement, axis, changes, coverage, distance, field, isInTicks, matched, worst } = report
  const share = (value: number | undefined): string => (value === undefined ? '–' : percentText(value))
  const size = (value: number | undefined): string =>
    value === undefined ? '–' : distanceText(Number(value.toFixed(2)), isInTicks)
  const [low, high] = [distance?.p1 ?? 0, distance?.p99 ?? 0]
  return [
    field,
    axis,
    share(coverage),
    share(agreement),
    grouped(changes.a),
    grouped(changes.b),
    grouped(matched.missing.a.count),
    grouped(matched.missing.b.count),
    size(distance?.mean),
    size(distance === undefined ? undefined : Math.abs(low) > Math.abs(high) ? low : high),
    size(worst?.distance),
  ]
}

export function verdictLines({ verdict }: DiffReport): string[] {
  if (!verdict.isCompared) return ['verdict  nothing could be compared']
  const beyond = verdict.judgements.filter(({ isWithin }) => !isWithin)
  if (beyond.length === 0) {
    return [`verdict  within: ${counted(verdict.judgements.length, 'comparison')}`]
  }
  return [
    `verdict  beyond: ${grouped(beyond.length)} of ${counted(verdict.judgements.length, 'comparison')}`,
    ...tableLines(
      beyond.map(({ allowed, found, instrument, what }) => [
        plain(instrument),
        what,
        found,
        `allowed ${allowed}`,
      ]),
      { indent: 2 },
    ),
  ]
}
