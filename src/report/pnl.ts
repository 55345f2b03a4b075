import { type Decimal, decimalText } from '../model/decimal.ts'
import { durationText, type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import {
  type FeeRule,
  type FillsReport,
  feeRuleText,
  type MarkChain,
  type Matching,
  type PnlResult,
  type PositionReport,
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
    ...(result.source === undefined ? [] : sourceLines(result.source)),
    '',
    ...positionTable(result),
    '',
    ...totalTable(result.totals),
    ...(result.pairs === undefined ? [] : ['', ...pairTable(result.pairs)]),
  ]
  const remarks = remarkLines(result)
  return remarks.length === 0 ? lines : [...lines, '', ...remarks]
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
function sourceLines({ account, fills, ...rest }: FillsReport): string[] {
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
export function tickLine(
  at: EpochMicros,
  positions: readonly PositionReport[],
  totals: readonly TotalReport[],
): string {
  const marks = positions.map(({ instrument, mark, unpriced, unrealized }) => {
    if (unpriced !== undefined) return `${instrument} ${unpricedText(unpriced)}`
    return `${instrument} ${text(mark?.price)} ${signed(unrealized)}`
  })
  const nets = totals.map(total => `net ${signed(total.net)} ${total.currency ?? ''}`.trimEnd())
  return `${isoFromEpochMicros(at).slice(11, 23)}  ${plain([...marks, ...nets].join('  ·  '), Number.POSITIVE_INFINITY)}`
}

function positionTable({ positions }: PnlResult): string[] {
  const head = ['instrument', 'quantity', 'average', 'mark', 'from', 'age', 'unrealized', 'realized']
  const rows = positions.map(p => [
    p.instrument,
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
