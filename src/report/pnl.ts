import { durationText, type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import {
  type Book,
  type BookReport,
  convertedTotal,
  type FeeRule,
  feeRuleText,
  labelText,
  type MarkChain,
  type Matching,
  type PnlResult,
  type PositionReport,
  type Rate,
  type RuleName,
  type RulesFrom,
  type SourceReport,
  type TotalReport,
  unpricedText,
} from '../pnl/index.ts'
import { signedText as signed, figureText as text } from './figures.ts'
import { contradictionLines, identityLines, rollLines } from './identities.ts'
import { pairTable } from './pairs.ts'
import { averageText, doubtLines } from './position-doubts.ts'
import { brokerLines, fillsLines } from './position-sources.ts'
import { signalSourceLines } from './signals.ts'
import { convertedLines, statisticsSummary } from './statistics.ts'
import { plain, tableLines } from './table.ts'

export interface PnlRules {
  readonly chain: MarkChain
  readonly staleAfter: number
  readonly matching?: Matching
  readonly fees?: FeeRule
  readonly currency?: string
  readonly rates?: readonly Rate[]
  readonly rulesFrom?: RulesFrom
  /** Each day of the exchange, also where there is only one. */
  readonly showDays?: boolean
  /** The equity curve in place of the positions' marks. */
  readonly equity?: boolean
}

/** The summary of a run: rules, positions, totals and what the sources disagree on. */
export function pnlSummary(result: PnlResult, rules: PnlRules): string[] {
  const lines = [
    `from ${isoFromEpochMicros(result.start)} to ${isoFromEpochMicros(result.end)}`,
    rulesLine(rules),
    ...(result.books.length > 1 ? [`books side by side, never summed: ${names(result)}`] : []),
    ...result.books.flatMap(book => bookLines(book, rules, result.books.length > 1)),
  ]
  const remarks = remarkLines(result)
  return remarks.length === 0 ? lines : [...lines, '', ...remarks]
}

function names({ books }: PnlResult): string {
  return books.map(({ name }) => name).join(', ')
}

function bookLines(
  book: BookReport,
  { currency, rates = [], showDays = false }: PnlRules,
  isOneOfSeveral: boolean,
): string[] {
  const { name, positions, source, totals, pairs } = book
  const trades = statisticsSummary(book, showDays, positionName)
  return [
    ...(isOneOfSeveral ? ['', `book ${name}`] : []),
    ...(source === undefined ? [] : sourceLines(source)),
    '',
    ...positionTable(positions),
    ...doubtLines(positions, positionName),
    '',
    ...totalTable(totals),
    ...(currency === undefined ? [] : convertedLines(convertedTotal(totals, currency, rates))),
    ...(trades.length === 0 ? [] : ['', ...trades]),
    ...(pairs === undefined ? [] : ['', ...pairTable(pairs)]),
  ]
}

export function rulesLine({ chain, staleAfter, matching = 'average', fees, rulesFrom }: PnlRules): string {
  const rules = [
    `matching ${matching}`,
    `mark ${chain.join(', then ')}`,
    `stale after ${durationText(staleAfter)}`,
    feesText(fees),
  ]
  return `rules: ${rules.join(' · ')}${originsText(rulesFrom)}`
}

/** ` (mark, fees by option; matching by config)`: what is not named is the default. */
function originsText(from: RulesFrom = {}): string {
  const by = (origin: 'option' | 'config'): readonly string[] => {
    const names = RULE_WORDS.flatMap(([name, word]) => (from[name] === origin ? [word] : []))
    return names.length === 0 ? [] : [`${names.join(', ')} by ${origin}`]
  }
  const origins = [...by('option'), ...by('config')]
  return origins.length === 0 ? '' : ` (${origins.join('; ')})`
}

const RULE_WORDS: readonly (readonly [RuleName, string])[] = [
  ['matching', 'matching'],
  ['mark', 'mark'],
  ['staleAfter', 'stale after'],
  ['fees', 'fees'],
  ['currency', 'currency'],
]

function feesText(rule: FeeRule = { kind: 'fill' }): string {
  if (rule.kind === 'none') return 'no fees'
  return rule.kind === 'fill' ? 'fees per fill' : `fees ${feeRuleText(rule).replace('=', ' ')}`
}

function sourceLines(source: SourceReport): string[] {
  switch (source.positions) {
    case 'fills':
      return fillsLines(source)
    case 'broker':
      return brokerLines(source)
    case 'signals':
    case 'signals-file':
      return signalSourceLines(source)
    default:
      return source satisfies never
  }
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
export function positionName({ instrument, label }: Pick<PositionReport, 'instrument' | 'label'>): string {
  return label === undefined ? instrument : `${instrument} (${labelText(label)})`
}

function positionTable(positions: readonly PositionReport[]): string[] {
  const head = ['instrument', 'quantity', 'average', 'mark', 'from', 'age', 'unrealized', 'realized']
  const rows = positions.map(p => [
    positionName(p),
    signed(p.quantity),
    averageText(p),
    text(p.mark?.price),
    p.mark === undefined ? (p.unpriced === undefined ? '' : unpricedText(p.unpriced)) : originText(p),
    p.markAge === undefined ? '' : durationText(p.markAge),
    signed(p.unrealized),
    signed(p.realized),
    text(p.fees),
    signed(p.net),
    text(p.worst),
    p.currency?.value ?? '?',
    p.pointValue === undefined ? unvaluedText(p) : `${text(p.pointValue.value)} (${p.pointValue.source})`,
  ])
  const left = 'left' as const
  const right = 'right' as const
  const align = [left, right, right, right, left, right, right, right, right, right, right, left, left]
  return tableLines(rows, { head: [...head, 'fees', 'net', 'worst', 'in', 'point value'], align })
}

function unvaluedText({ unpriced }: PositionReport): string {
  return unpriced?.reason.startsWith('inverse') ? unpriced.reason : 'unknown'
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
    [...unpricedOf(total), ...delayedOf(total)].join(' · '),
  ])
  const right = 'right' as const
  return tableLines(rows, {
    head: ['', 'unrealized', 'realized', 'fees', 'net', 'peak to trough'],
    align: ['left', right, right, right, right, right, 'left'],
  })
}

function unpricedOf({ unpriced }: TotalReport): readonly string[] {
  return unpriced.length === 0 ? [] : [`unpriced: ${unpriced.join(', ')}`]
}

function delayedOf({ delayed }: TotalReport): readonly string[] {
  const marks = delayed.map(({ instrument, delay }) => `${instrument} ${delay} s`)
  return marks.length === 0 ? [] : [`delayed: ${marks.join(', ')}`]
}

function remarkLines({ contradictions, identities, rolls }: PnlResult): string[] {
  return [...identities.flatMap(identityLines), ...rollLines(rolls), ...contradictionLines(contradictions)]
}
