import {
  type FieldCount,
  isDecimal,
  type ParserDifference,
  type ParserReport,
  type ParserValue,
} from '../diff/parser/index.ts'
import { decimalText } from '../model/decimal.ts'
import { QUOTE_FIELDS } from '../model/quote.ts'
import { isoFromEpochMicros } from '../model/time.ts'
import { junitXml } from './junit.ts'
import { markdownTable, markdownText } from './markdown.ts'
import { counted, grouped, plain, tableLines } from './table.ts'

/** So many are listed for people; the JSON has more. */
const LISTED = 10
/** Of the frame that a difference comes from. */
const TEXT_LENGTH = 160

export function parserDiffText(report: ParserReport): string[] {
  const { entries, fields, differences, different, unsaid } = report
  const rows = fields.map(({ field, compared, different: count }) => [
    field,
    grouped(compared),
    grouped(count),
  ])
  const more = different - Math.min(differences.length, LISTED)
  return [
    `${counted(entries, 'entry', 'entries')} with a quote, ${counted(different, 'difference')}`,
    ...tableLines(rows, {
      head: ['field', 'compared', 'different'],
      align: ['left', 'right', 'right'],
      indent: 2,
    }),
    ...unsaidLines(report, unsaid),
    ...differences.slice(0, LISTED).flatMap(differenceText),
    ...(more > 0 ? [`and ${grouped(more)} more`] : []),
  ]
}

export function parserDiffMarkdown(tape: string, { fields, differences, different }: ParserReport): string[] {
  const head = ['field', 'compared', 'different']
  const rows = fields.map(({ field, compared, different: count }) => [
    field,
    grouped(compared),
    grouped(count),
  ])
  const cells = differences
    .slice(0, LISTED)
    .map(one => [
      String(one.seq),
      one.name,
      one.field,
      parserValueText(one, one.ours),
      parserValueText(one, one.theirs),
    ])
  return [
    `### ${markdownText(tape)}: ${counted(different, 'difference')}`,
    '',
    ...markdownTable(head, rows, ['left', 'right', 'right']),
    ...(cells.length === 0
      ? []
      : ['', ...markdownTable(['entry', 'name', 'field', 'feedtape', 'parser'], cells)]),
  ]
}

/** A case for each field. */
export function parserDiffJunit(tape: string, { fields, differences }: ParserReport): string {
  const cases = fields.map(({ field, compared, different }) => {
    if (different === 0) return { name: field }
    const first = differences.find(difference => difference.field === field)
    const message = `${grouped(different)} of ${grouped(compared)} differ`
    const text = first === undefined ? {} : { text: differenceText(first).join('\n') }
    return { name: field, outcome: { kind: 'failure' as const, message, ...text } }
  })
  return junitXml([{ name: tape, cases }])
}

/** A value as golden files show it; `nothing` where it was not said. */
export function parserValueText(
  { field }: Pick<FieldCount, 'field'>,
  value: ParserValue | undefined,
): string {
  if (value === undefined) return 'nothing'
  if (isDecimal(value)) return decimalText(value)
  if (typeof value === 'number' && QUOTE_FIELDS[field].type === 'time') return isoFromEpochMicros(value)
  return String(value)
}

function unsaidLines({ fields }: ParserReport, unsaid: readonly string[]): string[] {
  if (unsaid.length === 0) return []
  if (fields.length === 0) return ['  the parser said nothing at all']
  return [`  not compared, since the parser never says them (--field does): ${unsaid.join(', ')}`]
}

function differenceText(difference: ParserDifference): string[] {
  const { seq, at, feed, conn, name, session, field, ours, theirs, text } = difference
  const when = at === undefined ? '' : `, ${isoFromEpochMicros(at)}`
  const key = [feed, conn === undefined ? '' : `connection ${conn}`, session]
    .filter(word => word !== '')
    .join(', ')
  return [
    plain(`entry ${seq}${when}: ${name} ${field}${key === '' ? '' : ` (${key})`}`, Number.POSITIVE_INFINITY),
    plain(`  feedtape  ${parserValueText({ field }, ours)}`, Number.POSITIVE_INFINITY),
    plain(`  parser    ${parserValueText({ field }, theirs)}`, Number.POSITIVE_INFINITY),
    ...(text === '' ? [] : [`  frame     ${plain(text, TEXT_LENGTH)}`]),
  ]
}
