import { type Decimal, decimalText } from '../model/decimal.ts'
import { durationText, type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import {
  type Book,
  type BookReport,
  type FeeRule,
  feeRuleText,
  type MarkChain,
  type Matching,
  type PnlResult,
  type PositionReport,
  type SourceReport,
  type TotalReport,
  unpricedText,
} from '../pnl/index.ts'
import { contradictionLines, identityLines, rollLines } from './identities.ts'
import { pairTable } from './pairs.ts'
import { counted, grouped, plain, tableLines } from './table.ts'

export interface PnlRules {
  readonly chain: MarkChain
  readonly staleAfter: number
  readonly matching?: Matching
  readonly fees?: FeeRule
}

/** The summary of a run: rules, positions, totals and what the sources disagree on. */
export function pnlSummary(result: PnlResult, rules: PnlRules): string[] {
  const lines = [
    `from ${isoFromEpochMicros(result.start)} to ${isoFromEpochMicros(result.end)}`,
    rulesLine(rules),
    ...(result.books.length > 1 ? [`books side by side, never summed: ${names(result)}`] : []),
    ...result.books.flatMap(book => bookLines(book, result.books.length > 1)),
  ]
  const remarks = remarkLines(result)
  return remarks.length === 0 ? lines : [...lines, '', ...remarks]
}

function names({ books }: PnlResult): string {
  return books.map(({ name }) => name).join(', ')
}

function bookLines(
  { name, positions, source, totals, pairs }: BookReport,
  isOneOfSeveral: boolean,
): string[] {
  return [
    ...(isOneOfSeveral ? ['', `book ${name}`] : []),
    ...(source === undefined ? [] : sourceLines(source)),
    '',
    ...positionTable(positions),
    '',
    ...totalTable(totals),
    ...(pairs === undefined ? [] : ['', ...pairTable(pairs)]),
  ]
}

function rulesLine({ chain, staleAfter, matching = 'average', fees }: PnlRules): string {
  const rules = [
    `matching ${matching}`,
    `mark ${chain.join(', then ')}`,
    `stale after ${durationText(staleAfter)}`,
    feesText(fees),
  ]
  return `rules: ${rules.join(' · ')}`
}

function feesText(rule: FeeRule = { kind: 'fill' }): string {
  if (rule.kind === 'none') return 'no fees'
  return rule.kind === 'fill' ? 'fees per fill' : `fees ${feeRuleText(rule).replace('=', ' ')}`
}

/** Where the tapes' own fills are the source: whose they are, and what became of those that are not counted. */
function sourceLines({ account, fills, ...rest }: SourceReport): string[] {
  const { repeated, corrected, takenBack, otherAccounts, withoutAccount, beforeTheCut, foreignFees } = rest
  const said: readonly (readonly [count: number, what: string])[] = [
    [repeated, 'told again'],
    [corrected, 'corrected'],
    [takenBack, 'taken back'],
    [withoutAccount, 'left out: nobody has said whose they are'],
    [beforeTheCut, 'left out: from before the cut'],
    [foreignFees, 'fees left out: a second currency for one fill'],
  ]
  const remarks = said.flatMap(([count, what]) => (count === 0 ? [] : [`${grouped(count)} ${what}`]))
  const others = otherAccounts.length === 0 ? [] : [`other accounts left out: ${otherAccounts.join(', ')}`]
  const of = account === undefined ? '' : ` of account ${account}`
  const parts = [`${counted(fills, 'fill')}${of}, in the order of receipt`, ...remarks, ...others]
  return [`positions: the tapes’ ${plain(parts.join(' · '), Number.POSITIVE_INFINITY)}`]
}

/** One line of the run at a moment of virtual time: each open position and the totals. */
export function tickLine(at: EpochMicros, books: readonly Pick<Book, 'name' | 'ledger'>[]): string {
  const figures = books.flatMap(({ name, ledger }) => {
    const marks = ledger.positions().map(positionText)
    const nets = ledger.totals().map(total => `net ${signed(total.net)} ${total.currency ?? ''}`.trimEnd())
    return books.length > 1 ? [`${name}:`, ...marks, ...nets] : [...marks, ...nets]
  })
  return `${isoFromEpochMicros(at).slice(11, 23)}  ${plain(figures.join('  ·  '), Number.POSITIVE_INFINITY)}`
}

function positionText(position: PositionReport): string {
  const { mark, unpriced, unrealized } = position
  if (unpriced !== undefined) return `${positionName(position)} ${unpricedText(unpriced)}`
  return `${positionName(position)} ${text(mark?.price)} ${signed(unrealized)}`
}

/** The instrument, and what sets the position apart from others of it: `CME_MINI:NQ1! (ROG-15SV 15)`. */
function positionName({ instrument, label }: PositionReport): string {
  const words = [label?.strategy, label?.timeframe].filter(word => word !== undefined)
  return words.length === 0 ? instrument : `${instrument} (${words.join(' ')})`
}

function positionTable(positions: readonly PositionReport[]): string[] {
  const head = ['instrument', 'quantity', 'average', 'mark', 'from', 'age', 'unrealized', 'realized']
  const rows = positions.map(p => [
    positionName(p),
    signed(p.quantity),
    text(p.average),
    text(p.mark?.price),
    p.mark === undefined ? (p.unpriced === undefined ? '' : unpricedText(p.unpriced)) : originText(p),
    p.markAge === undefined ? '' : durationText(p.markAge),
    signed(p.unrealized),
    signed(p.realized),
    text(p.fees),
    signed(p.net),
    text(p.worst),
    p.currency?.value ?? '?',
    p.pointValue === undefined ? 'unknown' : `${text(p.pointValue.value)} (${p.pointValue.source})`,
  ])
  const left = 'left' as const
  const right = 'right' as const
  const align = [left, right, right, right, left, right, right, right, right, right, right, left, left]
  return tableLines(rows, { head: [...head, 'fees', 'net', 'worst', 'in', 'point value'], align })
}

function originText({ mark }: PositionReport): string {
  const delay = mark?.delay ?? 0
  const origin = mark === undefined ? '' : `${mark.from} #${mark.seq}.${mark.packet}`
  return delay > 0 ? `${origin}, delayed ${delay} s` : origin
}

function totalTable(totals: readonly TotalReport[]): string[] {
  const rows = totals.map(total => [
    `total ${total.currency ?? '(currency unknown)'}`,
    signed(total.unrealized),
    signed(total.realized),
    text(total.fees),
    signed(total.net),
    text(total.peakToTrough),
    total.unpriced.length === 0 ? '' : `unpriced: ${total.unpriced.join(', ')}`,
  ])
  const right = 'right' as const
  return tableLines(rows, {
    head: ['', 'unrealized', 'realized', 'fees', 'net', 'peak to trough'],
    align: ['left', right, right, right, right, right, 'left'],
  })
}

function remarkLines({ contradictions, identities, rolls }: PnlResult): string[] {
  return [...identities.flatMap(identityLines), ...rollLines(rolls), ...contradictionLines(contradictions)]
}

function text(value: Decimal | undefined): string {
  return value === undefined ? '–' : decimalText(value)
}

function signed(value: Decimal | undefined): string {
  if (value === undefined) return '–'
  return value.mantissa > 0 ? `+${decimalText(value)}` : decimalText(value)
}
