import { isoFromEpochMicros } from '../model/time.ts'
import type { DifferencePart, RunDifference, RunEvent, RunsCompared } from '../pnl/explain/index.ts'
import { figureText, signedText } from './figures.ts'
import { counted, plain, tableLines } from './table.ts'

/** What makes two runs differ, cent by cent, for people. */
export function runDifferenceText({ differences, equal, rules, unpaired }: RunsCompared): string[] {
  const ruleLines = rules.map(({ rule, a, b }) =>
    plain(`${rule}: ${a} in A, ${b} in B`, Number.POSITIVE_INFINITY),
  )
  const alone = unpaired.map(({ book, run }) =>
    plain(
      `book ${book}: in ${run.toUpperCase()} alone, not compared (--book ${book} compares it where the other run has one book)`,
      Number.POSITIVE_INFINITY,
    ),
  )
  const head = [...ruleLines, ...alone]
  const same = equal === 0 ? [] : [`${counted(equal, 'position')} the same in both`]
  const blocks = differences.flatMap(difference => ['', ...oneText(difference)])
  const nothing = differences.length === 0 ? ['no difference'] : []
  return [...head, ...same, ...nothing, ...(head.length + same.length === 0 ? blocks.slice(1) : blocks)]
}

function oneText({ instrument, label, book, a, b, currency, difference, parts }: RunDifference): string[] {
  const of = [label, book === undefined ? '' : `book ${book}`].filter(word => word !== '').join(', ')
  // In two currencies each figure has its own.
  const nets = hasTwoCurrencies(parts)
    ? `net ${netText(a)} ${unitOf(a)} in A, ${netText(b)} ${unitOf(b)} in B`
    : `net ${netText(a)} in A, ${netText(b)} in B ${currency ?? ''}`.trimEnd()
  const rows = parts.map(part => [
    part.part,
    signedText(part.amount),
    whatText(part.part, a, b),
    sinceText(part),
  ])
  return [
    plain(`${instrument}${of === '' ? '' : ` (${of})`}: ${nets}`, Number.POSITIVE_INFINITY),
    `  difference ${signedText(difference)}${difference === undefined ? `: ${unknownText(parts)}` : ' ='}`,
    ...tableLines(rows, { indent: 4, align: ['left', 'right', 'left', 'left'] }),
  ]
}

function hasTwoCurrencies(parts: readonly DifferencePart[]): boolean {
  return parts.some(({ part }) => part === 'currency')
}

function unknownText(parts: readonly DifferencePart[]): string {
  return hasTwoCurrencies(parts)
    ? 'not known between two currencies, which no rate here joins'
    : 'not known while a side is not priced'
}

function unitOf(event: RunEvent | undefined): string {
  return event?.currency ?? 'of unknown currency'
}

function netText(event: RunEvent | undefined): string {
  return event === undefined ? 'nothing held' : signedText(event.net)
}

/** As it is in the end. */
function whatText(part: DifferencePart['part'], a: RunEvent | undefined, b: RunEvent | undefined): string {
  return part === 'point value' ? '' : `${valueText(part, a)} → ${valueText(part, b)}`
}

function valueText(
  part: Exclude<DifferencePart['part'], 'point value'>,
  event: RunEvent | undefined,
): string {
  if (event === undefined) return 'nothing'
  switch (part) {
    case 'currency':
      return event.currency ?? 'unknown'
    case 'realized':
      return figureText(event.realized)
    case 'fees':
      return figureText(event.fees)
    case 'position':
      return `${signedText(event.quantity)} at ${figureText(event.average)}`
    case 'mark':
      return (
        event.unpriced ??
        `${figureText(event.mark)}${event.markFrom === undefined ? '' : ` (${event.markFrom})`}`
      )
    default:
      return part satisfies never
  }
}

function sinceText({ since }: DifferencePart): string {
  if (since === undefined) return ''
  const { at, a, b } = since
  return `since ${isoFromEpochMicros(at)}; A: ${placeText(a)}, B: ${placeText(b)}`
}

function placeText(event: RunEvent | undefined): string {
  if (event === undefined) return 'nothing yet'
  const { cause, tape, seq, packet, line } = event
  if (line !== undefined) return `${cause}, line ${line} of the positions`
  if (seq === undefined) return cause
  return `${cause}, entry ${seq}${packet === undefined ? '' : `, packet ${packet}`} of ${tape ?? '?'}`
}
