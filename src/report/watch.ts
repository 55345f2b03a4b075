import { durationText, type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import {
  type Book,
  convertedTotal,
  type PositionReport,
  type TotalReport,
  unpricedText,
} from '../pnl/index.ts'
import type { SourceStatus } from '../record/index.ts'
import { figureText, signedText } from './figures.ts'
import { type PnlRules, positionName, rulesLine } from './pnl.ts'
import { averageText } from './position-doubts.ts'
import { convertedLines } from './statistics.ts'
import { counted, plain, tableLines } from './table.ts'

/** What a person who watches a live run sees of it at a moment. */
export interface WatchFigures {
  readonly at: EpochMicros
  readonly start: EpochMicros
  readonly rules: PnlRules
  readonly books: readonly Pick<Book, 'name' | 'ledger'>[]
  readonly isCounted: boolean
  readonly sources: readonly SourceStatus[]
  /** Where the tape is. */
  readonly path: string
  /** Who listens, where it is published. */
  readonly publishing?: { readonly url: string; readonly clients: number }
}

/** How things stand, over several lines: where it goes, how the wires are, each position and each total. */
export function watchTable(figures: WatchFigures): readonly string[] {
  const { at, books, isCounted, path, publishing, rules, sources, start } = figures
  const published =
    publishing === undefined ? [] : [`${publishing.url} to ${counted(publishing.clients, 'client')}`]
  const time = isoFromEpochMicros(at).slice(11, 19)
  return [
    [`${time} UTC`, durationText(at - start), path, ...published].join(' · '),
    rulesLine(rules),
    ...sources.map(sourceLine),
    ...(isCounted ? [] : ['something came that cannot be counted: these are the figures from before it']),
    ...books.flatMap(book => bookLines(book, figures)),
  ].map(line => plain(line, 1_000))
}

function sourceLine({ connections, framesReceived, name, quotes, state, symbols }: SourceStatus): string {
  const delays = new Set(symbols.flatMap(({ delay }) => (delay === undefined || delay === 0 ? [] : [delay])))
  return [
    `${name} ${connections > 1 ? `${state} (${connections})` : state}`,
    counted(framesReceived, 'frame'),
    counted(quotes, 'quote'),
    ...[...delays].map(delay => `delayed ${delay} s`),
  ].join(' · ')
}

function bookLines(
  { name, ledger }: Pick<Book, 'name' | 'ledger'>,
  { at, books, rules: { currency, rates = [] } }: WatchFigures,
): readonly string[] {
  const positions = ledger.positions()
  const totals = ledger.totals()
  return [
    '',
    ...(books.length > 1 ? [`book ${name}`] : []),
    ...(positions.length === 0 ? ['no position yet'] : positionTable(positions, at)),
    ...totals.map(totalLine),
    ...(currency === undefined ? [] : convertedLines(convertedTotal(totals, currency, rates))),
  ]
}

function positionTable(positions: readonly PositionReport[], at: EpochMicros): readonly string[] {
  const left = 'left' as const
  const right = 'right' as const
  const head = ['instrument', 'quantity', 'average', 'mark', 'age', 'unrealized', 'realized', 'net', 'worst']
  const align = [left, right, right, right, right, right, right, right, right, left, left]
  return tableLines(
    positions.map(position => positionRow(position, at)),
    { head: [...head, 'in'], align },
  )
}

function positionRow(position: PositionReport, at: EpochMicros): readonly string[] {
  const { mark, uncertainSince, unpriced } = position
  const remarks = [
    ...(unpriced === undefined ? [] : [`unpriced: ${unpricedText(unpriced)}`]),
    ...(uncertainSince === undefined
      ? []
      : [`uncertain since ${isoFromEpochMicros(uncertainSince).slice(11, 19)}`]),
    ...(mark?.delay === undefined || mark.delay === 0 ? [] : [`delayed ${mark.delay} s`]),
  ]
  return [
    positionName(position),
    signedText(position.quantity),
    averageText(position),
    figureText(mark?.price),
    mark === undefined ? '' : durationText(at - mark.at),
    signedText(position.unrealized),
    signedText(position.realized),
    signedText(position.net),
    figureText(position.worst),
    position.currency?.value ?? '?',
    remarks.join(', '),
  ]
}

function totalLine({ currency, net, peakToTrough, realized, unpriced, unrealized }: TotalReport): string {
  return [
    `total ${currency ?? '(currency unknown)'}: net ${signedText(net)}`,
    `unrealized ${signedText(unrealized)}`,
    `realized ${signedText(realized)}`,
    `peak to trough ${figureText(peakToTrough)}`,
    ...(unpriced.length === 0 ? [] : [`unpriced: ${unpriced.join(', ')}`]),
  ].join(' · ')
}
